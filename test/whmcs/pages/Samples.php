<?php

declare(strict_types=1);

namespace Pages;

use WHMCS\Module\Server\Metalease\Page\Time;

/**
 * Statuses as the gateway answers them, all looked at in one minute.
 */
final class Samples
{
    public const NOW = '2026-01-05T12:05:30Z';

    private const STEPS = ['account', 'claim', 'addresses', 'power', 'install', 'hand-over'];

    private const TIMES = ['00:00', '00:01', '00:03', '00:07', '01:05', '07:29', '07:31'];

    /**
     * The present of all samples.
     */
    public static function time(string $zone = 'UTC', string $now = self::NOW): Time
    {
        return new Time(new \DateTimeImmutable($now), new \DateTimeZone($zone));
    }

    /**
     * A status by its name.
     *
     * @return array<string, mixed>
     */
    public static function status(string $name): array
    {
        return array_replace(self::base(), self::all()[$name]);
    }

    /**
     * The names of all statuses.
     *
     * @return list<string>
     */
    public static function names(): array
    {
        return array_keys(self::all());
    }

    /**
     * @return array<string, mixed>
     */
    private static function base(): array
    {
        return [
            'summary' => 'what the gateway says in one sentence',
            'service_id' => 101, 'client_id' => 7, 'panel' => 'fra1', 'package' => 'E3-16G', 'phase' => 'pending', 'ready' => false,
            'server' => ['id' => '5', 'label' => 'A1-05', 'hostname' => 's101.example.com', 'ip' => '192.0.2.5', 'extra_ips' => ['192.0.2.61', '192.0.2.62', '2001:db8:7:12::7']],
            'account' => 'u101', 'blocks' => [], 'events' => [], 'updated_at' => self::NOW, 'steps' => self::built(6, '11'),
            'order' => ['service_id' => 101, 'client_id' => 7, 'paid_at' => '2026-01-05T11:59:58Z', 'install_timeout' => '12m0s', 'dont_wait' => false],
            'timeline' => [
                ['at' => '2026-01-05T12:00:00Z', 'what' => 'order received, paid 2026-01-05T11:59:58Z'],
                ['at' => '2026-01-05T12:00:03Z', 'what' => 'server 5 (A1-05) claimed'],
                ['at' => '2026-01-05T12:01:05Z', 'what' => 'install 1 accepted by the panel: ISPsystem__Debian-12-x86_64'],
            ],
            'workflow_url' => 'https://temporal.example.com/namespaces/default/workflows/service-101',
        ];
    }

    /**
     * @return array<string, array<string, mixed>>
     */
    private static function all(): array
    {
        $expired = ['reason' => 'expired', 'source' => 'whmcs', 'since' => '2026-01-05T08:10:30Z'];
        $abuse = ['reason' => 'port scans', 'source' => 'whmcs', 'since' => '2026-01-03T12:10:30Z'];
        $install = ['accepted_at' => '2026-01-05T12:01:10Z', 'deadline' => '2026-01-05T12:13:10Z', 'attempt' => 1];
        return [
            'account' => ['step' => 'account', 'server' => null, 'account' => '', 'steps' => self::running(0)],
            'waiting' => ['phase' => 'waiting', 'step' => 'claim', 'server' => null, 'position' => 3, 'steps' => self::running(1)],
            'power' => ['step' => 'power', 'steps' => self::running(3)],
            'install' => ['step' => 'install', 'steps' => self::running(4), 'install' => $install],
            'late' => [
                'phase' => 'attention', 'step' => 'install', 'steps' => self::running(4, '11'),
                'install' => ['accepted_at' => '2026-01-05T11:01:10Z', 'deadline' => '2026-01-05T11:13:10Z', 'attempt' => 1],
                'timeline' => [
                    ['at' => '2026-01-05T11:00:00Z', 'what' => 'order received, paid 2026-01-05T10:59:58Z'],
                    ['at' => '2026-01-05T11:00:03Z', 'what' => 'server 5 (A1-05) claimed'],
                    ['at' => '2026-01-05T11:01:10Z', 'what' => 'install 1 accepted by the panel: ISPsystem__Debian-12-x86_64'],
                    ['at' => '2026-01-05T11:13:10Z', 'what' => 'needs attention: the install of server 5 is not finished after 12m0s; it goes on to Active by itself if it still ends well'],
                ],
                'attention' => [
                    'code' => 'install_late', 'since' => '2026-01-05T11:13:10Z', 'actions' => ['retry', 'accept', 'terminate'],
                    'message' => 'the install of server 5 is not finished after 12m0s; it goes on to Active by itself if it still ends well',
                ],
            ],
            'refused' => [
                'phase' => 'attention', 'step' => 'claim', 'server' => null, 'steps' => self::running(1),
                'attention' => [
                    'code' => 'panel_refused', 'since' => '2026-01-05T12:02:00Z', 'actions' => ['retry', 'terminate'],
                    'message' => 'panel fra1, server.operations of 5: value: there is no such template (ostemplate "ISPsystem__No-such-OS")',
                ],
            ],
            'trouble' => [
                'step' => 'power', 'steps' => self::running(3),
                'trouble' => [
                    [
                        'activity' => 'PowerOn', 'where' => 'panel fra1', 'attempt' => 6, 'since' => '2026-01-05T12:00:07Z',
                        'last_error' => 'panel fra1, server.power: dci.example.com:1500 did not answer: connection refused', 'next_attempt_at' => '2026-01-05T12:05:42Z',
                    ],
                    ['activity' => 'Note', 'where' => 'WHMCS', 'attempt' => 2, 'last_error' => ''],
                ],
            ],
            'active' => ['phase' => 'active', 'ready' => true],
            'early and late' => [
                'phase' => 'active', 'ready' => true, 'install' => $install, 'order' => ['dont_wait' => true],
                'attention' => ['code' => 'install_failed', 'message' => 'the panel says: disk not found', 'since' => '2026-01-05T12:02:00Z', 'actions' => ['retry']],
            ],
            'early' => ['phase' => 'active', 'ready' => true, 'install' => $install, 'order' => ['dont_wait' => true, 'install_timeout' => '12m0s']],
            'expired' => ['phase' => 'blocked', 'ready' => true, 'blocks' => [$expired], 'grace_ends_at' => '2026-01-08T08:10:30Z'],
            'suspended' => ['phase' => 'blocked', 'ready' => true, 'blocks' => [$abuse]],
            'expired and suspended' => ['phase' => 'blocked', 'ready' => true, 'blocks' => [$expired, $abuse], 'grace_ends_at' => '2026-01-08T08:10:30Z'],
            'expired and held' => ['phase' => 'blocked', 'ready' => true, 'blocks' => [$expired], 'grace_ends_at' => '2026-01-05T08:10:30Z', 'held' => 'legal case 4711'],
            'grace is over' => ['phase' => 'blocked', 'ready' => true, 'blocks' => [$expired], 'grace_ends_at' => '2026-01-05T12:00:00Z'],
            'cut off by staff' => ['phase' => 'blocked', 'ready' => true, 'blocks' => [['reason' => 'ticket 4711 of fra1', 'source' => 'cli', 'since' => '2026-01-03T12:10:30Z']]],
            'paused' => ['phase' => 'active', 'panel_paused' => ['reason' => 'move of the racks', 'by' => 'Kim', 'since' => '2026-01-05T09:00:00Z']],
            'releasing' => ['phase' => 'releasing'],
            'released' => ['phase' => 'released', 'closed' => true, 'ending' => 'completed'],
            'abandoned' => ['phase' => 'pending', 'closed' => true, 'ending' => 'terminated', 'steps' => self::running(4)],
        ];
    }

    /**
     * Steps of a build of which some are done.
     *
     * @return list<array<string, string>>
     */
    private static function built(int $done, string $hour = '12'): array
    {
        $steps = [];
        foreach (array_slice(self::STEPS, 0, $done) as $i => $step) {
            $steps[] = ['step' => $step, 'began' => "2026-01-05T$hour:" . self::TIMES[$i] . 'Z', 'ended' => "2026-01-05T$hour:" . self::TIMES[$i + 1] . 'Z'];
        }
        return $steps;
    }

    /**
     * Steps of a build that goes on after some are done.
     *
     * @return list<array<string, string>>
     */
    private static function running(int $done, string $hour = '12'): array
    {
        $steps = self::built($done + 1, $hour);
        unset($steps[$done]['ended']);
        return $steps;
    }
}
