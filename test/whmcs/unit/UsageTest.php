<?php

declare(strict_types=1);

namespace MetaleaseTest;

use Carbon\Carbon;
use WHMCS\Module\Server\Metalease\Gateway\Gateways;
use WHMCS\Module\Server\Metalease\Running\Usage;

require_once __DIR__ . '/bootstrap.php';

/**
 * Traffic: WHMCS's own column, and the months of the graph. What is missing stays missing.
 */
final class UsageTest extends RunningCase
{
    private const PANEL = 'GET /v1/panels/fra1/usage';

    public function testAllServicesOfAPanelAreInOneCall(): void
    {
        $ids = ['whole' => $this->id];
        foreach (['zero', 'part', 'in only', 'none', 'percentile', 'of another entry', 'ended', 'suspended'] as $name) {
            $status = ['ended' => 'Terminated', 'suspended' => 'Suspended'][$name] ?? 'Active';
            $ids[$name] = Shop::order(['domainstatus' => $status, 'server' => $name === 'of another entry' ? 2 : Shop::ENTRY]);
        }
        foreach ($ids as $id) {
            Shop::change('tblhosting', $id, ['bwusage' => 5, 'bwlimit' => 100, 'diskusage' => 7]);
        }
        $full = ['in_bytes' => 3 * 1048576, 'out_bytes' => 7 * 1048576 + 500, 'p95_mbit' => 1.5, 'complete' => true];
        $rows = [
            'whole' => $full, 'zero' => ['in_bytes' => 0, 'out_bytes' => 0] + $full, 'part' => ['complete' => false] + $full,
            'in only' => ['out_bytes' => null] + $full, 'percentile' => ['in_bytes' => null, 'out_bytes' => null] + $full,
            'of another entry' => $full, 'ended' => $full, 'suspended' => $full,
        ];
        $services = array_map(static fn (string $name) => ['service_id' => $ids[$name]] + $rows[$name], array_keys($rows));
        FakeGateway::answers([self::PANEL => [200, ['services' => $services]]]);
        metalease_UsageUpdate(['serverid' => Shop::ENTRY]);
        $this->assertSame([self::PANEL], self::calls());
        $this->assertSame('month=2026-03', FakeGateway::calls()[0]['query']);
        $wanted = ['whole' => 10, 'zero' => 0, 'suspended' => 10];
        foreach ($ids as $name => $id) {
            $row = Shop::service($id);
            $this->assertSame($wanted[$name] ?? 5, (int) $row->bwusage, $name);
            $this->assertSame([7, 100], [(int) $row->diskusage, (int) $row->bwlimit], $name);
            $this->assertSame(isset($wanted[$name]), $row->lastupdate === self::TODAY, $name);
        }
    }

    public function testAGatewayThatDoesNotAnswerChangesNothing(): void
    {
        Shop::change('tblhosting', $this->id, ['bwusage' => 5]);
        FakeGateway::answers([self::PANEL => self::problem(503, 'panel-failed', 'The panel does not answer')]);
        metalease_UsageUpdate(['serverid' => Shop::ENTRY]);
        $this->assertStringContainsString('The panel does not answer', implode('', Remembered::$activity));
        metalease_UsageUpdate([]);
        $this->assertSame(5, (int) Shop::service($this->id)->bwusage);
    }

    public function testMonths(): void
    {
        $usage = "GET /v1/services/{$this->id}/usage";
        $month = ['in_bytes' => 100, 'out_bytes' => 200, 'p95_mbit' => null, 'complete' => true];
        FakeGateway::answers([$usage => [[200, ['complete' => false] + $month], [200, $month], self::problem(503, 'x')]]);
        $months = fn (string $since): array => (new Usage((new Gateways())->forService($this->id), $this->id))->months($since);
        $this->assertSame(['2026-02', '2026-03'], array_column($months('2026-02-01'), 'month'), 'none before the client had it');
        $this->assertSame(['month=2026-03', 'month=2026-02'], array_column(FakeGateway::calls(), 'query'));
        $seen = $months('2025-06-01');
        $this->assertSame(['2025-10', '2025-11', '2025-12', '2026-01', '2026-02', '2026-03'], array_column($seen, 'month'));
        $this->assertSame([null, null, null, null, 100, 100], array_column($seen, 'in'), 'unknown is not zero');
        $this->assertSame([true, false], [$seen[4]['complete'], $seen[5]['complete']]);
        $this->assertCount(4, FakeGateway::calls(), 'two a page, and what is kept is not asked for');
        Carbon::setTestNow(Carbon::now()->addHours(2));
        FakeGateway::answers([$usage => [200, ['in_bytes' => 900] + $month]]);
        $this->assertSame(900, $months('2026-02-01')[1]['in']);
        $this->assertSame(['month=2026-03'], array_column(FakeGateway::calls(), 'query'), 'a month that is over is known');
        $this->assertSame('2026-03', $months('')[5]['month'], 'a service without a date');
    }

    public function testWhatWasKnownOfAMonthStays(): void
    {
        $row = ['service_id' => $this->id, 'in_bytes' => 100, 'out_bytes' => 200, 'complete' => true];
        FakeGateway::answers([self::PANEL => [200, ['services' => [$row]]]]);
        metalease_UsageUpdate(['serverid' => Shop::ENTRY]);
        Carbon::setTestNow(Carbon::parse('2026-04-02 09:00:00'));
        FakeGateway::answers(["GET /v1/services/{$this->id}/usage" => [200, ['in_bytes' => null, 'out_bytes' => null, 'p95_mbit' => null, 'complete' => false]]]);
        $months = (new Usage((new Gateways())->forService($this->id), $this->id))->months('2026-03-01');
        $this->assertSame([['2026-03', 100, false], ['2026-04', null, false]], array_map(
            static fn (array $month): array => [$month['month'], $month['in'], $month['complete']],
            $months
        ), 'as far as it was read while the month went on');
    }

    public function testAnAnswerOfAnyShape(): void
    {
        $read = static fn (array $body): array => Usage::read(new \WHMCS\Module\Server\Metalease\Gateway\Status($body));
        foreach ([[], ['in_bytes' => 'x', 'out_bytes' => 1], ['in_bytes' => -1, 'out_bytes' => 1], ['in_bytes' => [1], 'out_bytes' => []]] as $body) {
            $this->assertNull($read($body)['in']);
            $this->assertFalse($read($body)['complete']);
        }
    }
}
