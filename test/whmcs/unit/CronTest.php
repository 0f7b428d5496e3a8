<?php

declare(strict_types=1);

namespace MetaleaseTest;

use WHMCS\Database\Capsule;
use WHMCS\Module\Server\Metalease\Gateway\Gateways;
use WHMCS\Module\Server\Metalease\Hooks\Cron;
use WHMCS\Module\Server\Metalease\Hooks\Ending;
use WHMCS\Module\Server\Metalease\Module\Records;
use WHMCS\Module\Server\Metalease\Module\Untold;

require_once __DIR__ . '/bootstrap.php';

/**
 * What is found again after each cron run, beside orders.
 */
final class CronTest extends ModuleCase
{
    public function testServicesOfTheOldModulesEntriesRaiseNoAlarm(): void
    {
        Capsule::table('tblservers')->insert(['id' => 9, 'type' => 'dcimanager', 'name' => 'Old', 'hostname' => 'dci.example.com']);
        foreach (range(1, 25) as $_) {
            Capsule::table('mod_ispsystem')->insert(['serviceid' => Shop::order(['domainstatus' => 'Terminated', 'server' => 9]), 'external_id' => '5']);
        }
        self::cron();
        self::cron();
        $this->assertCount(25, self::calls(), 'each is asked for once, twenty in a run');
        $this->assertSame([], Remembered::$api);
        $this->assertSame(25, Capsule::table('mod_ispsystem')->where('external_id', '5')->count(), 'what metalease never had stays as it is');
    }

    /**
     * @dataProvider payments
     * @param array<int, mixed>|null $reply null for a gateway that is down
     * @param list<string>           $again
     */
    public function testAPaymentThatNobodyTookIsSaidAgain(string $function, ?array $reply, array $again): void
    {
        $id = Shop::order(['domainstatus' => 'Suspended', 'nextduedate' => '2026-03-01']);
        Shop::change('tblhosting', $id, ['nextduedate' => '2026-04-01']);
        Shop::change('tblservers', Shop::ENTRY, ['port' => $reply === null ? 1 : FakeGateway::port()]);
        FakeGateway::answers([FakeGateway::ANY => $reply ?? []]);
        $this->assertNotSame('success', $function($this->params($id)));
        self::cron();
        Shop::change('tblservers', Shop::ENTRY, ['port' => FakeGateway::port()]);
        FakeGateway::answers(["GET /v1/services/$id" => [200, self::STATUS], FakeGateway::ANY => self::signalled('applied')]);
        self::cron();
        $this->assertSame(["GET /v1/services/$id", ...array_map(static fn (string $one) => "POST /v1/services/$id/$one", $again)], self::calls());
        $this->assertSame('2026-04-01', $this->body("POST /v1/services/$id/renew")['expires_at']);
        FakeGateway::answers([]);
        self::cron();
        $this->assertSame([], self::calls(), 'and once');
    }

    /**
     * @return array<string, array{0: string, 1: array<int, mixed>|null, 2: list<string>}>
     */
    public static function payments(): array
    {
        $down = self::problem(503, 'temporal-unavailable');
        [$clock, $copy] = [self::problem(401, 'stale'), self::problem(403, 'wrong-system')];
        return [
            'a renewal, with a wrong clock' => ['metalease_Renew', $clock, ['renew']],
            'a renewal, refused to this WHMCS' => ['metalease_Renew', $copy, ['renew']],
            'an unblock, with a wrong clock' => ['metalease_UnsuspendAccount', $clock, ['unsuspend', 'renew']],
            'a renewal' => ['metalease_Renew', null, ['renew']],
            'a renewal, without Temporal' => ['metalease_Renew', $down, ['renew']],
            'an unblock' => ['metalease_UnsuspendAccount', null, ['unsuspend', 'renew']],
            'an unblock, without Temporal' => ['metalease_UnsuspendAccount', $down, ['unsuspend', 'renew']],
        ];
    }

    public function testAPaymentIsRememberedBeforeItIsSent(): void
    {
        $id = Shop::order(['domainstatus' => 'Active', 'nextduedate' => '2026-04-01']);
        FakeGateway::answers(["POST /v1/services/$id/renew" => self::signalled('applied')]);
        Capsule::connection()->setEventDispatcher(new \Illuminate\Events\Dispatcher());
        Capsule::connection()->listen(static function ($query) use (&$at): void {
            $at[] = str_contains($query->sql, 'mod_metalease_untold') && str_starts_with($query->sql, 'insert') ? count(FakeGateway::calls()) : -1;
        });
        metalease_Renew($this->params($id));
        $this->assertContains(0, $at, 'PHP may be ended in the middle of the call');
        $this->assertSame([], Untold::all());
    }

    /**
     * @dataProvider overtaken
     */
    public function testAPaymentThatWasOvertakenIsNotSaidAgain(callable $since): void
    {
        $id = Shop::order(['domainstatus' => 'Suspended', 'nextduedate' => '2026-03-01']);
        Shop::change('tblservers', Shop::ENTRY, ['port' => 1]);
        metalease_UnsuspendAccount($this->params($id));
        Shop::change('tblservers', Shop::ENTRY, ['port' => FakeGateway::port()]);
        FakeGateway::answers(["GET /v1/services/$id" => [200, self::STATUS], FakeGateway::ANY => self::signalled('applied')]);
        $since($id, $this->params($id));
        $before = count(self::calls());
        self::cron();
        self::cron();
        $this->assertSame([], preg_grep('~/(renew|unsuspend)$~', array_slice(self::calls(), $before)));
    }

    /**
     * @return array<string, array{0: callable}>
     */
    public static function overtaken(): array
    {
        return [
            'blocked for abuse since' => [static fn (int $id, array $params) => metalease_SuspendAccount(['suspendreason' => 'abuse'] + $params)],
            'unpaid again' => [static fn (int $id, array $params) => metalease_SuspendAccount(['suspendreason' => 'Overdue on Payment'] + $params)],
            'no longer paid' => [static function (int $id): void {
                Untold::forget($id);
                Untold::add($id, 'renew');
                Shop::change('tblhosting', $id, ['domainstatus' => 'Active', 'nextduedate' => '2026-03-01']);
            }],
            'terminated' => [static fn (int $id) => Shop::change('tblhosting', $id, ['domainstatus' => 'Terminated'])],
            'unknown to metalease' => [static fn () => FakeGateway::answers([])],
        ];
    }

    public function testAnEndThatNobodyTookIsSentAgain(): void
    {
        $id = Shop::order();
        Records::started($id, Shop::ENTRY, 'fra1');
        Shop::change('tblservers', Shop::ENTRY, ['port' => 1]);
        (new Ending(new Gateways()))->order(1, 'the order was cancelled');
        Shop::change('tblhosting', $id, ['domainstatus' => 'Cancelled']);
        Shop::change('tblservers', Shop::ENTRY, ['port' => FakeGateway::port()]);
        $replies = ["GET /v1/services/$id" => [200, ['phase' => 'pending', 'ready' => false] + self::STATUS]];
        FakeGateway::answers($replies + ["POST /v1/services/$id/terminate" => self::problem(503, 'temporal-unavailable')]);
        self::cron();
        FakeGateway::answers($replies + ["POST /v1/services/$id/terminate" => self::signalled('pending', null)]);
        self::cron();
        self::cron();
        $this->assertSame('the order was cancelled in WHMCS', $this->body("POST /v1/services/$id/terminate")['reason']);
    }

    public function testAnEndThatStaffTookBackIsNotSent(): void
    {
        $id = Shop::order();
        Records::wantEnd($id, 'the order was cancelled');
        FakeGateway::answers(["GET /v1/services/$id" => [200, ['phase' => 'pending', 'ready' => false] + self::STATUS]]);
        self::cron();
        $this->assertNotContains("POST /v1/services/$id/terminate", self::calls());
        $this->assertSame([], Records::wantedEnds());
    }

    public function testTheOldTableForgetsTheServersOfServicesThatAreOver(): void
    {
        $ids = [];
        foreach (['Terminated', 'Cancelled', 'Terminated', 'Active', 'Terminated'] as $status) {
            $ids[] = $id = Shop::order(['domainstatus' => $status]);
            Capsule::table('mod_ispsystem')->insert(['serviceid' => $id, 'external_id' => "9$id"]);
        }
        [$released, $cancelled, $releasing, , $unknown] = $ids;
        $ids[] = $detached = Shop::order(['domainstatus' => 'Terminated']);
        Capsule::table('mod_ispsystem')->insert(['serviceid' => $detached, 'external_id' => '99']);
        $over = [200, ['phase' => 'released', 'closed' => true] + self::STATUS];
        FakeGateway::answers([
            "GET /v1/services/$released" => $over, "GET /v1/services/$cancelled" => $over, "GET /v1/services/$releasing" => [200, ['phase' => 'releasing'] + self::STATUS],
            "GET /v1/services/$detached" => [200, ['phase' => 'active', 'closed' => true] + self::STATUS],
        ]);
        self::cron();
        $kept = Capsule::table('mod_ispsystem')->where('external_id', '!=', '')->pluck('serviceid')->all();
        $this->assertSame([$releasing, $ids[3], $unknown, $detached], array_map('intval', $kept));
        FakeGateway::answers([]);
        self::cron();
        $this->assertSame(["GET /v1/services/$releasing"], self::calls(), 'what nobody looks after is asked for once');
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
