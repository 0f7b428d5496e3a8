<?php

/**
 * What the module finds in a WHMCS, small enough for unit tests: Capsule over SQLite in memory, and functions
 * that only remember what they were called with.
 */

declare(strict_types=1);

namespace MetaleaseTest;

if (defined('WHMCS')) {
    return;
}
define('WHMCS', true);

require_once 'Illuminate/Database/autoload.php';
require_once 'Illuminate/Events/autoload.php';
require_once 'Carbon/autoload.php';
require_once __DIR__ . '/../host/src/Schema.php';
require_once __DIR__ . '/../host/src/whmcs/Database/Capsule.php';
require_once __DIR__ . '/../host/src/whmcs/User/Client.php';
require_once __DIR__ . '/../host/src/whmcs/User/Admin/Permission.php';
require_once __DIR__ . '/../host/src/whmcs/Authentication/CurrentUser.php';
require_once __DIR__ . '/functions.php';
require_once __DIR__ . '/../../../whmcs/module/modules/servers/metalease/metalease.php';

spl_autoload_register(static function (string $class): void {
    $file = __DIR__ . '/' . substr($class, strlen(__NAMESPACE__) + 1) . '.php';
    if (str_starts_with($class, __NAMESPACE__ . '\\') && is_file($file)) {
        require_once $file;
    }
});

date_default_timezone_set('Asia/Tokyo'); // far from UTC: a date that is taken for UTC is seen
