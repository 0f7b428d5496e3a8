<?php

declare(strict_types=1);

namespace WHMCS\Module\Server\Metalease\Running;

use Carbon\Carbon;

defined('WHMCS') || die();

/**
 * How often a customer may have something done with one server. The same click again is no other one.
 */
final class Limit
{
    /** Kind => clicks, in so many seconds. */
    private const OF = [
        'power' => [6, 600], 'reinstall' => [4, 3600], 'addresses' => [10, 3600], 'sso' => [12, 600],
    ];

    /**
     * Counts a click.
     *
     * @throws Refused when there were too many
     */
    public static function count(int $serviceId, string $kind, string $click): void
    {
        [$most, $seconds] = self::OF[$kind];
        $now = (int) Carbon::now()->getTimestamp();
        $since = Kept::find($serviceId, "clicks-$kind")?->json() ?? [];
        $since = array_filter($since, static fn (mixed $at): bool => is_int($at) && $at > $now - $seconds);
        if (isset($since[$click])) {
            return;
        }
        if (count($since) >= $most) {
            throw new Refused('refused_often', ['minutes' => (int) ceil((min($since) + $seconds - $now) / 60)]);
        }
        Kept::put($serviceId, "clicks-$kind", (string) json_encode($since + [$click => $now]));
    }
}
