<?php

declare(strict_types=1);

namespace MetaleaseTest;

use WHMCS\Database\Capsule;
use WHMCS\Module\Server\Metalease\Module\Records;

require_once __DIR__ . '/bootstrap.php';

/**
 * Events of WHMCS, by the hooks that the module registers.
 */
final class HooksTest extends ModuleCase
{
    public static function setUpBeforeClass(): void
    {
        require_once __DIR__ . '/../../../whmcs/module/includes/hooks/metalease.php';
    }

    protected function setUp(): void
    {
        parent::setUp();
        FakeGateway::answers(['POST /v1/services' => [201, ['started' => true]]]);
    }

    /**
     * Runs a hook point; what a function gives back is in the answer.
     *
     * @param array<string, mixed> $vars
     * @return list<mixed>
     */
    private function happens(string $point, array $vars = []): array
    {
        $this->assertArrayHasKey($point, Remembered::$hooks);
        return array_map(static fn (callable $function) => $function($vars), Remembered::$hooks[$point]);
    }

    /**
     * Service ids of the orders that were sent.
     *
     * @return list<int>
     */
    private function started(): array
    {
        return array_map(
            static fn (array $call) => $call['body']['service_id'],
            array_values(array_filter(FakeGateway::calls(), static fn (array $call) => $call['call'] === 'POST /v1/services'))
        );
    }

    public function testAPaidOrderStartsEachOfItsServices(): void
    {
        $first = Shop::order();
        $second = Shop::order(['orderid' => 1]);
        $other = Shop::order(['orderid' => 1, 'packageid' => 99]);
        $this->happens('OrderPaid', ['orderId' => 1, 'userId' => 7, 'invoiceId' => 1]);
        $this->assertSame([$first, $second], $this->started());
        $this->assertNotContains($other, $this->started(), 'another module\'s');
    }

    public function testADeadGatewayKeepsAPaymentWaitingOnce(): void
    {
        Shop::order();
        Shop::order(['orderid' => 1]);
        Shop::change('tblservers', Shop::ENTRY, ['port' => 1]);
        $this->happens('OrderPaid', ['orderId' => 1]);
        $this->assertCount(1, Remembered::$moduleLog);
    }

    public function testTwiceIsTheSameOrderTwice(): void
    {
        Shop::order();
        $this->happens('OrderPaid', ['orderId' => 1]);
        $this->happens('InvoicePaid', ['invoiceid' => 1]);
        [$one, $two] = FakeGateway::calls();
        $this->assertSame($one['raw'], $two['raw'], 'byte by byte, or the gateway would take it for another order');
    }

    /**
     * @dataProvider starts
     * @param array<string, mixed> $order
     * @param array<string, mixed> $invoice
     */
    public function testWhatStarts(string $setting, array $order, array $invoice, string $point, bool $starts): void
    {
        Shop::change('tblproducts', Shop::PRODUCT, ['configoption11' => $setting]);
        $id = Shop::order([], $order, $invoice);
        $this->happens($point, ['orderid' => 1, 'orderId' => 1]);
        $this->assertSame($starts ? [$id] : [], $this->started());
    }

    /**
     * @return array<string, array{0: string, 1: array<string, mixed>, 2: array<string, mixed>, 3: string, 4: bool}>
     */
    public static function starts(): array
    {
        $unpaid = ['status' => 'Unpaid'];
        $free = ['invoiceid' => 0, 'amount' => '0.00'];
        return [
            'paid' => ['', [], [], 'OrderPaid', true],
            'said to be paid, but it is not' => ['', [], $unpaid, 'OrderPaid', false],
            'paid, but the order was cancelled' => ['', ['status' => 'Cancelled'], [], 'OrderPaid', false],
            'refunded since' => ['', [], ['status' => 'Refunded'], 'OrderPaid', false],
            'accepted without payment' => ['payment', [], $unpaid, 'AcceptOrder', false],
            'accepted and paid' => ['payment', [], [], 'AcceptOrder', true],
            'nothing to pay, accepted' => ['payment', $free, [], 'AcceptOrder', true],
            'nothing to pay, not accepted' => ['payment', $free, [], 'OrderPaid', false],
            'no invoice, but a price' => ['payment', ['invoiceid' => 0], [], 'AcceptOrder', false],
            'on acceptance: paid' => ['acceptance', [], [], 'OrderPaid', false],
            'on acceptance: accepted' => ['acceptance', [], $unpaid, 'AcceptOrder', true],
            'on the button: paid' => ['create', [], [], 'OrderPaid', false],
            'on the button: accepted' => ['create', [], [], 'AcceptOrder', false],
        ];
    }

    public function testOnlyPendingServicesStart(): void
    {
        foreach (['Active', 'Suspended', 'Terminated', 'Cancelled', 'Fraud'] as $status) {
            Shop::order(['domainstatus' => $status]);
        }
        foreach (range(1, 5) as $order) {
            $this->happens('OrderPaid', ['orderId' => $order]);
        }
        $this->assertSame([], self::calls());
    }

    public function testEmptyCredentialsAreFilledBeforeTheStart(): void
    {
        $id = Shop::order(['username' => '', 'password' => encrypt('')]);
        $this->happens('OrderPaid', ['orderId' => 1]);
        $this->assertSame("u$id", Shop::service($id)->username);
        $password = decrypt(Shop::service($id)->password);
        $this->assertSame(16, strlen($password));
        foreach (['/[A-Z]/', '/[a-z]/', '/[0-9]/', '/[^A-Za-z0-9]/'] as $class) {
            $this->assertMatchesRegularExpression($class, $password);
        }
        $this->happens('OrderPaid', ['orderId' => 1]);
        $this->assertSame($password, decrypt(Shop::service($id)->password), 'and never replaced');
        $this->assertStringNotContainsString($password, json_encode([FakeGateway::calls(), Remembered::$moduleLog, Remembered::$activity]));
    }

    public function testWhatTheClientChoseIsKept(): void
    {
        $id = Shop::order(['username' => 'mine', 'password' => encrypt('weak')]);
        $this->happens('OrderPaid', ['orderId' => 1]);
        $this->assertSame(['mine', 'weak'], [Shop::service($id)->username, decrypt(Shop::service($id)->password)]);
    }

    public function testWHMCSGeneratesTheSameName(): void
    {
        $this->assertSame(['u12'], $this->happens('OverrideModuleUsernameGeneration', ['params' => ['moduletype' => 'metalease', 'serviceid' => 12]]));
        $this->assertSame([null], $this->happens('OverrideModuleUsernameGeneration', ['params' => ['moduletype' => 'cpanel', 'serviceid' => 12]]));
    }

    public function testNoHookBreaksAPage(): void
    {
        $id = Shop::order();
        Shop::change('tblservers', Shop::ENTRY, ['port' => 1]);
        foreach (array_keys(Remembered::$hooks) as $point) {
            $this->happens($point, ['orderid' => 1, 'orderId' => 1, 'invoiceid' => 1, 'serviceid' => $id]);
            $this->happens($point, []);
        }
        Capsule::schema()->drop('tblhosting');
        foreach (array_keys(Remembered::$hooks) as $point) {
            $this->happens($point, ['orderid' => 1, 'orderId' => 1, 'invoiceid' => 1, 'serviceid' => $id]);
        }
        $this->assertNotSame([], Remembered::$activity, 'a fault of the module is not hidden');
    }

    /**
     * @dataProvider ends
     */
    public function testAnEndBeforeTheHandOverEndsTheService(string $point): void
    {
        $id = Shop::order();
        FakeGateway::answers([
            "GET /v1/services/$id" => [200, ['phase' => 'pending', 'ready' => false] + self::STATUS],
            "POST /v1/services/$id/terminate" => self::signalled('pending', null),
        ]);
        $this->happens($point, ['orderid' => 1, 'serviceid' => $id]);
        $this->assertStringEndsWith('in WHMCS', $this->body("POST /v1/services/$id/terminate")['reason']);
        $this->assertSame([], Remembered::$api);
    }

    /**
     * @dataProvider ends
     */
    public function testAnEndAfterTheHandOverIsForPeople(string $point): void
    {
        $id = Shop::order(['domainstatus' => 'Active']);
        FakeGateway::answers(["GET /v1/services/$id" => [200, self::STATUS + ['service_id' => $id]]]);
        $this->happens($point, ['orderid' => 1, 'serviceid' => $id]);
        $this->happens($point, ['orderid' => 1, 'serviceid' => $id]);
        $this->assertNotContains("POST /v1/services/$id/terminate", self::calls());
        $this->assertCount(1, Remembered::$api, 'one notification a cause');
        $this->assertSame('TriggerNotificationEvent', Remembered::$api[0][0]);
        $this->assertStringContainsString('server 12 (A1-12, 192.0.2.12)', Remembered::$api[0][1]['message']);
        $this->assertStringContainsString('server 12', Records::notice($id));
    }

    /**
     * @return array<string, array{0: string}>
     */
    public static function ends(): array
    {
        $points = ['CancelOrder', 'FraudOrder', 'CancelAndRefundOrder', 'DeleteOrder', 'ServiceDelete'];
        return array_combine($points, array_map(static fn (string $point) => [$point], $points));
    }

    public function testADeletedServiceEndsThoughItsRowIsGone(): void
    {
        $id = Shop::order();
        Records::started($id, Shop::ENTRY, 'fra1');
        Capsule::table('tblhosting')->delete();
        FakeGateway::answers([
            "GET /v1/services/$id" => [200, ['phase' => 'waiting', 'ready' => false] + self::STATUS],
            "POST /v1/services/$id/terminate" => self::signalled('pending', null),
        ]);
        $this->happens('ServiceDelete', ['serviceid' => $id, 'clientId' => 7]);
        $this->assertContains("POST /v1/services/$id/terminate", self::calls());
    }

    public function testAServiceOfAnotherModuleIsDeletedWithoutTrace(): void
    {
        $this->happens('ServiceDelete', ['serviceid' => 4711]);
        $this->assertSame(['GET /v1/services/4711'], self::calls());
        $this->assertFalse(Records::known(4711));
        Capsule::table('tblservers')->delete();
        FakeGateway::answers([]);
        $this->happens('ServiceDelete', ['serviceid' => 4711]);
        $this->assertSame([], self::calls());
    }

    public function testARefundOnlyRaisesAttention(): void
    {
        $id = Shop::order(['domainstatus' => 'Active']);
        $gone = Shop::order(['domainstatus' => 'Terminated']);
        Capsule::table('tblinvoiceitems')->insert(['invoiceid' => 1, 'type' => 'Hosting', 'relid' => $gone]);
        $this->happens('InvoiceRefunded', ['invoiceid' => 1]);
        $this->assertSame([], self::calls());
        $this->assertStringContainsString('refunded', Records::notice($id));
        $this->assertSame('', Records::notice($gone));
        Capsule::table('tblinvoiceitems')->insert(['invoiceid' => 77, 'type' => 'Invoice', 'relid' => 1]);
        $this->happens('InvoiceRefunded', ['invoiceid' => 77]);
        $this->assertStringContainsString('Invoice 77 was refunded', Records::notice($id), 'one payment for many invoices');
    }

    public function testWhatWasDoneCompletesTheRowsThatItUndid(): void
    {
        $id = Shop::order(['domainstatus' => 'Suspended']);
        foreach (['UnsuspendAccount', 'SuspendAccount', 'TerminateAccount'] as $action) {
            Capsule::table('tblmodulequeue')->insert(['service_id' => $id, 'module_name' => 'metalease', 'module_action' => $action]);
        }
        $open = static fn (): array => Capsule::table('tblmodulequeue')->where('completed', 0)->pluck('module_action')->all();
        $this->happens('AfterModuleSuspend', ['params' => ['moduletype' => 'cpanel', 'serviceid' => $id]]);
        $this->assertCount(3, $open());
        $this->happens('AfterModuleSuspend', ['params' => ['moduletype' => 'metalease', 'serviceid' => $id]]);
        $this->assertSame(['TerminateAccount'], $open(), 'a late Unsuspend would lift what was blocked since');
        $this->happens('AfterModuleTerminate', ['params' => ['moduletype' => 'metalease', 'serviceid' => $id]]);
        $this->assertSame([], $open());
    }

    public function testNoUpgradeIsOffered(): void
    {
        $id = Shop::order(['domainstatus' => 'Active']);
        [$vars] = $this->happens('ClientAreaPageUpgrade', ['id' => $id, 'upgradepackages' => [1, 2]]);
        $this->assertSame([], $vars['upgradepackages']);
        $this->assertStringContainsString('cannot be changed', $vars['errormessage']);
        $this->assertTrue($vars['upgradenotavailable'], 'what the templates six and twenty-one show an alert for');
        $this->assertStringContainsString('cannot be changed', $vars['upgradeinvaliderror']);
        $this->assertSame([[]], $this->happens('ClientAreaPageUpgrade', ['id' => 4711]));
    }

    public function testAHookFileThatWasLeftBehindDoesNothing(): void
    {
        $before = Remembered::$hooks;
        $file = WebServer::folder() . '/metalease.php';
        copy(__DIR__ . '/../../../whmcs/module/includes/hooks/metalease.php', $file);
        require $file;
        $this->assertEquals($before, Remembered::$hooks);
    }

    public function testTheFirstOrderRecordsTheActivation(): void
    {
        Capsule::table('tblconfiguration')->delete();
        $this->happens('PreShoppingCartCheckout', ['products' => []]);
        $this->assertSame(self::TODAY, Capsule::table('tblconfiguration')->where('setting', 'MetaleaseActivated')->value('value'));
        $this->happens('PreShoppingCartCheckout', ['products' => []]);
        $this->assertSame(1, Capsule::table('tblconfiguration')->count());
    }
}
