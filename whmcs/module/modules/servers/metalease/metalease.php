<?php

/**
 * metalease for WHMCS: dedicated servers of DCImanager panels, built and run by durable workflows.
 *
 * WHMCS reads this file. It is written so that an old PHP can read it as well, and say so: see php.php.
 */

defined('WHMCS') || die('This file cannot be accessed directly');

if (require __DIR__ . '/php.php') {
    require_once __DIR__ . '/functions.php';
}
