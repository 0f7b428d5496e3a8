<?php

declare(strict_types=1);

namespace MetaleaseTest;

use WHMCS\Database\Capsule;
use WHMCS\Module\Server\Metalease\Running\RootPassword;

require_once __DIR__ . '/bootstrap.php';
require_once __DIR__ . '/../../../whmcs/module/includes/hooks/metalease.php';

/**
 * No password is shown for a door that it does not open.
 */
final class LoginTest extends RunningCase
{
    private int $second = 0;

    protected function setUp(): void
    {
        parent::setUp();
        Capsule::table('tblservers')->where('id', Shop::ENTRY)->update(['accesshash' => "panel=https://dci.example.com:1500/\n"]);
        Capsule::table('tblconfiguration')->insert(['setting' => 'SystemURL', 'value' => 'https://billing.example.com/']);
        Capsule::table('tblemailtemplates')->insert([['name' => 'Welcome', 'type' => 'product'], ['name' => 'Invoice', 'type' => 'invoice']]);
        $this->second = Shop::order(['domainstatus' => 'Active', 'username' => 'u1', 'password' => encrypt('Second-Passw0rd')]);
    }

    public function testTheFirstServicesPasswordOpensBothDoors(): void
    {
        $this->assertSame([
            'metalease_panel_url' => 'https://dci.example.com:1500/', 'metalease_panel_user' => 'u1', 'metalease_panel_password' => 'Old-Passw0rd',
            'metalease_root_user' => 'root', 'metalease_root_password' => 'Old-Passw0rd',
            'metalease_page_url' => 'https://billing.example.com/clientarea.php?action=productdetails&id=' . $this->id,
        ], $this->mail($this->id));
    }

    public function testTheSecondServicesPasswordOpensItsServerOnly(): void
    {
        $fields = $this->mail($this->second);
        $this->assertSame(['u1', ''], [$fields['metalease_panel_user'], $fields['metalease_panel_password']]);
        $this->assertSame('Second-Passw0rd', $fields['metalease_root_password']);
        Shop::change('tblhosting', $this->id, ['domainstatus' => 'Terminated']);
        $this->assertSame('', $this->mail($this->second)['metalease_panel_password'], 'the account outlives the service that made it');
    }

    public function testTheServiceThatWasBuiltFirstHasMadeTheAccount(): void
    {
        foreach ([$this->id, $this->second] as $id) {
            Shop::change('tblhosting', $id, ['username' => "u{$this->second}"]);
        }
        $this->assertSame('', $this->mail($this->id)['metalease_panel_password'], 'it is older, and was paid later');
        $this->assertSame('Second-Passw0rd', $this->mail($this->second)['metalease_panel_password']);
    }

    public function testAfterAReinstallItOpensTheServerOnly(): void
    {
        RootPassword::leave($this->id, self::CLICK, 'New-Passw0rd');
        RootPassword::fetch($this->id);
        RootPassword::keep($this->id);
        $fields = $this->mail($this->id);
        $this->assertSame(['', 'New-Passw0rd'], [$fields['metalease_panel_password'], $fields['metalease_root_password']]);
    }

    public function testAnotherClientOfThatNameIsNobodysAccount(): void
    {
        $other = Shop::order(['userid' => 8, 'domainstatus' => 'Active', 'username' => 'u1', 'password' => encrypt('Third-Passw0rd')]);
        $this->assertSame('Third-Passw0rd', $this->mail($other)['metalease_panel_password']);
    }

    public function testWindowsHasNoRoot(): void
    {
        Shop::choose($this->second, 'os', 'ISPsystem__Windows-2016');
        $this->assertSame('Administrator', $this->mail($this->second)['metalease_root_user']);
    }

    public function testOtherMailsHaveNoFields(): void
    {
        $this->assertSame([], $this->mail($this->id, 'Invoice'), 'the number is that of an invoice');
        $this->assertSame([], $this->mail($this->id, 'Unheard-of'));
        $this->assertSame([], $this->mail(4711));
        $this->assertSame([], Remembered::$hooks['EmailPreSend'][0]([]));
    }

    public function testThePageShowsTheSame(): void
    {
        $this->gateway([], [], ["GET /v1/services/{$this->second}" => [200, ['service_id' => $this->second] + $this->seen()]]);
        $login = fn (int $id): array => metalease_ClientArea($this->params($id))['templateVariables']['metalease']['controls']['login'];
        $this->assertSame(['Old-Passw0rd', 'Old-Passw0rd'], [$login($this->id)['account_password'], $login($this->id)['password']]);
        $second = $login($this->second);
        $this->assertSame(['', 'Second-Passw0rd'], [$second['account_password'], $second['password']]);
        $this->assertStringContainsString('since your first server', $second['account_had']);
    }

    public function testWhileTheSystemIsInstalledNoPasswordIsShown(): void
    {
        $this->gateway(['action' => ['kind' => 'reinstall', 'since' => '2026-03-10T07:59:00Z'], 'install' => ['accepted_at' => '2026-03-10T07:59:00Z', 'finished_at' => null]]);
        $page = metalease_ClientArea($this->params($this->id))['templateVariables']['metalease'];
        $this->assertNull($page['controls']['login']);
        $this->assertTrue($page['refresh'], 'the page follows it');
    }

    /**
     * The merge fields of a mail.
     *
     * @return array<string, string>
     */
    private function mail(int $id, string $template = 'Welcome'): array
    {
        return Remembered::$hooks['EmailPreSend'][0](['messagename' => $template, 'relid' => $id, 'mergefields' => []]);
    }
}
