<?php

declare(strict_types=1);

namespace MetaleaseTest;

use WHMCS\Database\Capsule;
use WHMCS\Module\Server\Metalease\Gateway\Gateways;
use WHMCS\Module\Server\Metalease\Module\Connection;
use WHMCS\Module\Server\Metalease\Module\ServerEntry;
use WHMCS\Module\Server\Metalease\Module\Version;

require_once __DIR__ . '/bootstrap.php';

/**
 * TestConnection and the loaders: what a server entry's panel has to say.
 */
final class ConnectionTest extends ModuleCase
{
    private const PANEL = 'GET /v1/panels/fra1';

    /**
     * Params of the server entry, as its page hands them over.
     *
     * @param array<string, mixed> $more
     * @return array<string, mixed>
     */
    private static function entry(array $more = []): array
    {
        return $more + [
            'serverid' => Shop::ENTRY, 'serverhostname' => '127.0.0.1', 'serverip' => '', 'serverport' => (string) FakeGateway::port(), 'serversecure' => false,
            'serverusername' => 'fra1', 'serverpassword' => FakeGateway::SECRET, 'serveraccesshash' => '',
        ];
    }

    private const CHECK = 'GET /v1/check';

    public function testAllIsWell(): void
    {
        FakeGateway::answers([
            self::CHECK => [200, ['installation' => 'main', 'version' => '9.8.7', 'worker' => true, 'whmcs' => ['ok' => true]]],
            self::PANEL => [200, ['panel' => 'fra1', 'mode' => 'manage', 'reachable' => true, 'paused' => false]],
        ]);
        $this->assertSame(['success' => true, 'error' => ''], metalease_TestConnection(self::entry()));
        $this->assertSame([self::CHECK, self::PANEL], self::calls());
    }

    public function testTheWorstLineOfTheTableIsShown(): void
    {
        $worst = ['fact' => 'the API role allows ModuleCreate', 'expected' => 'yes', 'seen' => 'no', 'means' => 'needed for turning a service Active: allow it'];
        $panel = ['panel' => 'fra1', 'mode' => 'manage', 'reachable' => true];
        FakeGateway::answers([self::CHECK => [200, ['worker' => true, 'whmcs' => ['ok' => true, 'worst' => $worst]]], self::PANEL => [200, $panel]]);
        $said = metalease_TestConnection(self::entry());
        $this->assertFalse($said['success'], 'WHMCS shows no text beside a success');
        $this->assertSame('Everything answers, but: the API role allows ModuleCreate: expected yes, seen no. What it means: needed for turning a service Active: allow it. '
            . 'All of it: starter whmcs check', $said['error']);
        FakeGateway::answers([self::CHECK => [200, ['worker' => true, 'whmcs' => ['ok' => true, 'worst' => $worst]]], self::PANEL => [200, ['paused' => true] + $panel]]);
        $this->assertStringContainsString('is paused', metalease_TestConnection(self::entry())['error'], 'what stops all work goes first');
    }

    /**
     * @dataProvider parts
     * @param array<int, mixed> $reply
     */
    public function testThePartThatIsAtFaultIsNamed(array $reply, string $words): void
    {
        FakeGateway::answers([self::CHECK => $reply, self::PANEL => [200, ['reachable' => false, 'error' => ['message' => 'connection refused']]]]);
        $said = metalease_TestConnection(self::entry());
        $this->assertFalse($said['success']);
        $this->assertStringContainsString($words, $said['error']);
        $this->assertStringNotContainsString('panel', $said['error']);
        $this->assertSame([self::CHECK], self::calls());
    }

    /**
     * @return array<string, array{0: array<int, mixed>, 1: string}>
     */
    public static function parts(): array
    {
        $well = ['installation' => 'main', 'version' => '9.8.7', 'worker' => true];
        return [
            'no worker' => [[200, ['worker' => false] + $well], 'No worker answers: start metalease\'s program "worker"'],
            'no way back' => [[200, $well + ['whmcs' => ['ok' => false, 'problem' => 'Invalid IP 192.0.2.7.']]], 'metalease does not reach this WHMCS: Invalid IP 192.0.2.7. Correct "whmcs"'],
            'no Temporal' => [self::problem(503, 'temporal-unavailable', 'Temporal does not answer'), 'The gateway answers, but: Temporal does not answer'],
            'another secret' => [self::problem(401, 'wrong-signature'), 'The shared secret is wrong'],
        ];
    }

    /**
     * @dataProvider fields
     * @param array<string, mixed> $params
     */
    public function testAFieldThatContradictsAnotherIsNamed(array $params, string $words): void
    {
        FakeGateway::answers([FakeGateway::ANY => [200, []]]);
        $said = metalease_TestConnection(self::entry($params));
        $this->assertStringContainsString($words, $said['error']);
        $this->assertSame([], self::calls());
    }

    /**
     * @return array<string, array{0: array<string, mixed>, 1: string}>
     */
    public static function fields(): array
    {
        return [
            'two ports' => [['serverhostname' => '127.0.0.1:9', 'serverport' => '8443'], 'names the port 9, the field Port 8443'],
            'https, and Secure off' => [['serverhostname' => 'https://gw.example.com'], 'says https, but "Secure" is off'],
            'http, and Secure on' => [['serverhostname' => 'http://gw.example.com', 'serversecure' => true], 'says http, but "Secure" is on'],
            'a path' => [['serverhostname' => 'gw.example.com/metalease'], 'is no host name'],
            'words' => [['serverhostname' => 'my gateway'], 'is no host name'],
            'a user' => [['serverhostname' => 'me@gw.example.com'], 'is no host name'],
        ];
    }

    public function testAPortInTheHostnameCountsWherePortIsEmptyOrTheSame(): void
    {
        foreach (['', '0', (string) FakeGateway::port()] as $port) {
            FakeGateway::answers([self::PANEL => [200, ['mode' => 'manage', 'reachable' => true]]]);
            $said = metalease_TestConnection(self::entry(['serverhostname' => '127.0.0.1:' . FakeGateway::port(), 'serverport' => $port]));
            $this->assertSame(['success' => true, 'error' => ''], $said);
        }
    }

    /**
     * @dataProvider tls
     */
    public function testSecureIsNamedWhereItIsWrong(string $answer, bool $secure, string $words): void
    {
        $server = proc_open([PHP_BINARY, __DIR__ . '/raw-server.php', base64_encode($answer)], [1 => ['pipe', 'w']], $pipes);
        try {
            $said = metalease_TestConnection(self::entry(['serverport' => trim((string) fgets($pipes[1])), 'serversecure' => $secure]));
        } finally {
            proc_terminate($server);
        }
        $this->assertFalse($said['success']);
        $this->assertStringContainsString($words, $said['error']);
    }

    /**
     * @return array<string, array{0: string, 1: bool, 2: string}>
     */
    public static function tls(): array
    {
        $go = "HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n";
        $nginx = "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n<center>The plain HTTP request was sent to HTTPS port</center>";
        return [
            'a gateway with TLS' => [$go, false, 'turn "Secure" on'],
            'a proxy with TLS' => [$nginx, false, 'turn "Secure" on'],
            'a proxy that leads to TLS' => ["HTTP/1.1 301 Moved\r\nLocation: https://gw.example.com/\r\nContent-Length: 0\r\n\r\n", false, 'turn "Secure" on'],
            'an alert of TLS' => ["\x15\x03\x03\x00\x02\x02\x46", false, '"Secure"'],
            'a closed connection' => ['', false, '"Secure"'],
            'a gateway without TLS' => ["HTTP/1.1 400 Bad Request\r\n\r\n", true, 'does not speak TLS: is "Secure" right'],
            'a web site' => ["HTTP/1.1 302 Found\r\nLocation: http://www.example.com/\r\nContent-Length: 0\r\n\r\n", false, 'sends calls on to http://www.example.com/'],
        ];
    }

    public function testAGatewayThatIsOlderThanTheCheck(): void
    {
        FakeGateway::answers([self::PANEL => [200, ['panel' => 'fra1', 'mode' => 'manage', 'reachable' => true, 'paused' => false]]]);
        $this->assertSame(['success' => true, 'error' => ''], metalease_TestConnection(self::entry()));
    }

    /**
     * @dataProvider truths
     * @param array<int, mixed>    $reply
     * @param array<string, mixed> $params
     */
    public function testTheTruth(array $reply, array $params, string $words): void
    {
        FakeGateway::answers([self::PANEL => $reply]);
        $said = metalease_TestConnection(self::entry($params));
        $this->assertFalse($said['success']);
        $this->assertStringContainsString($words, $said['error']);
        $this->assertStringNotContainsString(FakeGateway::SECRET, $said['error']);
    }

    /**
     * @return array<string, array{0: array<int, mixed>, 1: array<string, mixed>, 2: string}>
     */
    public static function truths(): array
    {
        $panel = ['panel' => 'fra1', 'mode' => 'manage', 'reachable' => true];
        return [
            'nothing listens' => [[], ['serverport' => '1'], 'starter serve'],
            'no such host' => [[], ['serverhostname' => 'no-such-host.invalid'], 'no such host name'],
            'another secret' => [[200, $panel], ['serverpassword' => 'guess'], 'The shared secret is wrong'],
            'another installation' => [[200, $panel], ['serveraccesshash' => 'installation=staging'], 'another installation than "staging"'],
            'a copy of WHMCS' => [self::problem(403, 'wrong-system', 'The signature was refused'), [], 'starter installation move'],
            'clocks' => [self::problem(401, 'stale'), [], 'The clocks are more than 5 minutes apart'],
            'unknown panel' => [self::problem(404, 'unknown-panel'), [], 'has no panel "fra1"'],
            'no worker' => [self::problem(503, 'worker-unavailable', 'No worker answers'), [], 'No worker answers'],
            'panel down' => [[200, ['reachable' => false, 'error' => ['code' => 'x', 'message' => 'connection refused']] + $panel], [], 'does not answer metalease: connection refused'],
            'observe' => [[200, ['mode' => 'observe'] + $panel], [], 'observe mode'],
            'paused' => [[200, ['paused' => true] + $panel], [], 'paused'],
            'no panel named' => [[], ['serverusername' => ' '], 'no Username'],
            'no secret' => [[], ['serverpassword' => ''], 'no Password'],
            'no host' => [[], ['serverhostname' => ''], 'no Hostname'],
            'not metalease' => [[200, '<html>'], [], "is not metalease's gateway"],
        ];
    }

    public function testAutosetupIsWarnedOf(): void
    {
        FakeGateway::answers([self::PANEL => [200, ['mode' => 'manage', 'reachable' => true]]]);
        Shop::change('tblproducts', Shop::PRODUCT, ['autosetup' => 'payment']);
        Capsule::table('tblproducts')->insert(['name' => 'Hosting', 'servertype' => 'cpanel', 'autosetup' => 'payment']);
        $said = metalease_TestConnection(self::entry());
        $this->assertTrue($said['success']);
        $this->assertStringContainsString('Do not automatically setup" for: Server.', $said['error']);
        $this->assertStringContainsString('a failure that is none', implode('', Remembered::$activity));
    }

    public function testModuleAndGatewayOfTwoVersionsAreWarnedOf(): void
    {
        $reply = (new Gateways())->forEntry(ServerEntry::find(Shop::ENTRY))->call('GET', '/v1/services/1');
        $this->assertSame('9.8.7', $reply->version);
        $this->assertStringContainsString('This module is version 9.9.0, the gateway 9.8.7', Version::apart($reply->version, '9.9.0'));
        $this->assertStringContainsString('the gateway an older one', Version::apart('', '9.9.0'));
        $this->assertSame(['', '', ''], [Version::apart('9.8.7', '9.8.7'), Version::apart('0.0.0-dev', '9.8.7'), Version::apart('9.8.7', '0.0.0-dev')]);
        $this->assertStringContainsString('Version::apart($reply->version)', (string) file_get_contents((string) (new \ReflectionClass(Connection::class))->getFileName()));
    }

    public function testItRecordsTheActivation(): void
    {
        Capsule::table('tblconfiguration')->delete();
        metalease_TestConnection(self::entry());
        $this->assertSame(self::TODAY, Capsule::table('tblconfiguration')->value('value'));
    }

    public function testPackagesForTheProductEditor(): void
    {
        FakeGateway::answers(['GET /v1/panels/fra1/packages' => [200, ['packages' => ['E5-64G', 'E3-16G']]]]);
        $this->assertSame(['E3-16G' => 'E3-16G', 'E5-64G' => 'E5-64G'], metalease_LoadPackages(self::entry()));
    }

    public function testTemplatesWhereWHMCSNamesNoServer(): void
    {
        FakeGateway::answers(['GET /v1/panels/fra1/templates' => [200, ['templates' => [['id' => 'R__deb', 'name' => 'Debian'], ['id' => 'R__alma', 'name' => '']]]]]);
        $this->assertSame(['R__deb' => 'Debian', 'R__alma' => 'R__alma'], metalease_LoadTemplates(['pid' => Shop::PRODUCT]));
    }

    public function testTheServerGroupOfTheProductGoesFirst(): void
    {
        Capsule::table('tblservers')->insert([
            'id' => 5, 'name' => 'Amsterdam', 'type' => 'metalease', 'hostname' => '127.0.0.1', 'port' => FakeGateway::port(), 'username' => 'ams2',
            'password' => encrypt(FakeGateway::SECRET),
        ]);
        Capsule::table('tblservergroupsrel')->insert(['groupid' => 3, 'serverid' => 5]);
        Shop::change('tblproducts', Shop::PRODUCT, ['servergroup' => 3]);
        FakeGateway::answers(['GET /v1/panels/ams2/packages' => [200, ['packages' => ['X']]]]);
        $this->assertSame(['X' => 'X'], metalease_LoadPackages(['pid' => Shop::PRODUCT]));
    }

    public function testALoaderSendsNothingToAnotherModulesServer(): void
    {
        Capsule::table('tblservers')->insert([
            'id' => 6, 'name' => 'Other', 'type' => 'cpanel', 'hostname' => '127.0.0.1', 'port' => FakeGateway::port(), 'password' => encrypt('x'),
        ]);
        try {
            metalease_LoadPackages(['serverid' => 6] + self::entry());
            $this->fail('it was asked');
        } catch (\Exception $refusal) {
            $this->assertStringContainsString('of the type "cpanel"', $refusal->getMessage());
        }
        $this->assertSame([], self::calls());
    }

    /**
     * @dataProvider unloadable
     * @param array<int, mixed> $reply
     */
    public function testALoaderSaysWhyItCannot(array $reply, string $words): void
    {
        FakeGateway::answers(['GET /v1/panels/fra1/packages' => $reply]);
        $this->expectException(\Exception::class);
        $this->expectExceptionMessage($words);
        metalease_LoadPackages(self::entry());
    }

    /**
     * @return array<string, array{0: array<int, mixed>, 1: string}>
     */
    public static function unloadable(): array
    {
        return [
            'nothing to sell' => [[200, ['packages' => []]], 'shows no packages'],
            'no worker' => [self::problem(503, 'worker-unavailable', 'No worker answers'), 'No worker answers'],
        ];
    }
}
