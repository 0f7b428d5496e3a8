<?php

declare(strict_types=1);

namespace MetaleaseTest;

use WHMCS\Database\Capsule;
use WHMCS\Module\Server\Metalease\Gateway\Client;
use WHMCS\Module\Server\Metalease\Gateway\Gateways;
use WHMCS\Module\Server\Metalease\Gateway\Reply;
use WHMCS\Module\Server\Metalease\Gateway\Secrets;
use WHMCS\Module\Server\Metalease\Gateway\Signature;
use WHMCS\Module\Server\Metalease\Gateway\Unreachable;
use WHMCS\Module\Server\Metalease\Module\Option;
use WHMCS\Module\Server\Metalease\Module\Refusal;
use WHMCS\Module\Server\Metalease\Module\ServerEntry;

require_once __DIR__ . '/bootstrap.php';

/**
 * Calls to the gateway: signed, verified, logged without secrets.
 */
final class GatewayTest extends ModuleCase
{
    public function testTheSignatureIsThatOfTheContract(): void
    {
        $headers = Signature::headers('shared-secret', 'main', 'POST', '/v1/services/7/suspend?wait=5s', '{"reason":"abuse"}', 1_767_225_600);
        // printf 'main\n1767225600\nPOST\n/v1/services/7/suspend?wait=5s\n{"reason":"abuse"}' | openssl dgst -sha256 -hmac shared-secret
        $this->assertSame('v1=ad3abe07d894aba136b348f79ddc0937572d15634695fade84b9e584c927c57c', $headers['X-Metalease-Signature']);
        $this->assertSame(['main', '1767225600'], [$headers['X-Metalease-Installation'], $headers['X-Metalease-Timestamp']]);
    }

    public function testTheSystemUrlIsALineOfItsOwn(): void
    {
        $headers = Signature::headers('shared-secret', 'main', 'GET', '/v1/services/7', '', 1_767_225_600, 'https://billing.example.com');
        // printf 'main\nhttps://billing.example.com\n1767225600\nGET\n/v1/services/7\n' | openssl dgst -sha256 -hmac shared-secret
        $this->assertSame('v1=b9f95d8a40f75d383dc3d9895319bf74427870b549a4be11357f180dfedb359b', $headers['X-Metalease-Signature']);
        $this->assertSame('https://billing.example.com', $headers['X-Metalease-System']);
        $this->assertArrayNotHasKey('X-Metalease-System', Signature::headers('s', 'main', 'GET', '/', '', 1), 'who is no WHMCS has neither header nor line');
    }

    /**
     * @dataProvider systems
     */
    public function testEveryCallSaysWhichWHMCSItComesFrom(string $stored, string $told): void
    {
        Capsule::table('tblconfiguration')->insert(['setting' => 'SystemURL', 'value' => $stored]);
        $id = Shop::order();
        FakeGateway::answers(["POST /v1/services/$id/hold" => self::signalled('applied'), 'POST /v1/services' => [201, []]]);
        $this->assertSame('success', metalease_hold($this->params($id)));
        metalease_CreateAccount($this->params($id));
        $this->assertSame([$told, $told, $told], array_column(FakeGateway::calls(), 'system'));
    }

    /**
     * @return array<string, array{0: string, 1: string}>
     */
    public static function systems(): array
    {
        return [
            'as WHMCS stores it' => ['https://billing.example.com/', 'https://billing.example.com'],
            'in a folder' => [' https://example.com/billing/ ', 'https://example.com/billing'],
            'a header of its own' => ["https://billing.example.com/\r\nX-Metalease-Installation: other", 'https://billing.example.com/ X-Metalease-Installation: other'],
            'none' => ['', ''],
        ];
    }

    public function testEverybodyKnowsTheEmptySecret(): void
    {
        $headers = Signature::headers('', 'main', 'POST', '/x', '', 1);
        $this->assertFalse(Signature::matches($headers['X-Metalease-Signature'], '', 'main', '1', 'POST', '/x', ''));
        $headers = Signature::headers('s', 'main', 'POST', '/x', '', 1);
        $this->assertTrue(Signature::matches($headers['X-Metalease-Signature'], 's', 'main', '1', 'POST', '/x', ''));
    }

    public function testACallIsTakenByWhoeverChecksItsSignature(): void
    {
        FakeGateway::answers(['POST /v1/services/1/hold' => [202, ['text' => 'grün/€']]]);
        $reply = (new Client(ServerEntry::find(Shop::ENTRY)))->call('POST', '/v1/services/1/hold?wait=2s', ['reason' => 'grün/€ "x"']);
        $this->assertSame([202, 'grün/€'], [$reply->status, $reply->body['text']]);
        $this->assertSame('', $reply->problem());
        $this->assertEqualsWithDelta(time(), $reply->date, 5);
        $this->assertSame('{"reason":"grün/€ \"x\""}', FakeGateway::calls()[0]['raw']);
    }

    public function testTheEntryNamesThePanelAndTheProductMayNameAnother(): void
    {
        $id = Shop::order();
        $this->assertSame('fra1', (new Gateways())->forService($id)->panel());
        $this->assertSame('fra1', (new Gateways())->forParams($this->params($id))->panel());
        Shop::change('tblproducts', Shop::PRODUCT, ['configoption7' => ' ams2 ']);
        $this->assertSame('ams2', (new Gateways())->forService($id)->panel());
        $this->assertSame('ams2', (new Gateways())->forParams($this->params($id, [Option::Panel->key() => 'ams2']))->panel());
        $this->expectException(Refusal::class);
        (new Gateways())->forService(4711);
    }

    /**
     * @dataProvider strangers
     * @param array<int, mixed> $reply
     */
    public function testWhatIsNoAnswerOfMetaleaseIsNone(array $reply): void
    {
        FakeGateway::answers(['GET /v1/services/1' => $reply]);
        $this->expectException(Unreachable::class);
        $this->expectExceptionMessage("is not metalease's gateway: HTTP status $reply[0]");
        (new Client(ServerEntry::find(Shop::ENTRY)))->call('GET', '/v1/services/1');
    }

    /**
     * @return array<string, array{0: array<int, mixed>}>
     */
    public static function strangers(): array
    {
        return [
            'a proxy' => [[502, '<html>Bad Gateway</html>']], 'a web site' => [[404, '<html>Not Found</html>']], 'a login page' => [[200, 'Log in']],
            'nothing' => [[200, '']], 'a number' => [[200, '5']], 'a redirect' => [[302, '']],
        ];
    }

    public function testProblemsInWords(): void
    {
        $this->assertSame('There is no such service', (new Reply(404, ['title' => 'There is no such service']))->problem());
        $this->assertSame('Wrong: a b; c d', (new Reply(422, ['title' => 'Wrong.', 'errors' => [['field' => 'a', 'reason' => 'b'], ['field' => 'c', 'reason' => 'd'], 'x']]))->problem());
        $this->assertSame('metalease answered with HTTP status 500', (new Reply(500, ['title' => ['x']]))->problem());
        $this->assertFalse((new Reply(200, ['type' => '/problems/unknown-service']))->is('unknown-service'));
    }

    public function testNothingListens(): void
    {
        Shop::change('tblservers', Shop::ENTRY, ['port' => 1]);
        $this->expectException(Unreachable::class);
        $this->expectExceptionMessage('starter serve');
        (new Client(ServerEntry::find(Shop::ENTRY)))->call('GET', '/v1/services/1');
    }

    public function testTheModuleLogShowsTheCallAndNoSecret(): void
    {
        $id = Shop::order(['password' => encrypt('Geheim/<1>+ü')]);
        $echo = array_map(static fn (string $secret) => Secrets::forms($secret), [FakeGateway::SECRET, 'Geheim/<1>+ü']);
        FakeGateway::answers(["POST /v1/services/$id/hold" => [200, ['outcome' => 'applied', 'reached' => true, 'echo' => array_merge(...$echo)]]]);
        $this->assertSame('success', metalease_hold($this->params($id)));
        $log = implode("\n", Remembered::$moduleLog);
        $this->assertStringContainsString("POST /v1/services/$id/hold", $log);
        $this->assertStringContainsString('held in WHMCS', $log);
        foreach (array_merge(...$echo) as $form) {
            $this->assertStringNotContainsString($form, $log);
        }
    }

    public function testAFailureIsLoggedToo(): void
    {
        Shop::change('tblservers', Shop::ENTRY, ['port' => 1]);
        metalease_hold($this->params(Shop::order()));
        $this->assertStringContainsString('cannot be reached', implode("\n", Remembered::$moduleLog));
    }

    public function testTheFormsOfASecret(): void
    {
        $forms = Secrets::forms('p+/<"ü>', '');
        foreach (['p+/<"ü>', 'p%2B%2F%3C%22%C3%BC%3E', 'p+/&lt;&quot;ü&gt;', 'p+\/<\"\u00fc>', 'p+/<\"ü>', 'p+\/\u003C\u0022\u00fc\u003E', rtrim(base64_encode('p+/<"ü>'), '='), bin2hex('p+/<"ü>')] as $form) {
            $this->assertContains($form, $forms);
        }
        $this->assertNotContains('', $forms, 'an empty mask would stand between all letters');
        $this->assertSame($forms, array_values(array_unique($forms)));
        $this->assertSame('x *** y *** z', Secrets::mask('x p+/<"ü> y ' . bin2hex('p+/<"ü>') . ' z', 'p+/<"ü>'));
    }

    public function testACertificateIsVerified(): void
    {
        $folder = WebServer::folder();
        $key = openssl_pkey_new(['private_key_type' => OPENSSL_KEYTYPE_EC, 'curve_name' => 'prime256v1']);
        file_put_contents("$folder/openssl.cnf", "[req]\ndistinguished_name=dn\n[dn]\n[v3]\nsubjectAltName=IP:127.0.0.1\nbasicConstraints=CA:TRUE\n");
        $options = ['config' => "$folder/openssl.cnf", 'x509_extensions' => 'v3', 'digest_alg' => 'sha256'];
        $certificate = openssl_csr_sign(openssl_csr_new(['commonName' => '127.0.0.1'], $key, $options), null, $key, 2, $options);
        openssl_x509_export($certificate, $pem);
        openssl_pkey_export($key, $private);
        file_put_contents("$folder/cert.pem", $pem);
        file_put_contents("$folder/both.pem", $pem . $private);
        $server = proc_open([PHP_BINARY, __DIR__ . '/tls-server.php', "$folder/both.pem"], [1 => ['pipe', 'w']], $pipes);
        try {
            Shop::change('tblservers', Shop::ENTRY, ['port' => (int) fgets($pipes[1]), 'secure' => 'on']);
            $untrusted = metalease_CreateAccount($this->params(Shop::order()));
            $this->assertStringContainsString('The certificate of metalease\'s gateway', $untrusted);
            $this->assertStringContainsString('is not trusted', $untrusted);
            Shop::change('tblservers', Shop::ENTRY, ['accesshash' => "ca=$folder/cert.pem"]);
            $this->assertSame(200, (new Client(ServerEntry::find(Shop::ENTRY)))->call('GET', '/v1/services/1')->status, 'a private authority can be named');
        } finally {
            proc_terminate($server);
        }
    }

    /**
     * @dataProvider entries
     * @param array<string, mixed> $columns
     */
    public function testFieldsOfAServerEntry(array $columns, string $url, string $secret, string $installation): void
    {
        Shop::change('tblservers', Shop::ENTRY, $columns);
        $entry = ServerEntry::find(Shop::ENTRY);
        $this->assertSame([$url, $secret, $installation], [$entry->url, $entry->secret, $entry->installation]);
    }

    /**
     * @return array<string, array{0: array<string, mixed>, 1: string, 2: string, 3: string}>
     */
    public static function entries(): array
    {
        $at = ['hostname' => 'gw.example.com', 'port' => 8443, 'secure' => 'on', 'password' => encrypt('s')];
        return [
            'as it should be' => [$at, 'https://gw.example.com:8443', 's', 'main'],
            'no port' => [['port' => null, 'hostname' => 'gw2.example.com'] + $at, 'https://gw2.example.com:8443', 's', 'main'],
            'no port without TLS' => [['port' => '', 'secure' => ''] + $at, 'http://gw.example.com:8080', 's', 'main'],
            'without TLS' => [['secure' => ''] + $at, 'http://gw.example.com:8443', 's', 'main'],
            'an address in place of a name' => [['hostname' => '', 'ipaddress' => '192.0.2.1'] + $at, 'https://192.0.2.1:8443', 's', 'main'],
            'an IPv6 address' => [['hostname' => '2001:db8::1'] + $at, 'https://[2001:db8::1]:8443', 's', 'main'],
            'a host and its port' => [['hostname' => 'gw.example.com:9443', 'port' => null] + $at, 'https://gw.example.com:9443', 's', 'main'],
            'an IPv6 address and its port' => [['hostname' => '[2001:db8::1]:9443', 'port' => null] + $at, 'https://[2001:db8::1]:9443', 's', 'main'],
            'a whole URL' => [['hostname' => 'https://gw.example.com/'] + $at, 'https://gw.example.com:8443', 's', 'main'],
            'the secret in the access hash' => [['password' => encrypt(''), 'accesshash' => "installation = staging\r\nhush\r\n"] + $at, 'https://gw.example.com:8443', 'hush', 'staging'],
            'the password goes first' => [['accesshash' => "hush\n"] + $at, 'https://gw.example.com:8443', 's', 'main'],
            'what WHMCS has encoded' => [['password' => encrypt('a&amp;b&quot;')] + $at, 'https://gw.example.com:8443', 'a&b"', 'main'],
        ];
    }

    public function testTheInstallationOfTheWholeWHMCS(): void
    {
        Capsule::table('tblconfiguration')->insert(['setting' => 'MetaleaseInstallation', 'value' => 'berlin']);
        $this->assertSame('berlin', ServerEntry::find(Shop::ENTRY)->installation);
        Shop::change('tblservers', Shop::ENTRY, ['accesshash' => 'installation=main']);
        $this->assertSame('main', ServerEntry::find(Shop::ENTRY)->installation);
    }

    /**
     * A class that needs a gateway gets one; it does not make its own.
     */
    public function testTheSameTwiceInASecondIsSignedAnew(): void
    {
        $id = Shop::order();
        FakeGateway::answers(['POST /v1/services' => [self::problem(401, 'replayed'), [200, ['started' => false]]]]);
        $this->assertStringStartsWith('In progress', metalease_CreateAccount($this->params($id)));
        [$first, $second] = array_values(array_filter(FakeGateway::calls(), static fn (array $call) => $call['call'] === 'POST /v1/services'));
        $this->assertSame($first['raw'], $second['raw']);
        $this->assertGreaterThan($second['signed'], $first['signed'], 'within what clocks may differ, and no copy');
        $this->assertGreaterThan($first['signed'] - 70, $second['signed']);
    }

    public function testGatewaysAreMadeAtOnePlaceForEachEntry(): void
    {
        $root = realpath(__DIR__ . '/../../../whmcs/module');
        $makers = ['new Client(' => [], 'new Gateways(' => []];
        $all = new \RecursiveIteratorIterator(new \RecursiveDirectoryIterator($root));
        foreach (new \RegexIterator($all, '/\.php$/') as $file) {
            foreach ($makers as $call => $places) {
                if (str_contains((string) file_get_contents((string) $file), $call)) {
                    $makers[$call][] = substr((string) $file, strlen($root) + 1);
                }
            }
        }
        $this->assertSame(['modules/servers/metalease/lib/Gateway/Gateways.php'], $makers['new Client(']);
        $this->assertEqualsCanonicalizing(
            array_map(
                static fn (string $file) => "modules/servers/metalease/$file",
                ['hooks.php', 'lib/Module/Functions.php', 'lib/Module/OrdersPage.php', 'lib/Running/SignOnPage.php']
            ),
            $makers['new Gateways(']
        );
    }
}
