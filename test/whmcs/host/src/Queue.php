<?php

declare(strict_types=1);

namespace Host;

use WHMCS\Database\Capsule;

/**
 * The module queue. Nothing in it is repeated by WHMCS itself, and no later
 * success completes a row [UNCONFIRMED, docs/whmcs-api.md 3.7].
 */
final class Queue
{
    /** Function of the module => action of ModuleAction. */
    private const ACTIONS = [
        'CreateAccount' => 'create', 'SuspendAccount' => 'suspend', 'UnsuspendAccount' => 'unsuspend', 'TerminateAccount' => 'terminate',
        'Renew' => 'renew', 'ChangePackage' => 'changepackage', 'ChangePassword' => 'changepassword',
    ];

    /**
     * Records a failure; an open row of the same action takes it.
     */
    public static function add(int $serviceId, string $module, string $function, string $error): void
    {
        $same = ['service_type' => 'service', 'service_id' => $serviceId, 'module_name' => $module, 'module_action' => $function, 'completed' => 0];
        $now = Clock::now();
        $open = Capsule::table('tblmodulequeue')->where($same)->first();
        if ($open === null) {
            Capsule::table('tblmodulequeue')->insert($same + ['last_attempt' => $now, 'last_attempt_error' => $error, 'created_at' => $now]);
            return;
        }
        Capsule::table('tblmodulequeue')->where('id', $open->id)->update([
            'last_attempt' => $now, 'last_attempt_error' => $error, 'num_retries' => $open->num_retries + 1, 'updated_at' => $now,
        ]);
    }

    /**
     * Staff press Retry on a row: it is completed when the function succeeds.
     */
    public static function retry(int $id): string
    {
        $row = Capsule::table('tblmodulequeue')->where('id', $id)->first();
        if ($row === null) {
            return 'There is no such row';
        }
        $more = $row->module_action === 'SuspendAccount' ? ['suspendreason' => Cron::OVERDUE] : [];
        $result = ModuleAction::run((int) $row->service_id, self::ACTIONS[$row->module_action], $more);
        if ($result === 'success') {
            Capsule::table('tblmodulequeue')->where('id', $id)->update(['completed' => 1, 'updated_at' => Clock::now()]);
        }
        return $result;
    }
}
