<?php

/**
 * What init.php of a WHMCS does: database, functions, module classes, hooks.
 *
 * WHMCS_STATE names the folder that serve.php has prepared: root/ is the WHMCS
 * root with the module unpacked in it; WHMCS_DB_SOCKET is where its MariaDB answers.
 */

declare(strict_types=1);

if (defined('WHMCS')) {
    return;
}
define('WHMCS', true);
define('HOST_STATE', (string) getenv('WHMCS_STATE'));
define('ROOTDIR', HOST_STATE . '/root');

require_once 'Illuminate/Database/autoload.php';
require_once 'Illuminate/Events/autoload.php';
require_once 'Carbon/autoload.php';
require_once __DIR__ . '/src/autoload.php';
require_once __DIR__ . '/src/functions.php';

Host\Database::connect(HOST_STATE);
date_default_timezone_set(Host\Ways::get('time-zone') ?: Host\Setting::get('TimeZone', 'UTC'));
Host\Clock::apply();

if (PHP_SAPI !== 'cli') {
    session_save_path(HOST_STATE . '/sessions');
    session_name('WHMCSession');
    session_start();
    if (defined('ADMINAREA') === false && str_starts_with((string) ($_SERVER['SCRIPT_NAME'] ?? ''), '/admin/')) {
        define('ADMINAREA', true);
    }
}
Host\Hooks::load(ROOTDIR);
