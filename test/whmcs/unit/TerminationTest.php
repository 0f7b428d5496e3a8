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
 * TerminateAccount is final, and never says so too early.
 */
final class TerminationTest extends ModuleCase
{
    private const MARKED = 'GET /v1/panels/fra1/servers';

    public function testSuccessWhenTheCustomerIsCutOff(): void
    {
        $id = Shop::order(['domainstatus' => 'Active']);
        Capsule::table('mod_ispsystem')->insert(['serviceid' => $id, 'external_id' => '12']);
        FakeGateway::answers(["POST /v1/services/$id/terminate" => self::signalled('applied', ['phase' => 'releasing'])]);
        $this->assertSame('success', metalease_TerminateAccount($this->params($id)));
        $this->assertSame('', Capsule::table('mod_ispsystem')->where('serviceid', $id)->value('external_id'), 'or the old module would install it again');
        $this->assertSame('terminated in WHMCS', $this->body("POST /v1/services/$id/terminate")['reason']);
    }

    public function testNotBefore(): void
    {
        $id = Shop::order(['domainstatus' => 'Active']);
        Capsule::table('mod_ispsystem')->insert(['serviceid' => $id, 'external_id' => '12']);
        foreach ([self::signalled('pending'), self::signalled('applied', null), self::problem(503, 'temporal-unavailable'), [502, '<html>']] as $reply) {
            FakeGateway::answers(["POST /v1/services/$id/terminate" => $reply]);
            $this->assertNotSame('success', metalease_TerminateAccount($this->params($id)));
        }
        FakeGateway::answers(["POST /v1/services/$id/terminate" => self::signalled('applied', null)]);
        $this->assertStringContainsString('Not confirmed', metalease_TerminateAccount($this->params($id)));
        $this->assertSame('12', Capsule::table('mod_ispsystem')->where('serviceid', $id)->value('external_id'));
    }

    public function testABusyWorkerIsAskedOnceMore(): void
    {
        $id = Shop::order(['domainstatus' => 'Active']);
        FakeGateway::answers([
            "POST /v1/services/$id/terminate" => self::signalled('applied', null), "GET /v1/services/$id" => [200, ['phase' => 'releasing'] + self::STATUS],
        ]);
        $this->assertSame('success', metalease_TerminateAccount($this->params($id)));
    }

    public function testAnUnknownServiceWithoutAServerIsOver(): void
    {
        $id = Shop::order();
        FakeGateway::answers([self::MARKED => [200, ['servers' => []]]]);
        $this->assertSame('success', metalease_TerminateAccount($this->params($id)));
        $this->assertSame("service_id=$id", rtrim(FakeGateway::calls()[1]['query'], '?'));
    }

    public function testAnUnknownServiceWithOurMarkIsNot(): void
    {
        $id = Shop::order();
        FakeGateway::answers([self::MARKED => [200, ['servers' => [['id' => '12', 'label' => 'A1-12', 'mark' => 'x']]]]]);
        $this->assertStringContainsString('server 12 (A1-12) of the panel fra1 carries its mark', metalease_TerminateAccount($this->params($id)));
    }

    public function testWhoCannotLookDoesNotSaySuccess(): void
    {
        $id = Shop::order();
        FakeGateway::answers([self::MARKED => self::problem(503, 'worker-unavailable', 'No worker answers')]);
        $this->assertStringContainsString('No worker answers', metalease_TerminateAccount($this->params($id)));
    }

    /**
     * @dataProvider delivered
     */
    public function testAnUnknownServiceThatWasHandedOverIsNot(callable $deliver, string $words): void
    {
        $id = Shop::order(['domainstatus' => 'Active']);
        $deliver($id);
        FakeGateway::answers([self::MARKED => [200, ['servers' => []]]]);
        $said = metalease_TerminateAccount($this->params($id));
        $this->assertStringContainsString('handed over', $said);
        $this->assertStringContainsString($words, $said);
    }

    /**
     * @return array<string, array{0: callable, 1: string}>
     */
    public static function delivered(): array
    {
        return [
            'by this module' => [static fn (int $id) => Records::handOver($id), 'starter adopt'],
            'by the old module' => [static fn (int $id) => Capsule::table('mod_ispsystem')->insert(['serviceid' => $id, 'external_id' => '44']), 'with server 44'],
            'by hand' => [static fn (int $id) => Shop::change('tblhosting', $id, ['dedicatedip' => '192.0.2.9']), '192.0.2.9'],
        ];
    }

    public function testALifecycleThatWasEndedByHandReleasedNothing(): void
    {
        $id = Shop::order(['domainstatus' => 'Active', 'dedicatedip' => '192.0.2.12']);
        FakeGateway::answers([
            "POST /v1/services/$id/terminate" => self::signalled('applied', ['closed' => true, 'ending' => 'terminated', 'phase' => 'active'], 'nothing was released'),
            self::MARKED => [200, ['servers' => []]],
        ]);
        $this->assertStringContainsString('Nobody looks after', metalease_TerminateAccount($this->params($id)));
        FakeGateway::answers([
            "POST /v1/services/$id/terminate" => self::signalled('applied', ['closed' => true, 'ending' => 'completed', 'phase' => 'released'], 'already released'),
        ]);
        $this->assertSame('success', metalease_TerminateAccount($this->params($id)));
    }

    public function testTheButtonIsTheSame(): void
    {
        $id = Shop::order(['domainstatus' => 'Active']);
        FakeGateway::answers(["POST /v1/services/$id/terminate" => self::signalled('applied', ['phase' => 'releasing'])]);
        $this->assertSame('success', metalease_releasenow($this->params($id)));
    }

    /**
     * @dataProvider over
     */
    public function testAReleasedServiceShowsNoAddress(string $how): void
    {
        $id = Shop::order(['domainstatus' => $how === 'here' ? 'Active' : $how, 'dedicatedip' => '192.0.2.12', 'assignedips' => "192.0.2.13\n192.0.2.14"]);
        $released = ['phase' => 'released', 'closed' => true];
        FakeGateway::answers(["POST /v1/services/$id/terminate" => self::signalled('applied', $released), "GET /v1/services/$id" => [200, $released + self::STATUS]]);
        $how === 'here' ? metalease_TerminateAccount($this->params($id)) : (new Cron(new Gateways(), new Ending(new Gateways())))->run();
        $this->assertSame(['', ''], [Shop::service($id)->dedicatedip, Shop::service($id)->assignedips]);
    }

    /**
     * @return array<string, array{0: string}>
     */
    public static function over(): array
    {
        return ['by Terminate' => ['here'], 'by hand, released by metalease' => ['Terminated'], 'cancelled' => ['Cancelled']];
    }

    public function testAServiceThatIsNotReleasedKeepsItsAddress(): void
    {
        $id = Shop::order(['domainstatus' => 'Terminated', 'dedicatedip' => '192.0.2.12']);
        FakeGateway::answers(["GET /v1/services/$id" => [200, self::STATUS], "POST /v1/services/$id/terminate" => self::signalled('pending')]);
        metalease_TerminateAccount($this->params($id));
        (new Cron(new Gateways(), new Ending(new Gateways())))->run();
        $this->assertSame('192.0.2.12', Shop::service($id)->dedicatedip);
    }
}
