<?php

declare(strict_types=1);

namespace MetaleaseTest;

use Carbon\Carbon;
use PHPUnit\Framework\TestCase;
use WHMCS\Module\Server\Metalease\Gateway\Budget;

/**
 * A test of the module in a new shop, on a Tuesday in March.
 */
abstract class ModuleCase extends TestCase
{
    protected const TODAY = '2026-03-10 08:00:00';

    /** How a status begins; tests add to it. */
    protected const STATUS = [
        'client_id' => 7, 'panel' => 'fra1', 'package' => 'E3-16G', 'phase' => 'active', 'ready' => true, 'blocks' => [],
        'server' => ['id' => '12', 'label' => 'A1-12', 'hostname' => 's1.example.com', 'ip' => '192.0.2.12', 'extra_ips' => []],
    ];

    protected function setUp(): void
    {
        Carbon::setTestNow(Carbon::parse(self::TODAY));
        Shop::open();
        Remembered::nothing();
        Budget::begin();
        FakeGateway::answers([]);
    }

    /**
     * Params of a service as WHMCS hands them to functions; those given go first.
     *
     * @param array<string, mixed> $more
     * @return array<string, mixed>
     */
    protected function params(int $service, array $more = []): array
    {
        $row = Shop::service($service);
        return $more + [
            'serviceid' => $service, 'userid' => 7, 'pid' => $row->packageid, 'addonId' => 0, 'qty' => (int) $row->qty, 'moduletype' => 'metalease',
            'status' => $row->domainstatus, 'serverid' => $row->server, 'password' => decrypt((string) $row->password),
        ];
    }

    /**
     * The answer to a signal.
     *
     * @param array<string, mixed>|null $status the service as it was seen; null when nobody answered
     * @return array{0: int, 1: array<string, mixed>}
     */
    protected static function signalled(string $outcome, ?array $status = [], string $reason = ''): array
    {
        $reached = $outcome !== 'pending';
        return [$reached ? 200 : 202, array_filter([
            'event_id' => 'x', 'outcome' => $outcome, 'reason' => $reason, 'reached' => $reached,
            'status' => $status === null ? null : $status + self::STATUS,
        ], static fn (mixed $value) => $value !== null)];
    }

    /**
     * The answer to a problem.
     *
     * @return array{0: int, 1: array<string, mixed>}
     */
    protected static function problem(int $status, string $slug, string $title = 'A problem', string $detail = ''): array
    {
        return [$status, ['type' => '/problems/' . $slug, 'title' => $title, 'status' => $status, 'detail' => $detail]];
    }

    /**
     * The calls that the gateway got.
     *
     * @return list<string>
     */
    protected static function calls(): array
    {
        return array_column(FakeGateway::calls(), 'call');
    }

    /**
     * The body of the only call of this kind.
     *
     * @return array<string, mixed>
     */
    protected function body(string $call): array
    {
        $found = array_values(array_filter(FakeGateway::calls(), static fn (array $one) => $one['call'] === $call));
        $this->assertCount(1, $found, "$call in " . implode(', ', self::calls()));
        return (array) $found[0]['body'];
    }
}
