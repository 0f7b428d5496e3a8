<?php

declare(strict_types=1);

namespace MetaleaseTest;

use WHMCS\Database\Capsule;
use WHMCS\Module\Server\Metalease\Gateway\Gateways;
use WHMCS\Module\Server\Metalease\Hooks\Cron;
use WHMCS\Module\Server\Metalease\Hooks\Ending;
use WHMCS\Module\Server\Metalease\Module\HostName;
use WHMCS\Module\Server\Metalease\Module\Option;
use WHMCS\Module\Server\Metalease\Module\Order;
use WHMCS\Module\Server\Metalease\Module\Records;
use WHMCS\Module\Server\Metalease\Module\Service;

require_once __DIR__ . '/bootstrap.php';

/**
 * What the gateway is asked to build.
 */
final class OrderTest extends ModuleCase
{
    /**
     * @dataProvider settings
     * @param array<int, string>        $settings module settings by position
     * @param array<string, int|string> $options  configurable options
     * @param array<string, mixed>      $wanted
     */
    public function testFields(array $settings, array $options, array $wanted): void
    {
        foreach ($settings as $position => $value) {
            Shop::change('tblproducts', Shop::PRODUCT, ["configoption$position" => $value]);
        }
        $id = Shop::order();
        foreach ($options as $name => $choice) {
            Shop::choose($id, $name, $choice);
        }
        $body = Order::body(Service::find($id), 'fra1', '2026-02-01T00:30:00Z', '');
        foreach ($wanted as $field => $value) {
            $this->assertSame($value, $body[$field] ?? null, $field);
        }
    }

    /**
     * @return array<string, array{0: array<int, string>, 1: array<string, int|string>, 2: array<string, mixed>}>
     */
    public static function settings(): array
    {
        return [
            'old products have empty settings' => [[], [], [
                'install_timeout' => null, 'install_attempts' => null, 'grace' => null, 'dont_wait' => null, 'address_group' => null, 'restart' => null,
            ]],
            'all settings' => [
                [3 => '#local__lamp', 4 => 'on', 6 => 'premium', 8 => '15m', 9 => '3', 10 => '5d'], [],
                ['recipe' => '#local__lamp', 'dont_wait' => true, 'address_group' => 'premium', 'install_timeout' => '15m', 'install_attempts' => 3, 'grace' => '5d'],
            ],
            'bare numbers are seconds' => [[8 => '720', 10 => ' 3600 '], [], ['install_timeout' => 720, 'grace' => 3600]],
            'the old module writes null for no recipe' => [[3 => 'null'], [], ['recipe' => null]],
            'no recipe was chosen' => [[3 => '#local__lamp'], ['recipe' => 'null | None'], ['recipe' => null]],
            'a recipe that was chosen' => [[3 => 'null'], ['recipe' => 'ISPsystem__lamp|LAMP'], ['recipe' => 'ISPsystem__lamp']],
            'an OS that was chosen' => [[], ['os' => 'REPO__Alma-9|AlmaLinux 9'], ['os_template' => 'REPO__Alma-9']],
            'the last of the names wins' => [[], ['ostemplate' => 'C', 'os' => 'A', 'OS' => 'B'], ['os_template' => 'C']],
            'names are told apart letter by letter' => [[], ['Os' => 'A'], ['os_template' => 'ISPsystem__Debian-12']],
            'counts of addresses' => [[], ['IP' => 3, 'IPv6' => 1], ['ipv4' => 3, 'ipv6' => 1]],
            'counts from a list' => [[], ['IP' => '5 addresses', 'IPv6' => 'None'], ['ipv4' => 5, 'ipv6' => 0]],
            'blanks around the bar' => [
                [], ['IP | Additional IPv4' => 4, ' os | Operating system' => 'REPO__Alma-9 | AlmaLinux 9'], ['ipv4' => 4, 'os_template' => 'REPO__Alma-9'],
            ],
            'ways to write a count' => [[], ['IP' => '+5', 'IPv6' => '2 x | two'], ['ipv4' => 5, 'ipv6' => 2]],
            'what WHMCS has encoded' => [[1 => 'R&amp;D &quot;16&quot;'], [], ['package' => 'R&D "16"']],
            'a template with both words' => [[5 => 's@ID@.@DOMAIN@'], [], ['domain' => 's1.ordered.example.com']],
            'no template' => [[5 => ''], [], ['domain' => 'ordered.example.com']],
        ];
    }

    /**
     * @dataProvider notUnderstood
     */
    public function testWhatIsPaidForAndNotUnderstoodStopsTheOrder(string $name, int|string $choice, string $words): void
    {
        $id = Shop::order();
        Shop::choose($id, $name, $choice, '5.00');
        FakeGateway::answers(['POST /v1/services' => [201, []]]);
        (new Cron(new Gateways(), new Ending(new Gateways())))->run();
        $this->assertNotContains('POST /v1/services', self::calls());
        $this->assertStringContainsString($words, Records::notice($id));
        $this->assertStringContainsString($words, metalease_CreateAccount($this->params($id)));
    }

    /**
     * @return array<string, array{0: string, 1: int|string, 2: string}>
     */
    public static function notUnderstood(): array
    {
        return [
            'a prefix is no count' => ['IP', '/29|/29 (5 usable)', 'The choice "/29" of the configurable option IP does not say how many'],
            'a count and something else' => ['IPv6', '1 /64', 'does not say how many'],
            'an option that nobody reads' => ['Backup space', 2, 'pays for the configurable option "Backup space"'],
            'a name in other letters' => ['Os', 'REPO__Alma-9', 'pays for the configurable option "Os"'],
        ];
    }

    public function testWhatCostsNothingOrStaffDoIsLeftToThem(): void
    {
        $id = Shop::order();
        Shop::choose($id, 'Note', 'none of metalease\'s business');
        Shop::choose($id, 'Backup space', 0, '5.00');
        Shop::choose($id, 'Managed | Management', 'full', '50.00');
        Capsule::table('tblconfiguration')->insert(['setting' => 'MetaleaseOtherOptions', 'value' => 'Remote hands, managed']);
        $this->assertSame(0, Order::wishes(Service::find($id), '')['ipv4']);
    }

    public function testADeliveredServiceIsBlockedWhateverItsOptionsSay(): void
    {
        $id = Shop::order(['domainstatus' => 'Active', 'nextduedate' => '2026-03-01']);
        Shop::choose($id, 'IP', '/29', '5.00');
        FakeGateway::answers(["POST /v1/services/$id/expire" => self::signalled('applied')]);
        $this->assertSame('success', metalease_SuspendAccount($this->params($id, ['suspendreason' => 'Overdue on Payment'])));
    }

    public function testADomainWhereNothingWasOrdered(): void
    {
        $id = Shop::order(['domain' => '']);
        $this->assertSame("s$id.example.com", Order::wishes(Service::find($id), '')['domain']);
        Shop::change('tblproducts', Shop::PRODUCT, ['configoption5' => '']);
        $this->assertSame("$id.domain", Order::wishes(Service::find($id), '')['domain']);
        Shop::change('tblproducts', Shop::PRODUCT, ['configoption5' => 'x@ID@.@DOMAIN@']);
        $this->assertStringContainsString('is no host name for the Domain template', metalease_CreateAccount($this->params($id)));
        Capsule::table('tblconfiguration')->insert(['setting' => 'MetaleaseZone', 'value' => 'Servers.Example.net.']);
        $this->assertSame("s$id.servers.example.net", Order::wishes(Service::find($id), '')['domain']);
    }

    /**
     * @dataProvider typed
     */
    public function testHostNamesAsPeopleTypeThem(string $typed, string $meant): void
    {
        $this->assertSame($meant, HostName::of($typed));
    }

    /**
     * @return array<string, array{0: string, 1: string}>
     */
    public static function typed(): array
    {
        return [
            'as it should be' => ['s1.example.com', 's1.example.com'], 'blanks' => [" s1.example.com\t\n", 's1.example.com'],
            'a trailing dot' => ['s1.example.com.', 's1.example.com'], 'capitals' => ['S1.Example.COM', 's1.example.com'],
            'an address of a page' => ['http://Shop.example.com:8080/a?b#c', 'shop.example.com'], 'only a scheme' => ['https://', ''],
            'letters' => ['Bücher.example', 'xn--bcher-kva.example'], 'encoded' => ['b&uuml;cher.example', 'xn--bcher-kva.example'],
            'wide dots' => ['日本。example', 'xn--wgv71a.example'], 'one label' => ['server1', ''], 'words' => ['my web server', ''],
            'an address' => ['192.0.2.1', ''], 'IPv6' => ['2001:db8::1', ''], 'an underscore' => ['my_server.example.com', ''],
            'the name of a free server' => ['Free.DS', ''], 'a hyphen at the end' => ['s1-.example.com', ''], 'nothing' => ['', ''],
            'blanks of other kinds' => ["\u{a0}\u{200b}s1.example.com\u{3000}", 's1.example.com'], 'no scheme' => ['//s1.example.com/', 's1.example.com'],
            'four numbers' => ['1.2.3.4', ''], 'four numbers as a page' => ['http://1.2.3.4/', ''], 'somebody at a host' => ['root@s1.example.com', ''],
            'no UTF-8' => ["s\xff1.example.com", ''], 'a line feed' => ["s1.example.com\nx", ''], 'too long' => [str_repeat('abcdefghi.', 26) . 'example', ''],
        ];
    }

    public function testAPHPWithoutIntlSaysSo(): void
    {
        $this->assertSame('', HostName::of('bücher.example', 'no_such_function'));
        $this->assertStringContainsString('the extension intl of PHP', HostName::why('bücher.example', 'no_such_function'));
        $this->assertSame('', HostName::why('server1', 'no_such_function'), 'what is wrong without it too');
        $this->assertSame('s1.example.com', HostName::of('S1.example.com', 'no_such_function'));
        $this->assertSame('', HostName::why('bücher.example'));
    }

    public function testAHostNameThatStopsAPaidOrderIsToldOnce(): void
    {
        Shop::change('tblproducts', Shop::PRODUCT, ['configoption5' => '']);
        $id = Shop::order(['domain' => 'my web server']);
        FakeGateway::answers(['POST /v1/services' => [201, []]]);
        $cron = new Cron(new Gateways(), new Ending(new Gateways()));
        $cron->run();
        $cron->run();
        $this->assertCount(1, Remembered::$api);
        $this->assertCount(1, preg_grep('/"my web server" is no host name/', Remembered::$activity));
        $fields = implode("\n", metalease_AdminServicesTabFields($this->params($id)));
        $this->assertStringContainsString('is no host name', $fields);
        $this->assertStringNotContainsString('Start on', $fields);
        $page = metalease_ClientArea($this->params($id))['templateVariables']['metalease'];
        $this->assertSame('The setup takes longer than usual', $page['headline']);
        $this->assertStringContainsString('"my web server", cannot be the name of a server', implode('', $page['reasons']));
        Shop::change('tblhosting', $id, ['domain' => 'web.example.com']);
        $cron->run();
        $this->assertSame('web.example.com', $this->body('POST /v1/services')['domain']);
        $this->assertSame('', Records::notice($id), 'what is mended is taken back');
    }

    /**
     * @dataProvider runs
     */
    public function testWhatStoppedAnOrderIsNotSaidOfOneThatRuns(callable $look): void
    {
        $id = Shop::order(['domain' => 'my web server']);
        Shop::change('tblproducts', Shop::PRODUCT, ['configoption5' => '']);
        (new Cron(new Gateways(), new Ending(new Gateways())))->run();
        $this->assertStringContainsString('It is not started', Records::notice($id));
        FakeGateway::answers(["GET /v1/services/$id" => [200, ['service_id' => $id, 'phase' => 'pending', 'ready' => false] + self::STATUS]]);
        $shown = $look($this->params($id));
        $this->assertSame('', Records::notice($id));
        $this->assertStringNotContainsString('It is not started', implode('', (array) $shown));
    }

    /**
     * @return array<string, array{0: callable}>
     */
    public static function runs(): array
    {
        return [
            'the page of staff' => [metalease_AdminServicesTabFields(...)], 'Create' => [metalease_CreateAccount(...)],
            'the cron' => [static fn () => (new Cron(new Gateways(), new Ending(new Gateways())))->run()],
        ];
    }

    public function testWhatTheGatewayRefusesIsToldOnce(): void
    {
        $id = Shop::order();
        FakeGateway::answers(['POST /v1/services' => self::problem(422, 'invalid-order', 'The order is wrong')]);
        $cron = new Cron(new Gateways(), new Ending(new Gateways()));
        $cron->run();
        $cron->run();
        $this->assertCount(1, Remembered::$activity);
        $this->assertStringContainsString('The order is wrong', Records::notice($id));
        foreach (range(1, 3) as $_) {
            FakeGateway::answers(['POST /v1/services' => self::problem(503, 'temporal-unavailable', 'Temporal does not answer')]);
            $cron->run();
            FakeGateway::answers(['POST /v1/services' => self::problem(422, 'invalid-order', 'The order is wrong')]);
            $cron->run();
        }
        $this->assertCount(1, Remembered::$activity, 'what comes between is not told, nor is the first told anew');
        $this->assertCount(1, Remembered::$api);
    }

    /**
     * @dataProvider withoutGateway
     * @param array<string, mixed> $service
     */
    public function testAnOrderThatCannotBeAskedAboutIsNotSilent(array $service, bool $said): void
    {
        $id = Shop::order($service);
        $page = metalease_ClientArea($this->params($id));
        $this->assertSame($said ? 'The setup takes longer than usual' : null, $page['templateVariables']['metalease']['headline'] ?? null);
        $this->assertSame([], self::calls());
    }

    /**
     * @return array<string, array{0: array<string, mixed>, 1: bool}>
     */
    public static function withoutGateway(): array
    {
        return [
            'no server entry' => [['server' => 0], true], 'a quantity' => [['qty' => 2], true],
            'delivered' => [['server' => 0, 'domainstatus' => 'Active'], false], 'of no order' => [['server' => 0, 'orderid' => 0], false],
        ];
    }

    public function testAChoiceThatStopsAnOrderStandsOnTheCustomersPage(): void
    {
        $id = Shop::order();
        Shop::choose($id, 'IP', '/29', '5.00');
        (new Cron(new Gateways(), new Ending(new Gateways())))->run();
        $page = metalease_ClientArea($this->params($id))['templateVariables']['metalease'];
        $this->assertStringContainsString('A choice of your order', implode('', $page['reasons']));
    }

    public function testARetryClearsWhatWasCleared(): void
    {
        $id = Shop::order();
        $wishes = Order::wishes(Service::find($id), '');
        $this->assertSame(['', false, '', ''], [$wishes['recipe'], $wishes['dont_wait'], $wishes['address_group'], $wishes['server_id']]);
        $this->assertArrayNotHasKey('grace', $wishes, 'an empty limit stays what it is');
    }

    public function testTheSettingsKeepTheirPositions(): void
    {
        $this->assertSame([
            'Package Name', 'Operation system', 'Recipe Name', 'Dont wait the OS install', 'Domain template', 'IP address group',
            'Panel', 'Install time limit', 'Install attempts', 'Grace period', 'Start on', 'Reinstall templates',
        ], array_keys(metalease_ConfigOptions()));
        $this->assertCount(count(Option::cases()), metalease_ConfigOptions());
        foreach (metalease_ConfigOptions() as $name => $field) {
            $this->assertNotSame('', $field['Description'], $name);
            $this->assertTrue(!isset($field['Loader']) || function_exists($field['Loader']), $name);
        }
    }

    public function testOnlyServicesOfThisModuleAreFound(): void
    {
        $id = Shop::order();
        Shop::change('tblproducts', Shop::PRODUCT, ['servertype' => 'cpanel']);
        $this->assertNull(Service::find($id));
        $this->assertSame([], Service::ofOrder((int) Capsule::table('tblhosting')->value('orderid')));
    }
}
