<?php

/**
 * What WHMCS's API does not say of products, for worker and gateway: whether WHMCS hides or has retired them.
 *
 * POST, signed as calls to the gateway are, with the password of a server entry of the type metalease.
 * Body {"products": [1, 2]}; answer {"products": [{"id": 1, "hidden": false, "retired": false}]}.
 * An old PHP reads this file without harm: see php.php.
 */

require_once __DIR__ . '/../../../init.php';

if (require __DIR__ . '/php.php') {
    require_once __DIR__ . '/autoload.php';
    call_user_func(array('WHMCS\\Module\\Server\\Metalease\\Module\\ProductsPage', 'serve'));
}
