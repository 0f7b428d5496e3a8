<?php

declare(strict_types=1);

namespace WHMCS\Module\Server\Metalease\Running;

use WHMCS\Module\Server\Metalease\Gateway\Status;

defined('WHMCS') || die();

/**
 * The names of a server's addresses: that of the server, but for those that its customer has named. The names are in
 * the panel; what was asked for here is remembered, so that the form shows it.
 */
final class Names
{
    private const NAME = 'names';

    /**
     * The addresses with their names.
     *
     * @return array<string, string> address => name
     */
    public static function of(int $serviceId, Status $status): array
    {
        $asked = Kept::find($serviceId, self::NAME)?->json() ?? [];
        $names = [];
        foreach ([$status->text('server.ip'), ...$status->texts('server.extra_ips')] as $ip) {
            $name = $asked[$ip] ?? '';
            $names[$ip] = is_string($name) && $name !== '' ? $name : $status->text('server.hostname');
        }
        unset($names['']);
        return $names;
    }

    /**
     * Remembers names that were asked for.
     *
     * @param array<string, string> $domains address => name
     */
    public static function remember(int $serviceId, array $domains): void
    {
        $asked = Kept::find($serviceId, self::NAME)?->json() ?? [];
        Kept::put($serviceId, self::NAME, (string) json_encode($domains + $asked));
    }
}
