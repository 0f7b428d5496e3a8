<?php

declare(strict_types=1);

namespace Host;

use WHMCS\Database\Capsule;

/**
 * crons/cron.php: every five minutes, and once a day the automation.
 */
final class Cron
{
    /** The reason by which WHMCS suspends, and lifts by itself. */
    public const OVERDUE = 'Overdue on Payment';

    /**
     * One call of the cron.
     */
    public static function run(bool $daily): void
    {
        if ($daily) {
            Hooks::run('PreCronJob', []);
            self::suspend();
            self::terminate();
            self::cancel();
            Hooks::run('DailyCronJob', []);
        }
        Hooks::run('AfterCronJob', []);
    }

    /**
     * Suspends what is overdue and not exempt.
     */
    private static function suspend(): void
    {
        if (Setting::get('AutoSuspension') !== 'on') {
            return;
        }
        $before = Clock::daysAgo((int) Setting::get('AutoSuspensionDays', '0'));
        foreach (self::due('Active', $before) as $service) {
            $until = (string) $service->overidesuspenduntil;
            if ((int) $service->overideautosuspend === 1 && ($until === '' || $until === '0000-00-00' || $until > Clock::today())) {
                continue;
            }
            Activity::add('Cron Job: Suspending Service - Service ID: ' . $service->id, (int) $service->userid);
            ModuleAction::run((int) $service->id, 'suspend', ['suspendreason' => self::OVERDUE]);
        }
    }

    /**
     * Terminates what is overdue for long.
     */
    private static function terminate(): void
    {
        if (Setting::get('AutoTermination') !== 'on') {
            return;
        }
        foreach (self::due('Suspended', Clock::daysAgo((int) Setting::get('AutoTerminationDays', '30'))) as $service) {
            Activity::add('Cron Job: Terminating Service - Service ID: ' . $service->id, (int) $service->userid);
            ModuleAction::run((int) $service->id, 'terminate');
        }
    }

    /**
     * Processes cancellation requests.
     */
    private static function cancel(): void
    {
        if (Setting::get('AutoCancellationRequests') !== 'on') {
            return;
        }
        $requests = Capsule::table('tblcancelrequests as c')->join('tblhosting as h', 'h.id', '=', 'c.relid')
            ->whereIn('h.domainstatus', ['Active', 'Suspended'])
            ->where(static fn ($query) => $query->where('c.type', 'Immediate')->orWhere('h.nextduedate', '<=', Clock::today()))->get(['h.id', 'h.userid']);
        foreach ($requests as $service) {
            Activity::add('Cron Job: Processing Cancellation Request - Service ID: ' . $service->id, (int) $service->userid);
            ModuleAction::run((int) $service->id, 'terminate', [], true, 'Cancelled');
        }
    }

    /**
     * Services of a status whose due date lies before a date.
     *
     * @return iterable<object>
     */
    private static function due(string $status, string $before): iterable
    {
        return Capsule::table('tblhosting')->where('domainstatus', $status)->where('nextduedate', '<', $before)
            ->where('nextduedate', '!=', '0000-00-00')->whereNotIn('billingcycle', ['Free Account', 'One Time'])->get();
    }
}
