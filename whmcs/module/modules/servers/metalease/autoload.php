<?php

/**
 * Finds the module's classes where WHMCS does not: in hooks and in pages of the module's own.
 *
 * All of them are in folders of lib/. What lies beside the folders was left behind by an older version, over which this
 * one was unpacked, and is not loaded.
 */

declare(strict_types=1);

spl_autoload_register(static function (string $class): void {
    $found = [];
    if (preg_match('~^WHMCS\\\\Module\\\\Server\\\\Metalease\\\\(\w+)\\\\(\w+)$~', $class, $found) === 1) {
        $file = __DIR__ . "/lib/$found[1]/$found[2].php";
        if (is_file($file)) {
            require_once $file;
        }
    }
});
