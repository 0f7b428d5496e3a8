<?php

declare(strict_types=1);

namespace WHMCS\Module\Server\Metalease\Module;

use Carbon\Carbon;

defined('WHMCS') || die();

/**
 * WHMCS's own time: dates in its tables have no zone, they are of the zone that PHP has in WHMCS.
 */
final class Clock
{
    /**
     * Today, as 2026-01-31.
     */
    public static function today(): string
    {
        return Carbon::now()->format('Y-m-d');
    }

    /**
     * Now, or some seconds from now, as WHMCS writes it into its tables.
     */
    public static function now(int $seconds = 0): string
    {
        return Carbon::now()->addSeconds($seconds)->format('Y-m-d H:i:s');
    }

    /**
     * Now, for the gateway.
     */
    public static function moment(): string
    {
        return Carbon::now()->utc()->format('Y-m-d\TH:i:s.v\Z');
    }

    /**
     * A time of WHMCS's tables for the gateway; empty for none and for a zero date.
     */
    public static function utc(string $local): string
    {
        if ($local === '' || str_starts_with($local, '0000')) {
            return '';
        }
        return Carbon::parse($local)->utc()->format('Y-m-d\TH:i:s\Z');
    }

    /**
     * Whether a date of WHMCS's tables lies before today. No date does not.
     */
    public static function past(string $date): bool
    {
        $date = substr($date, 0, 10);
        return $date !== '' && $date !== '0000-00-00' && $date < self::today();
    }
}
