<?php

/**
 * What the module says of itself, for `starter whmcs check` and Test Connection: its version, its hooks, and what of
 * WHMCS the API does not show.
 *
 * POST, signed as calls to the gateway are, with the password of a server entry of the type metalease.
 * Body {}; the answer is in lib/Module/AboutPage.php. An old PHP reads this file without harm: see php.php.
 */

require_once __DIR__ . '/../../../init.php';

if (require __DIR__ . '/php.php') {
    require_once __DIR__ . '/autoload.php';
    call_user_func(array('WHMCS\\Module\\Server\\Metalease\\Module\\AboutPage', 'serve'));
}
