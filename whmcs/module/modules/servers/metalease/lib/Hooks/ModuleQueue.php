<?php

declare(strict_types=1);

namespace WHMCS\Module\Server\Metalease\Hooks;

use Illuminate\Database\Query\Builder;
use WHMCS\Database\Capsule;
use WHMCS\Module\Server\Metalease\Module\Clock;
use WHMCS\Module\Server\Metalease\Module\Payment;
use WHMCS\Module\Server\Metalease\Module\ServerEntry;
use WHMCS\Module\Server\Metalease\Module\Suspension;

defined('WHMCS') || die();

/**
 * WHMCS's queue of module functions that failed. WHMCS repeats none by itself, and staff press Retry on any: a row
 * whose time is over would block who has paid since, or build what was given back. So the module completes its own.
 */
final class ModuleQueue
{
    /** Statuses of a service that is over. */
    private const OVER = ['Terminated', 'Cancelled', 'Fraud', 'Completed'];

    /** Function => statuses in which a row of it has its effect, or can have none any more. */
    private const DONE = [
        'CreateAccount' => ['Active', 'Suspended', ...self::OVER],
        'SuspendAccount' => ['Suspended', ...self::OVER],
        'UnsuspendAccount' => ['Active', ...self::OVER],
        'TerminateAccount' => ['Terminated'],
        'Renew' => self::OVER,
    ];

    /**
     * Completes the rows whose effect is reached or pointless. With autosetup WHMCS asks for a service before it is
     * ready and queues a failure that is none: that is one of them.
     */
    public static function complete(): void
    {
        if (Capsule::schema()->hasTable('tblmodulequeue')) {
            $rows = self::open()->join('tblhosting as h', 'h.id', '=', 'q.service_id')->get([
                'q.id', 'q.service_id', 'q.module_action', 'q.last_attempt', 'q.last_attempt_error',
                'h.domainstatus', 'h.nextduedate',
            ]);
            self::close($rows->filter(self::over(...))->pluck('id')->all());
        }
    }

    /**
     * A function of the module did its work on a service: rows of it, and of those that it undid, are over.
     */
    public static function did(int $serviceId, string ...$functions): void
    {
        if (Capsule::schema()->hasTable('tblmodulequeue')) {
            self::close(self::open()->where('q.service_id', $serviceId)->whereIn('q.module_action', $functions)
                ->pluck('q.id')->all());
        }
    }

    /**
     * Whether the time of a row is over. A service that was to be blocked as unpaid, or to be released, is not when it
     * was paid since.
     */
    private static function over(object $row): bool
    {
        $paid = !Clock::past((string) $row->nextduedate) && match ($row->module_action) {
            'SuspendAccount' => str_contains((string) $row->last_attempt_error, Suspension::UNPAID),
            'TerminateAccount' => $row->domainstatus === 'Active'
                && Payment::since((int) $row->service_id, (string) $row->last_attempt),
            default => false,
        };
        return $paid || in_array($row->domainstatus, self::DONE[$row->module_action] ?? [], true);
    }

    /**
     * The module's rows that are not completed.
     */
    private static function open(): Builder
    {
        return Capsule::table('tblmodulequeue as q')->where('q.module_name', ServerEntry::MODULE)
            ->where('q.service_type', 'service')->where('q.completed', 0);
    }

    /**
     * Completes rows.
     *
     * @param list<int> $ids
     */
    private static function close(array $ids): void
    {
        if ($ids !== []) {
            Capsule::table('tblmodulequeue')->whereIn('id', $ids)
                ->update(['completed' => 1, 'updated_at' => Clock::now()]);
        }
    }
}
