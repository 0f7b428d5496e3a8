<?php

declare(strict_types=1);

namespace MetaleaseTest;

use WHMCS\Module\Server\Metalease\Running\Kept;
use WHMCS\Module\Server\Metalease\Running\RootPassword;

require_once __DIR__ . '/bootstrap.php';

/**
 * What staff have done with a running server, and the upgrade of options.
 */
final class StaffActionsTest extends RunningCase
{
    protected function setUp(): void
    {
        parent::setUp();
        $_SESSION = ['adminid' => 3];
    }

    /**
     * @dataProvider buttons
     * @param array<string, mixed> $wanted
     */
    public function testWhatIsSent(string $function, string $signal, array $wanted): void
    {
        $this->gateway([], [$signal => self::signalled('applied', $this->seen())]);
        $this->assertSame('success', ('metalease_' . $function)($this->params($this->id)));
        $body = $this->body("POST /v1/services/{$this->id}/$signal");
        $this->assertSame(['kind' => 'staff', 'name' => 'ada'], $body['actor']);
        $this->assertSame($wanted, array_intersect_key($body, $wanted));
    }

    /**
     * @return array<string, array{0: string, 1: string, 2: array<string, mixed>}>
     */
    public static function buttons(): array
    {
        return [
            'Power on' => ['poweron', 'power', ['action' => 'on']],
            'Power off' => ['poweroff', 'power', ['action' => 'off']],
            'Reboot' => ['reboot', 'power', ['action' => 'reboot']],
            'Network off' => ['networkoff', 'network', ['state' => 'off']],
            'Network on' => ['networkon', 'network', ['state' => 'on']],
            'Reinstall' => ['reinstall', 'reinstall', ['os_template' => 'ISPsystem__Debian-12', 'confirm' => 's1.example.com']],
        ];
    }

    public function testAReinstallByStaffHasTheRecipeAndNoPasswordOfAWishThatCameToNothing(): void
    {
        Shop::change('tblproducts', Shop::PRODUCT, ['configoption3' => '#local__web']);
        RootPassword::leave($this->id, self::CLICK, 'New-Passw0rd');
        $this->gateway([], ['reinstall' => self::signalled('applied', $this->seen())]);
        metalease_reinstall($this->params($this->id));
        $this->assertSame('#local__web', $this->body("POST /v1/services/{$this->id}/reinstall")['recipe']);
        $this->assertNull(RootPassword::fetch($this->id));
    }

    public function testWhatDidNotEndWellIsSaid(): void
    {
        $action = ['action' => ['kind' => 'power', 'what' => 'off', 'problem' => 'the server is still on after 10m0s']];
        $this->gateway([], ['power' => self::signalled('applied', $this->seen($action))]);
        $this->assertStringContainsString('still on after 10m0s', metalease_poweroff($this->params($this->id)));
        $this->gateway([], ['power' => self::signalled('failed', $this->seen(), 'the server is still off after 10m0s')]);
        $this->assertSame('It did not end well: the server is still off after 10m0s.', metalease_poweron($this->params($this->id)));
        $this->gateway([], ['power' => $this->taken()]);
        $this->assertStringContainsString('do not press again', metalease_reboot($this->params($this->id)));
        $this->gateway([], ['network' => self::notNow()]);
        $this->assertStringContainsString('server 12 is busy', metalease_networkon($this->params($this->id)));
    }

    public function testMoreAddresses(): void
    {
        Shop::choose($this->id, 'IP', 3);
        $this->gateway([], ['addresses' => self::signalled('applied', $this->seen())]);
        $_SESSION = [];
        $this->assertSame('success', metalease_ChangePackage($this->params($this->id)));
        $body = $this->body("POST /v1/services/{$this->id}/addresses");
        $this->assertSame([3, 0, ['kind' => 'staff', 'name' => 'WHMCS']], [$body['ipv4'], $body['ipv6'], $body['actor']]);
    }

    public function testNothingElseOfAnUpgradeIsDone(): void
    {
        Shop::change('tblproducts', Shop::PRODUCT, ['configoption1' => 'E5-32G']);
        $this->gateway([], ['addresses' => self::signalled('applied')]);
        $this->assertStringContainsString('another kind of server is no upgrade', metalease_ChangePackage($this->params($this->id)));
        Shop::change('tblproducts', Shop::PRODUCT, ['configoption1' => 'E3-16G']);
        Shop::choose($this->id, 'os', 'REPO__Alma-9');
        $this->assertStringContainsString('another operating system is no upgrade', metalease_ChangePackage($this->params($this->id)));
        $this->assertSame([], self::sent());
    }

    public function testPaidAddressesWaitForNoTemplate(): void
    {
        $this->gateway([], ['addresses' => self::signalled('applied', $this->seen())]);
        Shop::change('tblproducts', Shop::PRODUCT, ['configoption2' => 'REPO__Alma-9']);
        $this->assertSame('success', metalease_ChangePackage($this->params($this->id)), 'the product has another one for new orders');
        Shop::choose($this->id, 'os', 'REPO__Alma-9');
        Kept::put($this->id, 'template', 'ISPsystem__Debian-12');
        $this->assertSame('success', metalease_ChangePackage($this->params($this->id)), 'the customer has installed another one');
        Kept::drop($this->id, 'template');
        $this->gateway([], ['addresses' => self::signalled('applied', $this->seen())]);
        Shop::choose($this->id, 'IP', 3);
        $this->assertSame('success', metalease_ChangePackage($this->params($this->id)), 'by the command line, too');
        $this->assertSame(3, $this->body("POST /v1/services/{$this->id}/addresses")['ipv4']);
    }

    public function testThePageShowsTheMachineAndItsAge(): void
    {
        $facts = [
            'server_id' => '12', 'label' => 'A1-12', 'mac' => '00:25:90:ab:cd:ef', 'rack' => null, 'power' => 'on', 'ipmi_ip' => '198.51.100.12', 'as_of' => '2026-03-10T07:58:00Z',
            'ports' => [['switch' => 'sw1', 'port' => 'Gi0/8', 'state' => 'off']],
        ];
        $path = "/v1/services/{$this->id}/facts";
        $this->gateway(['server' => ['id' => '12'] + self::STATUS['server']], [], ["GET $path" => [200, $facts]]);
        $rows = metalease_AdminServicesTabFields($this->params($this->id));
        foreach (['A1-12', '00:25:90:ab:cd:ef', '198.51.100.12', 'sw1 Gi0/8, off', 'not known', 'ago'] as $text) {
            $this->assertStringContainsString($text, $rows['Machine']);
        }
        $this->assertStringContainsString('data-as="staff"', $rows['Sign in']);
        metalease_AdminServicesTabFields($this->params($this->id));
        $asked = static fn (): array => array_values(array_filter(FakeGateway::calls(), static fn (array $one) => $one['call'] === "GET $path"));
        $this->assertCount(1, $asked(), 'they are kept');
        $_REQUEST['metalease_fresh'] = '1';
        metalease_AdminServicesTabFields($this->params($this->id));
        $this->assertSame(['', 'fresh=true'], array_column($asked(), 'query'));
        $this->gateway([], [], ["GET $path" => self::problem(503, 'panel-failed', 'The panel does not answer')]);
        $rows = metalease_AdminServicesTabFields($this->params($this->id));
        $this->assertStringContainsString('The panel does not answer', $rows['Machine']);
        $this->assertStringContainsString('00:25:90:ab:cd:ef', $rows['Machine'], 'what was known stays, with its age');
        $this->gateway(['server' => ['id' => '13'] + self::STATUS['server']], [], ["GET $path" => self::problem(503, 'panel-failed', 'The panel does not answer')]);
        $this->assertStringNotContainsString('198.51.100.12', metalease_AdminServicesTabFields($this->params($this->id))['Machine'], 'that is another machine');
    }
}
