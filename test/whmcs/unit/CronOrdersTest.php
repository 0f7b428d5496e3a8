<?php

declare(strict_types=1);

namespace MetaleaseTest;

use WHMCS\Database\Capsule;
use WHMCS\Module\Server\Metalease\Gateway\Gateways;
use WHMCS\Module\Server\Metalease\Hooks\Cron;
use WHMCS\Module\Server\Metalease\Hooks\Ending;
use WHMCS\Module\Server\Metalease\Module\Records;

require_once __DIR__ . '/bootstrap.php';

/**
 * Orders that the cron finds: unheard of, in great number, or ended by somebody.
 */
final class CronOrdersTest extends ModuleCase
{
    public static function setUpBeforeClass(): void
    {
        require_once __DIR__ . '/../../../whmcs/module/includes/hooks/metalease.php';
    }

    public function testAnOrderThatTheGatewayNeverHeardOfIsStarted(): void
    {
        $id = Shop::order();
        FakeGateway::answers(['POST /v1/services' => [201, []]]);
        self::cron();
        $this->assertSame($id, $this->body('POST /v1/services')['service_id']);
    }

    public function testWhatIsKnownOrNotDueIsLeftAlone(): void
    {
        $known = Shop::order();
        $busy = Shop::order();
        Shop::order([], [], ['status' => 'Unpaid']);
        Shop::order(['domainstatus' => 'Active']);
        FakeGateway::answers([
            "GET /v1/services/$known" => [200, self::STATUS], "GET /v1/services/$busy" => self::problem(503, 'worker-unavailable'),
        ]);
        self::cron();
        $this->assertSame(['GET /v1/services', "GET /v1/services/$known", "GET /v1/services/$busy"], self::calls());
    }

    public function testManyOrdersAreAskedForAndStartedInOneCallEach(): void
    {
        $ids = [Shop::order(), Shop::order(), Shop::order(), Shop::order()];
        [$known, $over, $new, $bad] = $ids;
        $results = [['service_id' => $new, 'status' => 201, 'started' => true], ['service_id' => $bad, 'status' => 422, 'problem' => self::problem(422, 'invalid-order', 'The order is wrong')[1]]];
        FakeGateway::answers([
            'GET /v1/services' => [200, ['services' => [['service_id' => $known, 'phase' => 'waiting'], ['service_id' => $over, 'phase' => 'released', 'closed_at' => '2026-03-01T00:00:00Z']]]],
            "GET /v1/services/$over" => [200, ['phase' => 'released', 'closed' => true, 'ending' => 'completed'] + self::STATUS],
            'POST /v1/services/batch' => [200, ['results' => $results]],
        ]);
        self::cron();
        $this->assertSame(['GET /v1/services', "GET /v1/services/$over", 'POST /v1/services/batch'], self::calls());
        $this->assertSame('ids=' . implode(',', $ids), FakeGateway::calls()[0]['query']);
        $this->assertSame([$new, $bad], array_column($this->body('POST /v1/services/batch')['services'], 'service_id'));
        $this->assertSame(['', 'fra1'], [Records::notice($new), Records::origin($new)[1]]);
        $this->assertStringContainsString('The order is wrong', Records::notice($bad));
        $this->assertSame('', Records::origin($bad)[1]);
    }

    /**
     * @dataProvider endings
     * @param array<string, mixed> $status
     */
    public function testWhatWasDecidedOutlivesTheGatewaysMemory(array $status, bool $remembered): void
    {
        $id = Shop::order();
        FakeGateway::answers(["GET /v1/services/$id" => [200, ['closed' => true] + $status + self::STATUS]]);
        self::cron();
        FakeGateway::answers(['POST /v1/services' => [201, []]]);
        self::cron();
        self::cron();
        $this->assertSame($remembered, !in_array('POST /v1/services', self::calls(), true));
        if (!$remembered) {
            return;
        }
        $this->assertCount(1, preg_grep('/was ended in metalease/', Remembered::$activity), 'told once');
        $this->assertStringContainsString('nothing starts it again but the button Create', implode('', metalease_AdminServicesTabFields($this->params($id))));
        $this->assertSame('This order was ended', metalease_ClientArea($this->params($id))['templateVariables']['metalease']['headline']);
        FakeGateway::answers(['POST /v1/services' => [201, []]]);
        $this->assertStringStartsWith('In progress', metalease_CreateAccount($this->params($id)));
        $this->assertTrue($this->body('POST /v1/services')['restart'], 'a person wants it anew');
        $this->assertSame(['', ''], [Records::notice($id), Records::endedAt($id)]);
    }

    /**
     * @return array<string, array{0: array<string, mixed>, 1: bool}>
     */
    public static function endings(): array
    {
        return [
            'terminated while it waited' => [['phase' => 'released', 'ending' => 'completed'], true],
            'detached' => [['phase' => 'waiting', 'ending' => 'completed'], true],
            'ended by force' => [['phase' => 'waiting', 'ending' => 'terminated'], false],
            'failed' => [['phase' => 'pending', 'ending' => 'failed'], false],
        ];
    }

    public function testWhatStaffReleasedInWHMCSIsNotStartedAgain(): void
    {
        $id = Shop::order();
        FakeGateway::answers(["POST /v1/services/$id/terminate" => self::signalled('applied', ['phase' => 'released', 'closed' => true])]);
        $this->assertSame('success', metalease_releasenow($this->params($id)));
        FakeGateway::answers(['POST /v1/services' => [201, []]]);
        self::cron();
        foreach (['OrderPaid' => ['orderId' => 1], 'InvoicePaid' => ['invoiceid' => 1], 'AcceptOrder' => ['orderid' => 1]] as $point => $vars) {
            array_map(static fn (callable $hook) => $hook($vars), Remembered::$hooks[$point]);
        }
        $this->assertSame([], self::calls());
    }

    public function testAGatewayThatRefusesThisWHMCSIsToldOfOnce(): void
    {
        Shop::order();
        Shop::order();
        foreach (range(1, 3) as $_) {
            FakeGateway::answers([FakeGateway::ANY => self::problem(403, 'wrong-system', 'The signature was refused')]);
            self::cron();
            $this->assertSame(['GET /v1/services'], self::calls(), 'and is not asked for each');
        }
        $this->assertCount(1, Remembered::$api);
        $this->assertStringContainsString('Paid orders are not built', Remembered::$api[0][1]['message']);
    }

    public function testAnOldOrderIsListedOnce(): void
    {
        $id = Shop::order([], ['date' => '2025-12-31 23:59:59']);
        self::cron();
        self::cron();
        $this->assertSame(["GET /v1/services/$id"], self::calls());
        $listed = array_filter(Remembered::$activity, static fn (string $line) => str_contains($line, "starter start --service $id"));
        $this->assertCount(1, $listed);
    }

    public function testOrdersFromBeforeTheFirstRunAreOld(): void
    {
        Capsule::table('tblconfiguration')->delete();
        Shop::order([], ['date' => '2026-03-10 07:59:59']);
        self::cron();
        $this->assertNotContains('POST /v1/services', self::calls());
    }

    public function testADeadGatewayIsAskedOnceARun(): void
    {
        Shop::order();
        Shop::order();
        Shop::change('tblservers', Shop::ENTRY, ['port' => 1]);
        self::cron();
        $this->assertCount(1, Remembered::$moduleLog);
        Shop::change('tblservers', Shop::ENTRY, ['port' => FakeGateway::port()]);
        FakeGateway::answers(['POST /v1/services' => [201, []]]);
        self::cron();
        $this->assertCount(2, array_keys(self::calls(), 'POST /v1/services', true), 'nothing is lost');
    }

    public function testAnOrderThatCannotBeSentIsToldOnce(): void
    {
        $id = Shop::order(['qty' => 2]);
        self::cron();
        self::cron();
        $this->assertCount(1, Remembered::$api);
        $this->assertStringContainsString('Multiple services', Records::notice($id));
    }

    public function testOfTwoLivesTheNewestCounts(): void
    {
        [$id, $other] = [Shop::order(), Shop::order()];
        $rows = [['service_id' => $id, 'phase' => 'waiting'], ['service_id' => $other, 'phase' => 'pending'], ['service_id' => $id, 'phase' => 'released', 'closed_at' => '2026-03-01T00:00:00Z'], ['service_id' => 4711, 'phase' => 'active']];
        FakeGateway::answers(['GET /v1/services' => [200, ['services' => $rows]]]);
        self::cron();
        $this->assertSame(['GET /v1/services'], self::calls());
        $this->assertSame('', Records::endedAt($id));
    }

    /**
     * One run of the cron.
     */
    private static function cron(): void
    {
        $gateways = new Gateways();
        (new Cron($gateways, new Ending($gateways)))->run();
    }
}
