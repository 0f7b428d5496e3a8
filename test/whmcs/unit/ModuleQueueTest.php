<?php

declare(strict_types=1);

namespace MetaleaseTest;

use WHMCS\Database\Capsule;
use WHMCS\Module\Server\Metalease\Gateway\Gateways;
use WHMCS\Module\Server\Metalease\Hooks\Cron;
use WHMCS\Module\Server\Metalease\Hooks\Ending;

require_once __DIR__ . '/bootstrap.php';

/**
 * Rows of the module queue whose time is over.
 */
final class ModuleQueueTest extends ModuleCase
{
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

    /**
     * One run of the cron.
     */
    private static function cron(): void
    {
        $gateways = new Gateways();
        (new Cron($gateways, new Ending($gateways)))->run();
    }
}
