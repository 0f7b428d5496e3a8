<?php

/**
 * What the table of ISPsystem's module says of services, for metalease's worker (starter adopt).
 *
 * POST, signed as calls to the gateway are, with the password of a server entry of the type metalease.
 * Body {"services": [101, 102]} or {"product": 7}; answer {"records": [...]}.
 */

declare(strict_types=1);

use WHMCS\Module\Server\Metalease\Migration\IspsystemPage;

require_once __DIR__ . '/../../../init.php';
require_once __DIR__ . '/autoload.php';

IspsystemPage::serve();
