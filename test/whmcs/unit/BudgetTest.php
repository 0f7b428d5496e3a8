<?php

declare(strict_types=1);

namespace MetaleaseTest;

use WHMCS\Module\Server\Metalease\Gateway\Budget;
use WHMCS\Module\Server\Metalease\Gateway\Gateways;
use WHMCS\Module\Server\Metalease\Hooks\Cron;
use WHMCS\Module\Server\Metalease\Hooks\Ending;
use WHMCS\Module\Server\Metalease\Hooks\Starting;
use WHMCS\Module\Server\Metalease\Module\Records;
use WHMCS\Module\Server\Metalease\Module\Untold;

require_once __DIR__ . '/bootstrap.php';

/**
 * A slow gateway: who waits for WHMCS does not wait for all services of an order.
 */
final class BudgetTest extends ModuleCase
{
    /**
     * Pending services of one order.
     *
     * @return list<int>
     */
    private static function ten(): array
    {
        return array_map(static fn (int $number) => Shop::order($number === 1 ? [] : ['orderid' => 1]), range(1, 10));
    }

    public function testAnOrderOfTenIsStartedAsFarAsTheTimeGoes(): void
    {
        $ids = self::ten();
        FakeGateway::answers(['POST /v1/services' => [201, [], 0.1]]);
        (new Starting(new Gateways(new Budget(0.2, 0.05))))->order(1);
        $sent = count(self::calls());
        $this->assertGreaterThan(0, $sent);
        $this->assertLessThan(6, $sent, 'each takes 0.05 s of 0.2 s, and one may end over it');
        FakeGateway::answers(['POST /v1/services' => [201, []]]);
        $this->cron();
        $this->assertCount(count($ids), array_keys(self::calls(), 'POST /v1/services', true), 'the cron starts the rest');
    }

    public function testAnOrderOfTenIsOneCall(): void
    {
        $ids = self::ten();
        $results = array_map(static fn (int $id) => ['service_id' => $id, 'status' => 201, 'started' => true], array_slice($ids, 0, 9));
        FakeGateway::answers(['POST /v1/services/batch' => [200, ['results' => $results]]]);
        (new Starting(new Gateways(new Budget())))->order(1);
        $this->assertSame(['POST /v1/services/batch'], self::calls());
        $this->assertSame('', Records::origin($ids[9])[1], 'on which nothing was said');
        FakeGateway::answers(["GET /v1/services/$ids[9]" => self::problem(404, 'unknown-service'), 'GET /v1/services' => [200, ['services' => $results]], 'POST /v1/services' => [201, []]]);
        $this->cron();
        $this->assertSame($ids[9], $this->body('POST /v1/services')['service_id']);
    }

    public function testASlowCallOfManyEndsWithTheTime(): void
    {
        self::ten();
        FakeGateway::answers(['POST /v1/services/batch' => [200, ['results' => []], 2.0], 'POST /v1/services' => [201, []]]);
        $began = microtime(true);
        (new Starting(new Gateways(new Budget(0.2, 0.05))))->order(1);
        $this->assertLessThan(1.5, microtime(true) - $began);
        $this->assertNotContains('POST /v1/services', self::calls(), 'a gateway that is slow for many is not asked for each');
    }

    public function testAGatewayThatHangsIsWaitedForOnceARequest(): void
    {
        Shop::order();
        $silent = stream_socket_server('tcp://127.0.0.1:0'); // the kernel accepts, and nobody reads
        Shop::change('tblservers', Shop::ENTRY, ['port' => (int) substr((string) strrchr((string) stream_socket_get_name($silent, false), ':'), 1)]);
        $starting = new Starting(new Gateways(new Budget()));
        $began = microtime(true);
        $starting->order(1); // OrderPaid
        $starting->order(1); // InvoicePaid
        $this->assertLessThan(4.5, microtime(true) - $began, 'one order may take 3 s');
    }

    public function testTheEndsThatTheTimeDidNotReachAreSaidByTheCron(): void
    {
        self::ten();
        $budget = new Budget(0.0);
        (new Ending(new Gateways($budget)))->order(1, 'the order was cancelled');
        $this->assertSame([], self::calls());
        $this->assertCount(10, Records::wantedEnds());
    }

    public function testAQuickGatewayCostsNothing(): void
    {
        $budget = new Budget(0.1, 0.5);
        foreach (range(1, 1000) as $_) {
            $budget->spend(0.49);
        }
        $this->assertSame(0.6, $budget->allow(5.0));
    }

    public function testThePaymentOfManyServicesHasOneBudget(): void
    {
        [$first, $second] = [Shop::order(['domainstatus' => 'Active']), Shop::order(['domainstatus' => 'Suspended'])];
        Budget::ofRequest()->spend(60.0);
        $this->assertStringContainsString('the next cron run of WHMCS goes on', metalease_Renew($this->params($first)));
        $this->assertStringContainsString('the next cron run of WHMCS goes on', metalease_UnsuspendAccount($this->params($second)));
        $this->assertSame([], self::calls());
        $this->assertSame([$first => 'renew', $second => 'unsuspend'], Untold::all());
        FakeGateway::answers([FakeGateway::ANY => self::signalled('applied')]);
        metalease_SuspendAccount($this->params($first, ['suspendreason' => 'abuse']));
        $this->assertCount(1, self::calls(), 'staff wait for what they asked for');
        Budget::begin();
        $this->assertSame('success', metalease_Renew($this->params($first)));
    }

    /**
     * One run of the cron; what is known is not started again.
     */
    private function cron(): void
    {
        (new Cron(new Gateways(), new Ending(new Gateways())))->run();
    }
}
