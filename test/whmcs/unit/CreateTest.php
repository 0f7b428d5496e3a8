<?php

declare(strict_types=1);

namespace MetaleaseTest;

use WHMCS\Database\Capsule;
use WHMCS\Module\Server\Metalease\Module\Records;

require_once __DIR__ . '/bootstrap.php';

/**
 * CreateAccount: a question that builds one server however often it is asked.
 */
final class CreateTest extends ModuleCase
{
    public function testAnUnknownServiceIsStarted(): void
    {
        $id = Shop::order();
        FakeGateway::answers(['POST /v1/services' => [201, ['service_id' => $id, 'started' => true]]]);
        $this->assertStringStartsWith('In progress', metalease_CreateAccount($this->params($id)));
        $this->assertSame(["GET /v1/services/$id", 'POST /v1/services'], self::calls());
        $this->assertEquals([
            'service_id' => $id, 'client_id' => 7, 'order_id' => 1, 'paid_at' => '2026-02-01T00:30:00Z', 'panel' => 'fra1',
            'package' => 'E3-16G', 'os_template' => 'ISPsystem__Debian-12', 'ipv4' => 0, 'ipv6' => 0, 'domain' => "s$id.example.com",
        ], $this->body('POST /v1/services'));
    }

    public function testSuccessOnlyWhenReady(): void
    {
        $id = Shop::order();
        Capsule::table('mod_ispsystem')->insert(['serviceid' => $id, 'external_id' => '', 'mac' => 'aa:bb']);
        FakeGateway::answers(["GET /v1/services/$id" => [200, ['phase' => 'pending'] + self::STATUS]]);
        $this->assertSame('success', metalease_CreateAccount($this->params($id)));
        $this->assertSame(["GET /v1/services/$id"], self::calls());
        $this->assertTrue(Records::wasHandedOver($id));
        $old = Capsule::table('mod_ispsystem')->where('serviceid', $id)->first();
        $this->assertSame(['12', 'A1-12', 'aa:bb'], [$old->external_id, $old->label, $old->mac], 'the old module finds the server');
    }

    /**
     * @dataProvider states
     * @param array<string, mixed> $status
     * @param list<string>         $words
     */
    public function testWhatIsGoingOnIsSaid(array $status, array $words): void
    {
        $id = Shop::order();
        FakeGateway::answers(["GET /v1/services/$id" => [200, $status + ['ready' => false] + self::STATUS]]);
        $said = metalease_CreateAccount($this->params($id));
        foreach ($words as $word) {
            $this->assertStringContainsString($word, $said);
        }
        $this->assertFalse(Records::wasHandedOver($id));
    }

    /**
     * @return array<string, array{0: array<string, mixed>, 1: list<string>}>
     */
    public static function states(): array
    {
        $in = static fn (int $seconds) => gmdate('Y-m-d\TH:i:s\Z', time() + $seconds);
        return [
            'installing' => [['phase' => 'pending', 'step' => 'install', 'install' => ['deadline' => $in(419)]], ['installing', 'step 5 of 6', '7 minutes left']],
            'nearly late' => [['phase' => 'pending', 'step' => 'install', 'install' => ['deadline' => $in(55)]], ['at most 1 minute left']],
            'choosing' => [['phase' => 'pending', 'step' => 'claim', 'steps' => [['step' => 'claim', 'began' => $in(600)]]], ['step 2 of 6', 'at most 15 minutes left']],
            'late' => [['phase' => 'pending', 'step' => 'install', 'install' => ['deadline' => $in(-5)]], ['later than it should be']],
            'before the first step' => [['phase' => 'pending'], ['In progress']],
            'waiting' => [['phase' => 'waiting', 'position' => 3], ['no server of the package "E3-16G" is free', 'place 3']],
            'attention' => [
                ['phase' => 'attention', 'attention' => ['code' => 'install_failed', 'message' => 'The install failed.', 'actions' => ['retry', 'accept', 'detach']]],
                ['Needs attention: The install failed. You can: Retry, Accept, detach.'],
            ],
            'trouble' => [
                ['phase' => 'pending', 'step' => 'claim', 'trouble' => [['where' => 'panel fra1', 'last_error' => 'connection refused']]],
                ['panel fra1', 'connection refused'],
            ],
            'ended without a release' => [['phase' => 'pending', 'closed' => true, 'ending' => 'terminated'], ['Nobody looks after', 'starter start']],
            'releasing' => [['phase' => 'releasing', 'ready' => true], ['given back']],
        ];
    }

    /**
     * @dataProvider shown
     */
    public function testWhatIsNotPendingIsNotBuilt(string $status, string $words): void
    {
        $id = Shop::order(['domainstatus' => $status]);
        $this->assertStringContainsString($words, metalease_CreateAccount($this->params($id)));
        $this->assertSame([], self::calls());
        $this->assertSame($status, Shop::service($id)->domainstatus);
    }

    /**
     * @return array<string, array{0: string, 1: string}>
     */
    public static function shown(): array
    {
        return [
            'active' => ['Active', 'already created, nothing done'], 'suspended' => ['Suspended', 'already created, nothing done'],
            'cancelled' => ['Cancelled', 'set it to Pending'], 'fraud' => ['Fraud', 'set it to Pending'],
        ];
    }

    public function testATerminatedServiceStartsAnew(): void
    {
        $id = Shop::order(['domainstatus' => 'Terminated']);
        FakeGateway::answers(['POST /v1/services' => [201, ['started' => true]]]);
        $this->assertStringStartsWith('In progress', metalease_CreateAccount($this->params($id)));
        $body = $this->body('POST /v1/services');
        $this->assertTrue($body['restart']);
        $this->assertSame('2026-03-09T23:00:00Z', $body['paid_at'], 'it does not go before those who paid since');
        $this->assertSame('Pending', Shop::service($id)->domainstatus, 'the worker builds for Pending services only');
    }

    public function testATerminatedServiceStaysSoWhenItCannotStart(): void
    {
        $id = Shop::order(['domainstatus' => 'Terminated']);
        FakeGateway::answers(['POST /v1/services' => self::problem(422, 'invalid-order', 'The order is wrong')]);
        $this->assertStringContainsString('The order is wrong', metalease_CreateAccount($this->params($id)));
        $this->assertSame('Terminated', Shop::service($id)->domainstatus);
        Shop::change('tblservers', Shop::ENTRY, ['port' => 1]);
        $this->assertStringContainsString('cannot be reached', metalease_CreateAccount($this->params($id)));
        $this->assertSame('Terminated', Shop::service($id)->domainstatus);
    }

    public function testATerminatedServiceThatIsNotOverStaysSo(): void
    {
        $id = Shop::order(['domainstatus' => 'Terminated']);
        foreach ([[200, ['phase' => 'releasing'] + self::STATUS], self::problem(503, 'worker-unavailable', 'No worker answers')] as $reply) {
            FakeGateway::answers(["GET /v1/services/$id" => $reply]);
            $this->assertMatchesRegularExpression('/being given back|No worker answers/', metalease_CreateAccount($this->params($id)));
            $this->assertSame(["GET /v1/services/$id"], self::calls());
            $this->assertSame('Terminated', Shop::service($id)->domainstatus);
        }
    }

    public function testAfterALostReplyTheQuestionGoesOn(): void
    {
        $id = Shop::order(['domainstatus' => 'Terminated']);
        $over = [200, ['phase' => 'released', 'closed' => true, 'ready' => false] + self::STATUS];
        FakeGateway::answers(["GET /v1/services/$id" => $over, 'POST /v1/services' => [502, 'Bad Gateway']]);
        metalease_CreateAccount($this->params($id));
        $this->assertSame('Pending', Shop::service($id)->domainstatus, 'it may have begun');
        FakeGateway::answers(["GET /v1/services/$id" => $over, 'POST /v1/services' => [201, []]]);
        metalease_CreateAccount($this->params($id));
        $this->assertTrue($this->body('POST /v1/services')['restart']);
    }

    public function testAReleasedServiceThatStaffSetToPendingStartsAnew(): void
    {
        $id = Shop::order();
        FakeGateway::answers([
            "GET /v1/services/$id" => [200, ['phase' => 'released', 'closed' => true, 'ready' => false] + self::STATUS], 'POST /v1/services' => [201, []],
        ]);
        metalease_CreateAccount($this->params($id));
        $this->assertTrue($this->body('POST /v1/services')['restart']);
    }

    public function testOnlyTheGatewaysOwnWordMeansUnknown(): void
    {
        $id = Shop::order();
        foreach ([self::problem(404, 'unknown-path'), self::problem(503, 'worker-unavailable', 'No worker answers'), [404, '<html>'], [502, 'Bad Gateway']] as $reply) {
            FakeGateway::answers(["GET /v1/services/$id" => $reply]);
            $this->assertNotSame('success', metalease_CreateAccount($this->params($id)));
            $this->assertSame(["GET /v1/services/$id"], self::calls(), 'nothing is started');
        }
    }

    public function testAWrongOrderNamesItsFields(): void
    {
        $id = Shop::order();
        [$status, $body] = self::problem(422, 'invalid-order', 'The order is wrong');
        FakeGateway::answers(['POST /v1/services' => [$status, $body + ['errors' => [['field' => 'os_template', 'reason' => 'must be a template id']]]]]);
        $this->assertSame('The order is wrong: os_template must be a template id.', metalease_CreateAccount($this->params($id)));
    }
}
