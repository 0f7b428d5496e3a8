<?php

/**
 * The root password that a customer has typed for a reinstall, for metalease's worker.
 *
 * POST, signed as calls to the gateway are, with the password of a server entry of the type metalease.
 * Body {"service": 101}; answer {"pending": true, "password": "..."} or {"pending": false}.
 * Body {"service": 101, "keep": true}, when the install has ended well; answer {"kept": true} or {"kept": false}.
 * An old PHP reads this file without harm: see php.php.
 */

require_once __DIR__ . '/../../../init.php';

if (require __DIR__ . '/php.php') {
    require_once __DIR__ . '/autoload.php';
    call_user_func(array('WHMCS\\Module\\Server\\Metalease\\Running\\PasswordPage', 'serve'));
}
