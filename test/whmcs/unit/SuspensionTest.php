<?php

declare(strict_types=1);

namespace MetaleaseTest;

use WHMCS\Database\Capsule;
use WHMCS\Module\Server\Metalease\Gateway\Gateways;
use WHMCS\Module\Server\Metalease\Hooks\Cron;
use WHMCS\Module\Server\Metalease\Hooks\Ending;

require_once __DIR__ . '/bootstrap.php';

/**
 * SuspendAccount, UnsuspendAccount and Renew.
 */
final class SuspensionTest extends ModuleCase
{
    /**
     * @dataProvider suspensions
     * @param array<string, mixed> $params
     * @param array<string, mixed> $body
     */
    public function testWhatIsSent(string $due, array $params, string $signal, array $body): void
    {
        $id = Shop::order(['domainstatus' => 'Active', 'nextduedate' => $due]);
        FakeGateway::answers(["POST /v1/services/$id/$signal" => self::signalled('applied')]);
        $this->assertSame('success', metalease_SuspendAccount($this->params($id, $params)));
        $sent = $this->body("POST /v1/services/$id/$signal");
        $this->assertSame('whmcs', $sent['source']);
        $this->assertMatchesRegularExpression('/^[0-9a-f]{32}$/', $sent['event_id']);
        $this->assertSame('2026-03-09T23:00:00.000Z', $sent['at']);
        $this->assertEquals($body, array_diff_key($sent, ['source' => 1, 'event_id' => 1, 'at' => 1]));
    }

    /**
     * @return array<string, array{0: string, 1: array<string, mixed>, 2: string, 3: array<string, mixed>}>
     */
    public static function suspensions(): array
    {
        $overdue = ['suspendreason' => 'Overdue on Payment'];
        return [
            'not paid' => ['2026-03-09', $overdue, 'expire', ['due' => '2026-03-09']],
            'a person\'s reason, though overdue' => ['2026-03-01', ['suspendreason' => 'abuse &amp; spam'], 'suspend', ['reason' => 'abuse & spam']],
            'WHMCS\'s words in a person\'s' => [
                '2026-03-01', ['suspendreason' => 'Not Overdue on Payment: police case'], 'suspend', ['reason' => 'Not Overdue on Payment: police case'],
            ],
            'WHMCS\'s words and more' => ['2026-03-01', ['suspendreason' => 'Overdue on Payment (fraud)'], 'suspend', ['reason' => 'Overdue on Payment (fraud)']],
            'no reason' => ['2026-03-01', [], 'suspend', ['reason' => 'suspended in WHMCS']],
        ];
    }

    /**
     * @dataProvider paid
     */
    public function testAnOldWordOfAnUnpaidServiceChangesNothing(string $due): void
    {
        $id = Shop::order(['domainstatus' => 'Active', 'nextduedate' => $due]);
        FakeGateway::answers(["GET /v1/services/$id" => [200, self::STATUS]]);
        $said = metalease_SuspendAccount($this->params($id, ['suspendreason' => 'Overdue on Payment']));
        $this->assertStringStartsWith('Unpaid: Nothing was done', $said);
        FakeGateway::answers(["GET /v1/services/$id" => [200, ['blocks' => [['reason' => 'expired', 'source' => 'whmcs']]] + self::STATUS]]);
        $said = metalease_SuspendAccount($this->params($id, ['suspendreason' => 'Overdue on Payment']));
        $this->assertSame('success', $said, 'WHMCS follows what is so');
        $this->assertSame(["GET /v1/services/$id"], self::calls(), 'and nothing is changed');
    }

    /**
     * @return array<string, array{0: string}>
     */
    public static function paid(): array
    {
        return ['due today, which is no day late' => ['2026-03-10'], 'due later' => ['2026-04-01'], 'no due date' => ['0000-00-00']];
    }

    public function testTodayIsThatOfWHMCS(): void
    {
        \Carbon\Carbon::setTestNow(\Carbon\Carbon::parse('2026-03-10 00:30:00')); // in UTC it is still the ninth
        $id = Shop::order(['domainstatus' => 'Active', 'nextduedate' => '2026-03-09']);
        FakeGateway::answers(["POST /v1/services/$id/expire" => self::signalled('applied')]);
        $this->assertSame('success', metalease_SuspendAccount($this->params($id, ['suspendreason' => 'Overdue on Payment'])));
    }

    public function testTheReasonOfAnExpiryCanBeConfigured(): void
    {
        $id = Shop::order(['domainstatus' => 'Active', 'nextduedate' => '2026-03-01', 'suspendreason' => 'Rechnung 12 überfällig']);
        Capsule::table('tblconfiguration')->insert(['setting' => 'MetaleaseOverdueReason', 'value' => 'Rechnung \d+ überfällig|past due']);
        FakeGateway::answers(["POST /v1/services/$id/expire" => self::signalled('applied')]);
        $this->assertSame('success', metalease_SuspendAccount($this->params($id)), 'the reason that WHMCS stored counts where it gives none');
        Capsule::table('tblconfiguration')->where('setting', 'MetaleaseOverdueReason')->update(['value' => '(']);
        FakeGateway::answers(["POST /v1/services/$id/suspend" => self::signalled('applied')]);
        $this->assertSame('success', metalease_SuspendAccount($this->params($id)), 'a broken expression starts no grace period');
        $cron = new Cron(new Gateways(), new Ending(new Gateways()));
        $cron->run();
        $cron->run();
        $this->assertCount(1, preg_grep('/MetaleaseOverdueReason .* is no regular expression: "\("/', Remembered::$activity), 'and is said, once');
        $this->assertCount(1, Remembered::$api);
    }

    public function testTheGraceOfTheProductIsSent(): void
    {
        $id = Shop::order(['domainstatus' => 'Active', 'nextduedate' => '2026-03-01']);
        Shop::change('tblproducts', Shop::PRODUCT, ['configoption10' => '3600']);
        FakeGateway::answers(["POST /v1/services/$id/expire" => self::signalled('applied')]);
        metalease_SuspendAccount($this->params($id, ['suspendreason' => 'Overdue on Payment']));
        $this->assertSame(3600, $this->body("POST /v1/services/$id/expire")['grace']);
    }

    /**
     * @dataProvider failures
     * @param array<int, mixed> $reply
     */
    public function testOnlyAnEffectIsSuccess(array $reply, string $words): void
    {
        $id = Shop::order(['domainstatus' => 'Active']);
        FakeGateway::answers(["POST /v1/services/$id/suspend" => $reply]);
        $this->assertStringContainsString($words, metalease_SuspendAccount($this->params($id, ['suspendreason' => 'abuse'])));
    }

    /**
     * @return array<string, array{0: array<int, mixed>, 1: string}>
     */
    public static function failures(): array
    {
        return [
            'under way' => [self::signalled('pending'), 'Not yet'],
            'nobody answers' => [self::signalled('pending', null), 'No worker answers'],
            'attention' => [self::signalled('pending', ['attention' => ['message' => 'The panel refused.']]), 'needs attention: The panel refused'],
            'the panel is paused' => [self::signalled('pending', ['panel_paused' => ['reason' => 'x']]), 'paused'],
            'ignored' => [self::signalled('ignored', [], 'the service is being released'), 'being released'],
            'superseded' => [self::signalled('superseded', [], 'a newer decision is known'), 'a newer decision is known'],
            'ended' => [self::problem(409, 'service-ended', 'The service has ended'), 'The service has ended'],
            'unknown' => [self::problem(404, 'unknown-service', 'There is no such service'), 'There is no such service'],
            'Temporal is down' => [self::problem(503, 'temporal-unavailable', 'Temporal did not do it', 'Nothing is lost: send the call again.'), 'send the call again.'],
        ];
    }

    public function testUnsuspendLiftsExpiryToo(): void
    {
        $id = Shop::order(['domainstatus' => 'Suspended', 'nextduedate' => '2026-04-01']);
        FakeGateway::answers([
            "POST /v1/services/$id/unsuspend" => self::signalled('pending', null), "POST /v1/services/$id/renew" => self::signalled('applied'),
        ]);
        $this->assertSame('success', metalease_UnsuspendAccount($this->params($id)));
        $this->assertSame(["POST /v1/services/$id/unsuspend", "POST /v1/services/$id/renew"], self::calls());
        $this->assertSame('2026-04-01', $this->body("POST /v1/services/$id/renew")['expires_at']);
    }

    public function testUnsuspendWithoutAPaymentNamesNoDate(): void
    {
        $id = Shop::order(['domainstatus' => 'Suspended', 'nextduedate' => '2026-03-01']);
        FakeGateway::answers(["POST /v1/services/$id/unsuspend" => self::signalled('applied'), "POST /v1/services/$id/renew" => self::signalled('applied')]);
        $this->assertSame('success', metalease_UnsuspendAccount($this->params($id)));
        $this->assertArrayNotHasKey('expires_at', $this->body("POST /v1/services/$id/renew"), 'a date of the past would be ignored as an old payment');
    }

    public function testABlockThatWHMCSDidNotSetStays(): void
    {
        $id = Shop::order(['domainstatus' => 'Suspended']);
        $blocked = ['blocks' => [['reason' => 'abuse case 12', 'source' => 'cli', 'since' => '2026-03-01T10:00:00Z']]];
        FakeGateway::answers([
            "POST /v1/services/$id/unsuspend" => self::signalled('applied', $blocked),
            "POST /v1/services/$id/renew" => self::signalled('applied', $blocked, 'still blocked: abuse case 12'),
        ]);
        $said = metalease_UnsuspendAccount($this->params($id));
        $this->assertStringContainsString('stays blocked: abuse case 12 (from cli, since 2026-03-01)', $said);
    }

    public function testUnsuspendIsNotGuessed(): void
    {
        $id = Shop::order(['domainstatus' => 'Suspended']);
        FakeGateway::answers(["POST /v1/services/$id/unsuspend" => self::signalled('pending'), "POST /v1/services/$id/renew" => self::signalled('pending')]);
        $this->assertStringContainsString('Not yet', metalease_UnsuspendAccount($this->params($id)));
        FakeGateway::answers(["POST /v1/services/$id/unsuspend" => self::signalled('pending'), "POST /v1/services/$id/renew" => self::signalled('applied', null)]);
        $this->assertStringContainsString('Not confirmed', metalease_UnsuspendAccount($this->params($id)));
        FakeGateway::answers(["POST /v1/services/$id/unsuspend" => self::problem(409, 'service-ended', 'The service has ended')]);
        $this->assertStringContainsString('has ended', metalease_UnsuspendAccount($this->params($id)));
        $this->assertSame(["POST /v1/services/$id/unsuspend"], self::calls());
    }

    public function testAPaymentCallbackWaitsFiveSecondsAtMost(): void
    {
        $id = Shop::order(['domainstatus' => 'Suspended']);
        FakeGateway::answers(["POST /v1/services/$id/unsuspend" => self::signalled('applied'), "POST /v1/services/$id/renew" => self::signalled('applied')]);
        metalease_UnsuspendAccount($this->params($id));
        metalease_Renew($this->params($id));
        $this->assertSame(['wait=0s', 'wait=2s', 'wait=1s'], array_map(static fn (array $call) => rtrim($call['query'], '?'), FakeGateway::calls()));
    }

    /**
     * @dataProvider renewals
     * @param array<int, mixed> $reply
     */
    public function testRenew(array $reply, bool $success): void
    {
        $id = Shop::order(['domainstatus' => 'Active', 'nextduedate' => '2026-04-01']);
        FakeGateway::answers(["POST /v1/services/$id/renew" => $reply]);
        $said = metalease_Renew($this->params($id));
        $success ? $this->assertSame('success', $said) : $this->assertNotSame('success', $said);
        $this->assertSame('2026-04-01', $this->body("POST /v1/services/$id/renew")['expires_at']);
    }

    /**
     * @return array<string, array{0: array<int, mixed>, 1: bool}>
     */
    public static function renewals(): array
    {
        return [
            'applied' => [self::signalled('applied'), true],
            'a late retry' => [self::signalled('superseded', [], 'a newer renewal is known'), true],
            'recorded, still to be unblocked' => [self::signalled('pending', ['phase' => 'blocked']), true],
            'not known to have arrived' => [self::signalled('pending', null), false],
            'still expired' => [self::signalled('pending', ['blocks' => [['reason' => 'expired']], 'grace_ends_at' => '2026-03-12T00:00:00Z']), false],
            'too late' => [self::signalled('ignored', ['phase' => 'releasing'], 'the release cannot be undone any more'), false],
            'unknown' => [self::problem(404, 'unknown-service'), false],
        ];
    }

    public function testARepeatedCallIsANewEvent(): void
    {
        $id = Shop::order(['domainstatus' => 'Active']);
        FakeGateway::answers(["POST /v1/services/$id/renew" => self::signalled('applied')]);
        metalease_Renew($this->params($id));
        metalease_Renew($this->params($id));
        $ids = array_map(static fn (array $call) => $call['body']['event_id'], FakeGateway::calls());
        $this->assertCount(2, array_unique($ids));
    }
}
