<?php

/**
 * The events of WHMCS that matter to metalease. WHMCS reads this file on every request; what it registers is in
 * hooks.php of the module. It is written so that an old PHP can read it as well: see php.php there.
 */

defined('WHMCS') || die('This file cannot be accessed directly');

call_user_func(static function ($module) {
    // Without the folder the module was removed, and this file was left behind.
    if (is_file($module . '/php.php') && require $module . '/php.php') {
        require $module . '/hooks.php';
    }
}, dirname(dirname(__DIR__)) . '/modules/servers/metalease');
