<?php

declare(strict_types=1);

namespace Host;

use Carbon\Carbon;

/**
 * The date of this WHMCS. A test may move it by days; what asks PHP itself for the
 * date does not follow, so that tests of the module move due dates instead.
 */
final class Clock
{
    /**
     * Makes Carbon follow the clock of this WHMCS.
     */
    public static function apply(): void
    {
        $days = (int) Setting::get('HostClockDays', '0');
        Carbon::setTestNow($days === 0 ? null : Carbon::now()->addDays($days));
    }

    /**
     * Today, as 2006-01-02.
     */
    public static function today(): string
    {
        return Carbon::now()->format('Y-m-d');
    }

    /**
     * Now, as WHMCS writes it into its tables.
     */
    public static function now(): string
    {
        return Carbon::now()->format('Y-m-d H:i:s');
    }

    /**
     * A date some billing cycles later. WHMCS knows more cycles than these.
     */
    public static function next(string $date, string $cycle): string
    {
        $months = ['Monthly' => 1, 'Quarterly' => 3, 'Semi-Annually' => 6, 'Annually' => 12, 'Biennially' => 24, 'Triennially' => 36][$cycle] ?? 0;
        return Carbon::parse($date)->addMonthsNoOverflow($months)->format('Y-m-d');
    }

    /**
     * A date some days before today.
     */
    public static function daysAgo(int $days): string
    {
        return Carbon::now()->subDays($days)->format('Y-m-d');
    }
}
