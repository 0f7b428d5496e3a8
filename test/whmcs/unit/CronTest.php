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
 * What is found again after each cron run.
 */
final class CronTest extends ModuleCase
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

    /**
     * @dataProvider rows
     */
    public function testARowWhoseTimeIsOverIsCompleted(string $action, string $status, string $due, string $error, bool $over): void
    {
        $id = Shop::order(['domainstatus' => $status, 'nextduedate' => $due], [], ['status' => 'Unpaid']);
        $row = static fn (string $module) => Capsule::table('tblmodulequeue')->insert([
            'service_type' => 'service', 'service_id' => $id, 'module_name' => $module, 'module_action' => $action, 'completed' => 0, 'last_attempt_error' => $error,
        ]);
        $row('metalease');
        $row('cpanel');
        self::cron();
        $this->assertSame($over ? [1] : [], Capsule::table('tblmodulequeue')->where('completed', 1)->pluck('id')->all());
    }

    /**
     * @return array<string, array{0: string, 1: string, 2: string, 3: string, 4: bool}>
     */
    public static function rows(): array
    {
        [$past, $ahead] = ['2026-03-01', '2026-04-01'];
        return [
            'the false failure of autosetup' => ['CreateAccount', 'Active', $ahead, 'In progress', true],
            'not built yet' => ['CreateAccount', 'Pending', $ahead, 'In progress', false],
            'it would be built anew' => ['CreateAccount', 'Terminated', $past, 'In progress', true],
            'blocked by now' => ['SuspendAccount', 'Suspended', $past, 'Unpaid: Not yet', true],
            'still to be blocked' => ['SuspendAccount', 'Active', $past, 'Unpaid: Not yet', false],
            'paid since' => ['SuspendAccount', 'Active', $ahead, 'Unpaid: Not yet', true],
            'paid, but blocked for abuse' => ['SuspendAccount', 'Active', $ahead, 'Not yet', false],
            'unblocked by now' => ['UnsuspendAccount', 'Active', $ahead, 'Not yet', true],
            'still blocked' => ['UnsuspendAccount', 'Suspended', $ahead, 'Not yet', false],
            'released by now' => ['TerminateAccount', 'Terminated', $past, 'Not yet', true],
            'still to be released' => ['TerminateAccount', 'Suspended', $past, 'Not yet', false],
            'no life to renew' => ['Renew', 'Terminated', $past, 'Not yet', true],
        ];
    }

    public function testARenewalThatTheCronSaysCompletesItsRow(): void
    {
        $id = Shop::order(['domainstatus' => 'Active', 'nextduedate' => '2026-04-01']);
        Shop::change('tblservers', Shop::ENTRY, ['port' => 1]);
        metalease_Renew($this->params($id));
        foreach (['Renew', 'SuspendAccount'] as $action) {
            Capsule::table('tblmodulequeue')->insert(['service_id' => $id, 'module_name' => 'metalease', 'module_action' => $action]);
        }
        Shop::change('tblservers', Shop::ENTRY, ['port' => FakeGateway::port()]);
        FakeGateway::answers(["GET /v1/services/$id" => [200, self::STATUS], "POST /v1/services/$id/renew" => self::signalled('applied')]);
        self::cron();
        $this->assertSame(['SuspendAccount'], Capsule::table('tblmodulequeue')->where('completed', 0)->pluck('module_action')->all());
    }

    /**
     * @dataProvider terminations
     */
    public function testALateTerminationDoesNotReachWhoHasPaidSince(string $status, string $attempt, string $due, bool $over): void
    {
        $id = Shop::order(['domainstatus' => $status, 'nextduedate' => $due], [], ['datepaid' => '2026-03-08 12:00:00']);
        Capsule::table('tblmodulequeue')->insert([
            'service_id' => $id, 'module_name' => 'metalease', 'module_action' => 'TerminateAccount', 'last_attempt' => $attempt, 'last_attempt_error' => 'cannot be reached',
        ]);
        self::cron();
        $this->assertSame($over ? 1 : 0, (int) Capsule::table('tblmodulequeue')->value('completed'));
    }

    /**
     * @return array<string, array{0: string, 1: string, 2: string, 3: bool}>
     */
    public static function terminations(): array
    {
        return [
            'paid since' => ['Active', '2026-03-07 03:00:00', '2026-04-01', true],
            'paid before staff terminated it' => ['Active', '2026-03-09 03:00:00', '2026-04-01', false],
            'paid, and still overdue' => ['Active', '2026-03-07 03:00:00', '2026-03-01', false],
            'paid, and still blocked' => ['Suspended', '2026-03-07 03:00:00', '2026-04-01', false],
        ];
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
