<?php

declare(strict_types=1);

namespace MetaleaseTest;

use Carbon\Carbon;
use WHMCS\Database\Capsule;
use WHMCS\Module\Server\Metalease\Running\ClientActions;
use WHMCS\Module\Server\Metalease\Running\RootPassword;

require_once __DIR__ . '/bootstrap.php';

/**
 * What a customer has done with a server.
 */
final class ClientActionsTest extends RunningCase
{
    private const REINSTALL = [
        'template' => 'ISPsystem__Debian-12', 'password' => 'New-Passw0rd', 'again' => 'New-Passw0rd', 'confirm' => 'S1.example.com ',
    ];

    /**
     * @dataProvider powers
     */
    public function testPower(string $power): void
    {
        $this->gateway([], ['power' => $this->taken()]);
        $this->assertSame('success', $this->submit('clientpower', ['power' => $power]));
        $body = $this->body("POST /v1/services/{$this->id}/power");
        $this->assertSame([$power, self::CLICK], [$body['action'], $body['event_id']]);
        $this->assertSame(['kind' => 'client', 'name' => 'jane@example.com'], $body['actor']);
        $this->assertSame("asked_$power", ClientActions::said());
    }

    /**
     * @return list<array{0: string}>
     */
    public static function powers(): array
    {
        return [['on'], ['off'], ['reboot']];
    }

    public function testADoubleClickIsOneClick(): void
    {
        $this->gateway([], ['power' => $this->taken()]);
        for ($i = 0; $i < 9; $i++) { // more than the limit lets through
            $this->assertSame('success', $this->submit('clientpower', ['power' => 'reboot']));
        }
        $this->assertSame([self::CLICK], array_values(array_unique(array_column(array_column(FakeGateway::calls(), 'body'), 'event_id'))));
    }

    public function testTooManyClicksAreRefused(): void
    {
        $this->gateway([], ['power' => $this->taken()]);
        for ($i = 0; $i < 6; $i++) {
            $this->assertSame('success', $this->submit('clientpower', ['power' => 'reboot', 'click' => str_repeat((string) $i, 32)]));
        }
        $said = $this->submit('clientpower', ['power' => 'reboot', 'click' => str_repeat('a', 32)]);
        $this->assertStringContainsString('too often', $said);
        $this->assertStringContainsString('(10)', $said);
        $this->assertCount(6, self::sent());
        Carbon::setTestNow(Carbon::now()->addMinutes(11));
        $this->assertSame('success', $this->submit('clientpower', ['power' => 'reboot', 'click' => str_repeat('b', 32)]));
    }

    public function testNobodyElseAndNoOtherForm(): void
    {
        $this->gateway([], ['power' => $this->taken()]);
        $refused = 'Nothing was done: this page was too old. Please open it again and repeat what you did.';
        $this->assertSame($refused, $this->submit('clientpower', ['power' => 'off', 'token' => 'x']), 'a form of another site');
        $this->assertSame($refused, $this->submit('clientpower', ['power' => 'explode']));
        $this->assertSame($refused, $this->submit('clientpower', ['power' => ['off']]));
        $_SESSION = ['uid' => 8];
        $this->assertSame($refused, $this->submit('clientpower', ['power' => 'off']), 'another client');
        $_SESSION = [];
        $this->assertSame($refused, $this->submit('clientreinstall', self::REINSTALL), 'nobody');
        [$_SESSION, $_SERVER['REQUEST_METHOD']] = [['uid' => 7], 'GET'];
        $this->assertSame($refused, $this->submit('clientpower', ['power' => 'off']), 'a link');
        $this->assertSame([], self::calls());
    }

    /**
     * @dataProvider refusals
     * @param array<string, mixed> $status
     */
    public function testARefusalSaysWhyInTheClientsLanguage(array $status, string $english, string $german): void
    {
        $this->gateway($status, ['power' => self::notNow()]);
        $this->assertStringContainsString($english, $said = $this->submit('clientpower', ['power' => 'on']));
        $this->assertStringNotContainsString('fra1', $said, 'no word of the machine room');
        $_SESSION['Language'] = 'german';
        $this->assertStringContainsString($german, $this->submit('clientpower', ['power' => 'on']));
        $this->assertSame('', ClientActions::said());
    }

    /**
     * @return array<string, array{0: array<string, mixed>, 1: string, 2: string}>
     */
    public static function refusals(): array
    {
        $pending = ['events' => [['event_id' => 'x', 'kind' => 'power', 'outcome' => 'pending']]];
        $install = ['action' => ['kind' => 'reinstall', 'since' => '2026-03-10T07:59:00Z'], 'install' => ['accepted_at' => '2026-03-10T07:59:00Z', 'finished_at' => null]];
        return [
            'blocked' => [['phase' => 'blocked'], 'is suspended', 'gesperrt'],
            'building' => [['phase' => 'pending'], 'still being set up', 'noch eingerichtet'],
            'releasing' => [['phase' => 'releasing'], 'is ending', 'endet'],
            'something runs' => [$pending, 'something else', 'etwas anderes'],
            'a switch that is begun' => [['action' => ['kind' => 'power', 'since' => '2026-03-10T07:59:00Z']], 'something else', 'etwas anderes'],
            'a reinstall runs' => [$install, 'something else', 'etwas anderes'],
            'the panel is down' => [[], 'not possible at the moment', 'gerade nicht möglich'],
        ];
    }

    public function testAnActionThatHasEndedIsInNobodysWay(): void
    {
        $ended = ['since' => '2026-03-10T07:59:00Z', 'ended_at' => '2026-03-10T08:00:00Z'];
        // A person has said that the server is installed: no panel ever said when that install finished.
        $install = ['accepted_at' => '2026-03-10T07:59:00Z', 'finished_at' => null];
        foreach (['reinstall', 'power'] as $kind) {
            $this->gateway(['action' => ['kind' => $kind] + $ended, 'install' => $install], ['power' => $this->taken()]);
            $page = metalease_ClientArea($this->params($this->id))['templateVariables']['metalease'];
            $this->assertSame([[], ''], [$page['progress'] ?? [], $page['controls']['busy']], $kind);
            $this->assertFalse($page['refresh'], $kind);
            $this->assertSame('success', $this->submit('clientpower', ['power' => 'on', 'click' => md5($kind)]), $kind);
        }
    }

    public function testTheProgressIsOfThisInstallFromTheClickOn(): void
    {
        $this->gateway([
            'action' => ['kind' => 'reinstall', 'since' => date(DATE_ATOM)],
            'install' => ['accepted_at' => '2026-02-01T08:00:00Z', 'deadline' => '2026-02-01T08:12:00Z', 'finished_at' => '2026-02-01T08:09:00Z'],
        ]);
        $this->assertLessThan(5, metalease_ClientArea($this->params($this->id))['templateVariables']['metalease']['progress']['percent']);
    }

    public function testAnAnswerThatDidNotComeIsNotKnown(): void
    {
        $this->gateway([], ['power' => self::problem(503, 'worker-unavailable')]);
        $this->assertStringContainsString('not known whether', $this->submit('clientpower', ['power' => 'on']));
        $this->gateway([], ['power' => self::problem(429, 'too-many')]);
        $this->assertStringContainsString('too often', $this->submit('clientpower', ['power' => 'on']));
        Shop::change('tblservers', Shop::ENTRY, ['port' => 1]);
        $this->assertStringContainsString('not known whether', $this->submit('clientpower', ['power' => 'on']));
        $this->assertStringContainsString('Nothing was done', $this->submit('clientreinstall', self::REINSTALL), 'it was not even asked for');
    }

    public function testWhatBeganAndDidNotEndWellIsNoRefusal(): void
    {
        $failed = self::signalled('failed', $this->seen(), 'panel fra1: disk not found');
        $this->gateway([], ['power' => $failed, 'reinstall' => $failed]);
        $this->assertStringContainsString('did not reach the power state', $this->submit('clientpower', ['power' => 'on']));
        $this->assertStringContainsString('did not end well', $said = $this->submit('clientreinstall', self::REINSTALL));
        $this->assertStringNotContainsString('fra1', $said);
        $this->assertSame('New-Passw0rd', RootPassword::fetch($this->id), 'the panel may have set it');
    }

    public function testAReinstall(): void
    {
        $this->gateway([], ['reinstall' => $this->taken()]);
        $this->assertSame('success', $this->submit('clientreinstall', self::REINSTALL));
        $body = $this->body("POST /v1/services/{$this->id}/reinstall");
        $this->assertSame(['ISPsystem__Debian-12', 's1.example.com', self::CLICK], [$body['os_template'], $body['confirm'], $body['event_id']]);
        $this->assertStringNotContainsString('New-Passw0rd', (string) json_encode(FakeGateway::calls()));
        $this->assertStringNotContainsString('New-Passw0rd', implode('', Remembered::$moduleLog));
        $this->assertStringNotContainsString('New-Passw0rd', (string) json_encode(Capsule::table('mod_metalease_kept')->get()), 'it is encrypted');
        $this->assertSame('New-Passw0rd', RootPassword::fetch($this->id));
        $this->assertSame('Old-Passw0rd', decrypt(Shop::service($this->id)->password), 'until the install has ended well');
    }

    /**
     * @dataProvider typed
     * @param array<string, mixed> $typed
     */
    public function testWhatIsTypedIsChecked(array $typed, string $said): void
    {
        $this->gateway([], ['reinstall' => $this->taken()]);
        $this->assertStringContainsString($said, $this->submit('clientreinstall', $typed + self::REINSTALL));
        $this->assertSame([], self::sent());
        $this->assertNull(RootPassword::fetch($this->id));
    }

    /**
     * @return array<string, array{0: array<string, mixed>, 1: string}>
     */
    public static function typed(): array
    {
        $password = static fn (string $text): array => ['password' => $text, 'again' => $text];
        return [
            'another host name' => [['confirm' => 's2.example.com'], 'type the host name s1.example.com'],
            'no host name' => [['confirm' => ''], 'type the host name'],
            'not twice the same' => [['again' => 'New-Passw0re'], 'not the same'],
            'too short' => [$password('Sh0rt-pwd'), '10 to 32 characters'],
            'too long' => [$password('Aa1' . str_repeat('x', 30)), '10 to 32 characters'],
            'no digit' => [$password('New-Password'), 'one digit'],
            'no capital' => [$password('new-passw0rd'), 'one capital letter'],
            'a quote' => [$password('New-Passw0rd"'), 'beside letters and digits'],
            'a blank' => [$password('New Passw0rd'), 'beside letters and digits'],
            'a line' => [$password("New-Passw0rd\n"), 'beside letters and digits'],
            'no text' => [['password' => ['x'], 'again' => ['x']], '10 to 32 characters'],
            'a template that is not offered' => [['template' => 'ISPsystem__Windows-2016'], 'cannot be chosen'],
        ];
    }

    public function testARefusedReinstallDropsItsPassword(): void
    {
        $this->gateway([], ['reinstall' => self::notNow()]);
        $this->assertStringContainsString('Nothing was done', $this->submit('clientreinstall', self::REINSTALL));
        $this->assertNull(RootPassword::fetch($this->id));
        $this->gateway(['phase' => 'blocked'], ['reinstall' => $this->taken()]);
        $this->assertStringContainsString('is suspended', $this->submit('clientreinstall', self::REINSTALL));
        $this->assertSame([], self::sent(), 'what is known to be refused is not asked for');
    }

    public function testALostReplyKeepsThePassword(): void
    {
        FakeGateway::answers([
            "GET /v1/services/{$this->id}" => [200, $this->seen()],
            "POST /v1/services/{$this->id}/reinstall" => [200, 'no JSON'],
        ]);
        $this->assertStringContainsString('not known whether', $this->submit('clientreinstall', self::REINSTALL));
        $this->assertSame('New-Passw0rd', RootPassword::fetch($this->id), 'the install may run');
    }

    public function testASecondReinstallTakesNoPasswordAway(): void
    {
        $this->gateway([], ['reinstall' => $this->taken()]);
        $this->submit('clientreinstall', self::REINSTALL);
        $other = ['password' => 'Other-Passw0rd', 'again' => 'Other-Passw0rd', 'click' => str_repeat('c', 32)];
        $this->assertStringContainsString('something else', $this->submit('clientreinstall', $other + self::REINSTALL));
        $this->assertSame('New-Passw0rd', RootPassword::fetch($this->id));
        Carbon::setTestNow(Carbon::now()->addMinutes(2));
        $this->assertSame('success', $this->submit('clientreinstall', $other + self::REINSTALL), 'the first came to nothing');
        $this->assertSame('Other-Passw0rd', RootPassword::fetch($this->id));
    }

    public function testNames(): void
    {
        $server = ['extra_ips' => ['2001:db8::2']] + self::STATUS['server'];
        $this->gateway(['server' => $server], ['addresses' => $this->taken()]);
        $typed = ['names' => ['192.0.2.12' => 's1.example.com', '2001:db8::2' => ' Mail.Example.com. ', '198.51.100.1' => 'not.mine.example.com']];
        $this->assertSame('success', $this->submit('clientnames', $typed));
        $body = $this->body("POST /v1/services/{$this->id}/addresses");
        $this->assertSame(['2001:db8::2' => 'mail.example.com'], $body['domains'], 'only what was changed, and only the own');
        $page = metalease_ClientArea($this->params($this->id))['templateVariables']['metalease']['controls'];
        $this->assertSame(['192.0.2.12' => 's1.example.com', '2001:db8::2' => 'mail.example.com'], $page['names']);
        $this->assertStringContainsString('no name was changed', $this->submit('clientnames', ['names' => $page['names']]));
        foreach (['my server', 'free.ds', '-x.example.com', 'localhost', '192.0.2.1'] as $wrong) {
            $said = $this->submit('clientnames', ['names' => ['192.0.2.12' => $wrong]]);
            $this->assertStringContainsString("\"$wrong\" is no full host name", $said);
        }
        $this->assertCount(1, self::sent());
    }

    public function testOnlyTheseFunctionsAreForClients(): void
    {
        $this->assertSame(['clientpower', 'clientreinstall', 'clientnames'], metalease_ClientAreaAllowedFunctions());
        foreach (metalease_ClientAreaAllowedFunctions() as $function) {
            $this->assertNotSame('success', ('metalease_' . $function)([]));
        }
    }
}
