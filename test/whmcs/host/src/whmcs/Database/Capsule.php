<?php

declare(strict_types=1);

namespace WHMCS\Database;

use Illuminate\Database\Capsule\Manager;

/**
 * The name under which modules know Illuminate's manager.
 */
class Capsule extends Manager
{
}
