<?php

/**
 * Classes: Host\X from this folder, WHMCS\X\Y from its folder whmcs/, and those of
 * server modules, WHMCS\Module\Server\Name\X, from modules/servers/name/lib/.
 */

declare(strict_types=1);

spl_autoload_register(static function (string $class): void {
    $parts = explode('\\', $class);
    if ($parts[0] === 'Host') {
        $file = __DIR__ . '/' . implode('/', array_slice($parts, 1)) . '.php';
    } elseif (str_starts_with($class, 'WHMCS\\Module\\Server\\') && count($parts) > 4) {
        $file = ROOTDIR . '/modules/servers/' . strtolower($parts[3]) . '/lib/' . implode('/', array_slice($parts, 4)) . '.php';
    } elseif ($parts[0] === 'WHMCS') {
        $file = __DIR__ . '/whmcs/' . implode('/', array_slice($parts, 1)) . '.php';
    } else {
        return;
    }
    if (is_file($file)) {
        require_once $file;
    }
});
