<?php

/**
 * Finds the module's classes where WHMCS does not: in hooks and in pages of the module's own.
 *
 * All of them are in folders of lib/. What lies beside the folders was left behind by an older version, over which this
 * one was unpacked, and is not loaded. An old PHP reads this file without harm: see php.php.
 */

spl_autoload_register(static function ($class) {
    $found = array();
    if (preg_match('~^WHMCS\\\\Module\\\\Server\\\\Metalease\\\\(\w+)\\\\(\w+)$~', $class, $found) === 1) {
        $file = __DIR__ . "/lib/$found[1]/$found[2].php";
        if (is_file($file)) {
            require_once $file;
        }
    }
});
