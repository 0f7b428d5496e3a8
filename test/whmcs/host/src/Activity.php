<?php

declare(strict_types=1);

namespace Host;

use WHMCS\Database\Capsule;

/**
 * The activity log.
 */
final class Activity
{
    /**
     * Writes a line; client 0 is nobody.
     */
    public static function add(string $text, int $clientId = 0): void
    {
        Capsule::table('tblactivitylog')->insert(['date' => Clock::now(), 'description' => $text, 'userid' => $clientId, 'user' => 'System']);
    }
}
