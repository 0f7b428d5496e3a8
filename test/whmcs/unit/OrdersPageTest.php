<?php

declare(strict_types=1);

namespace MetaleaseTest;

use Carbon\Carbon;
use WHMCS\Database\Capsule;
use WHMCS\Module\Server\Metalease\Gateway\Signature;
use WHMCS\Module\Server\Metalease\Module\OrdersPage;
use WHMCS\Module\Server\Metalease\Module\Records;
use WHMCS\Module\Server\Metalease\Module\Start;

require_once __DIR__ . '/bootstrap.php';

/**
 * The page on which the worker reads orders: by the rule of the hooks, and without a trace.
 */
final class OrdersPageTest extends ModuleCase
{
    private const PATH = '/modules/servers/metalease/orders.php';

    /**
     * A call, signed as the worker signs it.
     *
     * @return array{0: int, 1: array<string, mixed>}
     */
    private function ask(string $body, string $secret = FakeGateway::SECRET): array
    {
        $server = ['REQUEST_METHOD' => 'POST', 'REQUEST_URI' => self::PATH];
        foreach (Signature::headers($secret, 'main', 'POST', self::PATH, $body, time()) as $name => $value) {
            $server['HTTP_' . strtoupper(strtr($name, '-', '_'))] = $value;
        }
        return OrdersPage::answer($server, $body);
    }

    /**
     * @return array<string, mixed> the one order
     */
    private function order(int $id, bool $prepare = false): array
    {
        [$status, $answer] = $this->ask((string) json_encode(['services' => [$id], 'prepare' => $prepare]));
        $this->assertSame(200, $status);
        $this->assertCount(1, $answer['orders']);
        return $answer['orders'][0];
    }

    /**
     * What a start sends, the page shows: one rule.
     */
    public function testTheOrdersOfTheTranscripts(): void
    {
        $zone = date_default_timezone_get();
        date_default_timezone_set('UTC');
        $compared = 0;
        foreach (Transcript::all() as $name => $transcript) {
            $sent = $transcript->order();
            if ($sent !== null) {
                $order = $this->order($transcript->open())['order'];
                ksort($order);
                $this->assertSame($sent, json_decode((string) json_encode($order), true), $name);
                $compared++;
            }
        }
        date_default_timezone_set($zone);
        $this->assertGreaterThan(5, $compared);
    }

    public function testWhatIsPaidIsDue(): void
    {
        Carbon::setTestNow('2026-02-02 12:00:00');
        $id = Shop::order();
        $order = $this->order($id);
        $this->assertSame([true, 'fra1', '', ''], [$order['due'], $order['panel'], $order['problem'], $order['notice']]);
        $this->assertSame($order['paid_at'], $order['order']['paid_at']);
        $this->assertStringStartsWith('2026-02-01T', $order['paid_at']);
        $this->assertFalse(Records::known($id), 'a look leaves no trace');
        $unpaid = Shop::order([], [], ['status' => 'Unpaid']);
        $this->assertSame([false, ''], [$this->order($unpaid)['due'], $this->order($unpaid)['paid_at']]);
        $fraud = Shop::order([], ['status' => 'Fraud']);
        $this->assertFalse($this->order($fraud)['due']);
    }

    public function testWhatStopsAnOrderIsSaid(): void
    {
        Shop::change('tblproducts', Shop::PRODUCT, ['configoption5' => '']);
        $id = Shop::order(['domain' => 'my web server']);
        $order = $this->order($id);
        $this->assertStringContainsString('"my web server" is no host name', $order['problem']);
        $this->assertSame('fra1', $order['panel']);
        $this->assertArrayNotHasKey('order', $order);
        Start::stop($id, 7, 'os_template must be a template id');
        $this->assertStringContainsString('os_template must be', $this->order($id)['notice']);

        Shop::change('tblhosting', $id, ['server' => 0]);
        $this->assertStringContainsString('No server entry', $this->order($id)['problem']);
    }

    public function testAPreparedOrderHasItsCredentials(): void
    {
        $id = Shop::order(['username' => '', 'password' => '']);
        $this->order($id);
        $this->assertSame('', Shop::service($id)->username);
        $this->assertArrayNotHasKey('paid_at', $this->order(Shop::order([], [], ['status' => 'Unpaid']))['order']);
        $answer = $this->order($id, true);
        $this->assertSame("u$id", Shop::service($id)->username);
        $password = decrypt((string) Shop::service($id)->password);
        $this->assertSame(16, strlen($password));
        $this->assertStringNotContainsString($password, (string) json_encode($answer));
        $unpaid = $this->order(Shop::order([], [], ['status' => 'Unpaid']), true);
        $this->assertNotSame('', $unpaid['order']['paid_at'], 'a place in the queue from now on');
    }

    public function testAnOrderThatCannotBeReadCostsNoOther(): void
    {
        $broken = Shop::order(['password' => '']);
        $whole = Shop::order();
        Capsule::connection()->getPdo()->exec("CREATE TRIGGER broken BEFORE UPDATE ON tblhosting WHEN old.id = $broken BEGIN SELECT RAISE(ABORT, 'the row is broken'); END");
        [$status, $answer] = $this->ask((string) json_encode(['services' => [$broken, $whole], 'prepare' => true]));
        $this->assertSame(200, $status);
        $this->assertSame(['WHMCS could not read this order', ''], array_column($answer['orders'], 'problem'));
        $this->assertStringNotContainsString('the row is broken', (string) json_encode($answer));
    }

    public function testCallsThatAreRefused(): void
    {
        $id = Shop::order();
        $this->assertSame(401, $this->ask("{\"services\":[$id]}", 'guess')[0]);
        foreach (['x', '{}', '{"services":[]}', '{"services":["1 OR 1=1"]}', '{"services":[' . implode(',', range(1, 201)) . ']}'] as $body) {
            $this->assertSame(422, $this->ask($body)[0], $body);
        }
        $this->assertSame([200, ['orders' => []]], $this->ask('{"services":[4711]}'));
        Capsule::schema()->drop('tblservers');
        $this->assertSame(500, $this->ask("{\"services\":[$id]}")[0]);
    }
}
