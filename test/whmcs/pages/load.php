<?php

/**
 * What the pages need of a WHMCS: classes by their names, a database, the module log.
 */

declare(strict_types=1);

use WHMCS\Database\Capsule;

defined('WHMCS') || define('WHMCS', true);
date_default_timezone_set('UTC');
const MODULE = __DIR__ . '/../../../whmcs/module/modules/servers/metalease';

require_once 'Illuminate/Database/autoload.php';
require_once 'Carbon/autoload.php';
require_once __DIR__ . '/../host/src/Schema.php';
require_once __DIR__ . '/../host/src/whmcs/Database/Capsule.php';
require_once MODULE . '/autoload.php';

spl_autoload_register(static function (string $class): void {
    $file = __DIR__ . '/' . substr($class, strlen('Pages\\')) . '.php';
    if (str_starts_with($class, 'Pages\\') && is_file($file)) {
        require_once $file;
    }
});

$capsule = new Capsule();
$capsule->addConnection(['driver' => 'sqlite', 'database' => ':memory:']);
$capsule->setAsGlobal();
Capsule::connection()->getPdo()->exec(\Host\Schema::forSqlite());

/**
 * The module log of WHMCS; these tests do not read it.
 */
function logModuleCall(mixed ...$entry): void
{
}

/**
 * The token of the session.
 */
function generate_token(string $type = 'form'): string
{
    return 'the-token';
}
