<?php

/**
 * Orders as the module reads them, for metalease's worker (starter drift, starter start --service N).
 *
 * POST, signed as calls to the gateway are, with the password of a server entry of the type metalease.
 * Body {"services": [101, 102], "prepare": false}; answer {"orders": [...]}.
 * An old PHP reads this file without harm: see php.php.
 */

require_once __DIR__ . '/../../../init.php';

if (require __DIR__ . '/php.php') {
    require_once __DIR__ . '/autoload.php';
    call_user_func(array('WHMCS\\Module\\Server\\Metalease\\Module\\OrdersPage', 'serve'));
}
