<?php

declare(strict_types=1);

namespace Pages;

use WHMCS\Module\Server\Metalease\Gateway\Status;
use WHMCS\Module\Server\Metalease\Page\Controls;
use WHMCS\Module\Server\Metalease\Running\Login;

/**
 * Servers that their customer has, and what is done with them; all looked at in the minute of the samples.
 */
final class Running
{
    /**
     * A status by its name.
     *
     * @return array<string, mixed>
     */
    public static function status(string $name): array
    {
        $order = ['os_template' => 'ISPsystem__Debian-12-x86_64'];
        return self::all()[$name] + ['phase' => 'active', 'ready' => true, 'order' => $order] + Samples::status('active');
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
     * What the page knows beside the status.
     */
    public static function controls(Status $status): Controls
    {
        $templates = ['ISPsystem__Debian-12-x86_64' => 'Debian 12', 'ISPsystem__AlmaLinux-9-x86_64' => 'AlmaLinux 9'];
        $names = ['192.0.2.5' => 's101.example.com', '192.0.2.61' => 'mail.example.com', '2001:db8:7:12::7' => 's101.example.com'];
        return new Controls($status, self::facts(), new Login('https://dci.example.com:1500/', 'u77', '', 'root', 'Root-Passw0rd'), $templates, $names, self::months());
    }

    /**
     * The same, in which every text is this one.
     */
    public static function hostile(Status $status, string $text): Controls
    {
        $months = array_map(static fn (array $month): array => ['month' => "2026-$text"] + $month, self::months());
        $login = new Login('https://dci.example.com/' . strlen($text), $text, $text, $text, $text);
        return new Controls($status, new Status(Hostile::everywhere(self::machine(), $text)), $login, [$text => $text], [$text => $text], $months);
    }

    /**
     * The machine.
     */
    public static function facts(): Status
    {
        return new Status(self::machine());
    }

    /**
     * The facts as the gateway tells them.
     *
     * @return array<string, mixed>
     */
    public static function machine(): array
    {
        return [
            'label' => 'A1-05', 'mac' => '00:25:90:ab:cd:ef', 'rack' => 'R12', 'power' => 'on', 'ipmi_ip' => '198.51.100.72', 'operation' => '', 'blocked' => false,
            'ports' => [['switch' => 'sw-a1', 'port' => 'Gi0/8', 'state' => 'on']], 'as_of' => '2026-01-05T12:05:12Z',
        ];
    }

    /**
     * Months of traffic, one of which nobody knows.
     *
     * @return list<array<string, mixed>>
     */
    private static function months(): array
    {
        $month = static fn (string $name, ?float $in, ?float $out, ?float $p95, bool $complete = true): array => [
            'month' => $name, 'in' => $in === null ? null : (int) ($in * 1e9), 'out' => $out === null ? null : (int) ($out * 1e9), 'p95' => $p95, 'complete' => $complete,
        ];
        return [
            $month('2025-09', null, null, null), $month('2025-10', 1420, 512, 48), $month('2025-11', 1130.5, 640, 51.2), $month('2025-12', 1710, 905, 63),
            $month('2026-01', 210, 74.2, 12.5, false),
        ];
    }

    /**
     * @return array<string, array<string, mixed>>
     */
    private static function all(): array
    {
        $by = ['kind' => 'client', 'name' => 'jane@example.com'];
        $install = ['accepted_at' => '2026-01-05T12:01:10Z', 'deadline' => '2026-01-05T12:13:10Z', 'finished_at' => null];
        $anew = ['kind' => 'reinstall', 'what' => 'reinstall with ISPsystem__Debian-12-x86_64', 'by' => $by, 'since' => '2026-01-05T12:01:00Z'];
        $off = ['kind' => 'power', 'what' => 'power off', 'by' => $by, 'since' => '2026-01-05T12:04:00Z'];
        return [
            'running' => [],
            'switching' => ['action' => $off, 'events' => [['event_id' => 'x', 'kind' => 'power', 'outcome' => 'pending', 'reason' => '']]],
            'not off' => ['action' => $off + ['ended_at' => '2026-01-05T12:05:00Z', 'problem' => 'the server is still on after 10m0s']],
            'reinstalling' => ['action' => $anew, 'install' => $install],
            'reinstalling late' => ['action' => ['since' => '2026-01-05T11:31:00Z'] + $anew, 'install' => ['accepted_at' => '2026-01-05T11:31:10Z', 'deadline' => '2026-01-05T11:43:10Z'] + $install],
            'not installed' => ['action' => $anew + ['ended_at' => '2026-01-05T12:05:00Z', 'problem' => 'panel fra1: disk not found'], 'install' => $install],
        ];
    }
}
