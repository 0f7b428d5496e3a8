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
 * WHMCS's own stock control follows the stock of the panels.
 */
final class StockTest extends ModuleCase
{
    private const CATALOGUE = 'GET /v1/catalogue';

    protected function setUp(): void
    {
        parent::setUp();
        Shop::change('tblproducts', Shop::PRODUCT, ['stockcontrol' => 0, 'qty' => 7]);
        Capsule::table('tblproducts')->insert([
            ['id' => 2, 'name' => 'Another', 'servertype' => 'metalease', 'stockcontrol' => 1, 'qty' => 7],
            ['id' => 3, 'name' => 'Web space', 'servertype' => 'cpanel', 'stockcontrol' => 1, 'qty' => 7],
        ]);
    }

    /**
     * @dataProvider settings
     * @param array<int, array{0: int, 1: int}> $wanted stock control and number of each product that changes
     */
    public function testTheCartSellsWhatThePanelsHave(string $setting, mixed $stock, array $wanted): void
    {
        self::set($setting);
        FakeGateway::answers([self::CATALOGUE => self::sells($stock, 1, 2, 3)]);
        self::cron();
        $this->assertEquals($wanted + [1 => [0, 7], 2 => [1, 7], 3 => [1, 7]], self::shelves());
        $this->assertSame([], Remembered::$api, 'nothing is wrong');
    }

    /**
     * @return array<string, array{0: string, 1: mixed, 2: array<int, array{0: int, 1: int}>}>
     */
    public static function settings(): array
    {
        $three = ['free' => 3, 'held' => 2, 'as_of' => '2026-03-10T08:00:00Z'];
        return [
            'off' => ['', $three, []],
            'one' => ['1', $three, [1 => [1, 3]]],
            'two' => [' 2, 1,', $three, [1 => [1, 3], 2 => [1, 3]]],
            'all of this module' => ['All', $three, [1 => [1, 3], 2 => [1, 3]]],
            'none is free' => ['1', ['free' => 0] + $three, [1 => [1, 0]]],
            'unknown is not zero' => ['all', null, []],
            'no number' => ['all', ['free' => '3'] + $three, []],
            'below zero' => ['all', ['free' => -1] + $three, []],
            'of another shape' => ['all', 'x', []],
        ];
    }

    public function testTheNewestReadingCounts(): void
    {
        self::set('all');
        FakeGateway::answers([self::CATALOGUE => [self::sells(['free' => 3], 1), self::sells(['free' => 5], 1), self::sells(null, 1)]]);
        self::cron();
        Capsule::table('tblproducts')->where('id', 1)->decrement('qty'); // an order in WHMCS
        self::cron();
        Capsule::table('tblproducts')->where('id', 1)->decrement('qty');
        self::cron();
        $this->assertEquals([1, 4], self::shelves()[1], 'an unknown stock leaves what WHMCS counts by itself');
        $this->assertEquals([1, 7], self::shelves()[2], 'what is not in the catalogue');
    }

    public function testWhatIsBeingPaidStaysTakenAway(): void
    {
        self::set('1');
        $unpaid = [[], ['date' => '2026-03-10 07:50:00'], ['status' => 'Unpaid']];
        Shop::order(...$unpaid);
        Shop::order(...$unpaid);
        Shop::order(['packageid' => 2], ...array_slice($unpaid, 1));
        Shop::order(['ns1' => 'cart-0a1b2c3d'], ...array_slice($unpaid, 1)); // held for its shop: not free any more
        Shop::order([], ['date' => '2026-03-10 07:40:00'], ['status' => 'Unpaid']); // holds no server for ever
        Shop::order(['domainstatus' => 'Cancelled'], ...array_slice($unpaid, 1));
        Records::started(Shop::order(...$unpaid), Shop::ENTRY, 'fra1');
        FakeGateway::answers([self::CATALOGUE => [self::sells(['free' => 3], 1), self::sells(['free' => 1], 1)]]);
        self::cron();
        $this->assertEquals([1, 1], self::shelves()[1]);
        self::cron();
        $this->assertEquals([1, 0], self::shelves()[1], 'and never less than none');
    }

    public function testNobodyIsAskedWithoutTheSetting(): void
    {
        self::cron();
        $this->assertSame([], self::calls());
    }

    /**
     * @dataProvider silences
     * @param array<int, mixed> $reply
     */
    public function testWhoDoesNotKnowChangesNothing(array $reply): void
    {
        self::set('all');
        FakeGateway::answers([self::CATALOGUE => $reply]);
        self::cron();
        $this->assertEquals([0, 7], self::shelves()[1]);
        $this->assertSame([], Remembered::$api);
    }

    /**
     * @return array<string, array{0: array<int, mixed>}>
     */
    public static function silences(): array
    {
        return [
            'WHMCS does not answer metalease' => [self::problem(502, 'whmcs-failed')],
            'no JSON' => [[502, 'Bad Gateway']],
            'another copy of WHMCS' => [self::problem(403, 'wrong-system')],
            'no products' => [[200, ['products' => null]]],
            'products that are none' => [[200, ['products' => ['x', 7, ['product' => '1', 'stock' => ['free' => 1]]]]]],
        ];
    }

    public function testOneGatewayThatAnswersIsEnough(): void
    {
        self::set('all');
        foreach ([2 => '', 3 => '127.0.0.1', 4 => '127.0.0.1'] as $id => $host) {
            Capsule::table('tblservers')->insert(['id' => $id, 'type' => 'metalease', 'name' => "Panel $id", 'hostname' => $host, 'port' => FakeGateway::port(), 'password' => encrypt(FakeGateway::SECRET)]);
        }
        Shop::change('tblservers', Shop::ENTRY, ['port' => 1]);
        FakeGateway::answers([self::CATALOGUE => self::sells(['free' => 3], 1)]);
        self::cron();
        $this->assertEquals([1, 3], self::shelves()[1]);
        $this->assertSame([self::CATALOGUE], self::calls());
    }

    /**
     * @dataProvider faults
     */
    public function testASettingThatDoesNothingIsToldOfOnce(string $setting, bool $shop, string $told): void
    {
        self::set($setting);
        FakeGateway::answers($shop ? [self::CATALOGUE => self::sells(['free' => 3], 1)] : []);
        self::cron();
        self::cron();
        $this->assertCount(1, Remembered::$api);
        $this->assertStringContainsString($told, Remembered::$api[0][1]['message']);
        $this->assertSame($shop ? 3 : 7, (int) self::shelves()[1][1], 'what is right in it counts');
    }

    /**
     * @return array<string, array{0: string, 1: bool, 2: string}>
     */
    public static function faults(): array
    {
        return [
            'no shop' => ['all', false, 'only when its configuration has a shop'],
            'of another module' => ['1,3', true, '"3" is none'],
            'no number' => ['1, E3-16G', true, '"e3-16g" is none'],
        ];
    }

    private static function set(string $value): void
    {
        Capsule::table('tblconfiguration')->insert(['setting' => 'MetaleaseStockSync', 'value' => $value]);
    }

    /**
     * A catalogue with the same stock of each product.
     *
     * @return array{0: int, 1: array<string, mixed>}
     */
    private static function sells(mixed $stock, int ...$products): array
    {
        return [200, ['products' => array_map(static fn (int $id) => ['product' => $id, 'name' => 'Server', 'stock' => $stock], $products)]];
    }

    /**
     * Stock control and number of each product.
     *
     * @return array<int, array{0: int, 1: int}>
     */
    private static function shelves(): array
    {
        return Capsule::table('tblproducts')->get()->keyBy('id')->map(static fn (object $row) => [(int) $row->stockcontrol, (int) $row->qty])->all();
    }

    private static function cron(): void
    {
        $gateways = new Gateways();
        (new Cron($gateways, new Ending($gateways)))->run();
    }
}
