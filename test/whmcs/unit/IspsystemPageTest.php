<?php

declare(strict_types=1);

namespace MetaleaseTest;

use WHMCS\Database\Capsule;
use WHMCS\Module\Server\Metalease\Gateway\Signature;
use WHMCS\Module\Server\Metalease\Migration\IspsystemPage;

require_once __DIR__ . '/bootstrap.php';

/**
 * The page that the worker asks before it adopts services of the old module.
 */
final class IspsystemPageTest extends ModuleCase
{
    private const PATH = '/modules/servers/metalease/ispsystem.php';

    protected function setUp(): void
    {
        parent::setUp();
        Capsule::table('tblservers')->insert([
            'id' => 9, 'type' => 'dcimanager', 'name' => 'Old', 'hostname' => 'dci.example.com', 'ipaddress' => '192.0.2.1', 'username' => 'api', 'password' => encrypt('panel-password'),
        ]);
        Capsule::table('tblproducts')->insert(['id' => 2, 'name' => 'Old server', 'servertype' => 'dcimanager']);
    }

    /**
     * A call, signed as the worker signs it.
     *
     * @param array<string, string> $spoil entries of $_SERVER
     * @return array{0: int, 1: array<string, mixed>}
     */
    private function ask(string $body, array $spoil = [], string $secret = FakeGateway::SECRET, string $installation = 'main', int $late = 0): array
    {
        $server = ['REQUEST_METHOD' => 'POST', 'REQUEST_URI' => self::PATH];
        foreach (Signature::headers($secret, $installation, 'POST', self::PATH, $body, time() + $late) as $name => $value) {
            $server['HTTP_' . strtoupper(strtr($name, '-', '_'))] = $value;
        }
        return IspsystemPage::answer($spoil + $server, $body);
    }

    /**
     * An active service of the old module.
     */
    private function oldService(): int
    {
        $id = Shop::order(['packageid' => 2, 'server' => 9, 'domainstatus' => 'Active', 'username' => 'cust42', 'password' => encrypt('client-password')]);
        Capsule::table('mod_ispsystem')->insert(['serviceid' => $id, 'external_id' => '12', 'label' => 'A1-12']);
        return $id;
    }

    public function testWhatTheOldModuleKnows(): void
    {
        $id = $this->oldService();
        $this->oldService();
        [$status, $answer] = $this->ask(json_encode(['services' => [$id, 4711]]));
        $this->assertSame(200, $status);
        $this->assertSame([[
            'service_id' => $id, 'client_id' => 7, 'product_id' => 2, 'status' => 'Active', 'username' => 'cust42', 'server_id' => '12', 'label' => 'A1-12',
            'server_entry' => ['name' => 'Old', 'hostname' => 'dci.example.com', 'ip' => '192.0.2.1', 'username' => 'api'],
        ]], $answer['records']);
        $this->assertStringNotContainsString('password', json_encode($answer));
    }

    public function testAWholeProduct(): void
    {
        $ids = [$this->oldService(), $this->oldService()];
        $this->assertSame($ids, array_column($this->ask('{"product":2}')[1]['records'], 'service_id'));
        $this->assertSame([], $this->ask('{"product":1}')[1]['records']);
    }

    public function testAWHMCSWithoutTheTable(): void
    {
        Capsule::schema()->drop('mod_ispsystem');
        $this->assertSame([200, ['records' => []]], $this->ask('{"product":2}'));
    }

    public function testCallsThatAreRefused(): void
    {
        $this->oldService();
        $body = '{"product":2}';
        $refused = [
            'unsigned' => [401, $this->ask($body, ['HTTP_X_METALEASE_SIGNATURE' => ''])],
            'another path' => [401, $this->ask($body, ['REQUEST_URI' => self::PATH . '?x=1'])],
            'another secret' => [401, $this->ask($body, [], 'guess')],
            'the empty secret' => [401, $this->ask($body, [], '')],
            'the secret of another module\'s entry' => [401, $this->ask($body, [], 'panel-password')],
            'late' => [401, $this->ask($body, [], FakeGateway::SECRET, 'main', -301)],
            'early' => [401, $this->ask($body, [], FakeGateway::SECRET, 'main', 301)],
            'another installation' => [403, $this->ask($body, [], FakeGateway::SECRET, 'staging')],
            'a GET' => [405, $this->ask($body, ['REQUEST_METHOD' => 'GET'])],
            'not JSON' => [422, $this->ask('x')],
            'nothing' => [422, $this->ask('{}')],
            'both' => [422, $this->ask('{"services":[1],"product":2}')],
            'ids that are none' => [422, $this->ask('{"services":["1 OR 1=1"]}')],
            'a product that is none' => [422, $this->ask('{"product":"2"}')],
        ];
        foreach ($refused as $name => [$wanted, [$status, $answer]]) {
            $this->assertSame($wanted, $status, $name);
            $this->assertArrayNotHasKey('records', $answer, $name);
            $this->assertStringStartsWith('/problems/', $answer['type'], $name);
        }
    }

    public function testAFaultSaysNothing(): void
    {
        Capsule::schema()->drop('tblservers');
        [$status, $answer] = $this->ask('{"product":2}');
        $this->assertSame(500, $status);
        $this->assertStringNotContainsString('tblservers', json_encode($answer));
    }

    public function testThePageAnswersOverHTTP(): void
    {
        $root = WebServer::folder();
        $module = __DIR__ . '/../../../whmcs/module' . dirname(self::PATH);
        mkdir($root . dirname(self::PATH) . '/lib', 0700, true);
        foreach (['/ispsystem.php', '/autoload.php', '/php.php', ...array_map(static fn (string $file) => '/lib/' . basename($file), glob("$module/lib/*.php") ?: [])] as $file) {
            copy($module . $file, $root . dirname(self::PATH) . $file);
        }
        file_put_contents("$root/init.php", '<?php require_once ' . var_export(__DIR__ . '/bootstrap.php', true) . ';'
            . 'MetaleaseTest\\Shop::open(1);'
            . 'WHMCS\\Database\\Capsule::table("mod_ispsystem")->insert(["serviceid" => MetaleaseTest\\Shop::order(), "external_id" => "12"]);');
        $url = 'http://127.0.0.1:' . WebServer::start(['-t', $root]) . self::PATH;
        $post = static function (string $secret) use ($url): array {
            $headers = ['Content-Type: application/json'];
            foreach (Signature::headers($secret, 'main', 'POST', self::PATH, '{"services":[1]}', time()) as $name => $value) {
                $headers[] = "$name: $value";
            }
            $context = stream_context_create(['http' => ['method' => 'POST', 'header' => $headers, 'content' => '{"services":[1]}', 'ignore_errors' => true]]);
            $body = (string) file_get_contents($url, false, $context);
            return [(int) explode(' ', $http_response_header[0])[1], json_decode($body, true)];
        };
        [$status, $answer] = $post(FakeGateway::SECRET);
        $this->assertSame([200, '12'], [$status, $answer['records'][0]['server_id'] ?? null]);
        $this->assertSame(401, $post('guess')[0]);
    }
}
