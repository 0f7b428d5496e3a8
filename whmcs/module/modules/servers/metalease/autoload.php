<?php

/**
 * Finds the module's classes where WHMCS does not: in hooks and in pages of the module's own.
 */

declare(strict_types=1);

spl_autoload_register(static function (string $class): void {
    $prefix = 'WHMCS\\Module\\Server\\Metalease\\';
    if (str_starts_with($class, $prefix)) {
        $file = __DIR__ . '/lib/' . substr($class, strlen($prefix)) . '.php';
        if (is_file($file)) {
            require_once $file;
        }
    }
});
