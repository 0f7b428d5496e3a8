<?php

declare(strict_types=1);

namespace WHMCS\Module\Server\Metalease\Hooks;

use WHMCS\Database\Capsule;
use WHMCS\Module\Server\Metalease\Module\Clock;
use WHMCS\Module\Server\Metalease\Module\ServerEntry;

defined('WHMCS') || die();

/**
 * WHMCS's queue of module functions that failed.
 */
final class ModuleQueue
{
    /**
     * With autosetup WHMCS asks for a service before it is ready and queues a failure that is none. When the service is
     * Active the row is done.
     */
    public static function complete(): void
    {
        if (!Capsule::schema()->hasTable('tblmodulequeue')) {
            return;
        }
        $rows = Capsule::table('tblmodulequeue as q')->join('tblhosting as h', 'h.id', '=', 'q.service_id')
            ->where('q.module_name', ServerEntry::MODULE)->where('q.module_action', 'CreateAccount')
            ->where('q.service_type', 'service')->where('q.completed', 0)->where('h.domainstatus', 'Active')
            ->pluck('q.id')->all();
        if ($rows !== []) {
            Capsule::table('tblmodulequeue')->whereIn('id', $rows)
                ->update(['completed' => 1, 'updated_at' => Clock::now()]);
        }
    }
}
