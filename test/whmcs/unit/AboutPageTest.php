<?php

declare(strict_types=1);

namespace MetaleaseTest;

use WHMCS\Database\Capsule;
use WHMCS\Module\Server\Metalease\Gateway\Gateways;
use WHMCS\Module\Server\Metalease\Gateway\Signature;
use WHMCS\Module\Server\Metalease\Hooks\Cron;
use WHMCS\Module\Server\Metalease\Hooks\Ending;
use WHMCS\Module\Server\Metalease\Module\AboutPage;
use WHMCS\Module\Server\Metalease\Module\Settings;
use WHMCS\Module\Server\Metalease\Module\Version;

require_once __DIR__ . '/bootstrap.php';

/**
 * What the module says of itself, for the table of `starter whmcs check`.
 */
final class AboutPageTest extends ModuleCase
{
    private const PATH = '/modules/servers/metalease/about.php';

    /**
     * @return array{0: int, 1: array<string, mixed>}
     */
    private function ask(string $secret = FakeGateway::SECRET): array
    {
        $server = ['REQUEST_METHOD' => 'POST', 'REQUEST_URI' => self::PATH];
        foreach (Signature::headers($secret, 'main', 'POST', self::PATH, '{}', time()) as $name => $value) {
            $server['HTTP_' . strtoupper(strtr($name, '-', '_'))] = $value;
        }
        return AboutPage::answer($server, '{}');
    }

    public function testWhatItIs(): void
    {
        [$status, $about] = $this->ask();
        $this->assertSame(200, $status);
        $this->assertSame(Version::NUMBER, $about['version']);
        $this->assertSame(PHP_VERSION_ID, (int) vsprintf('%d%02d%02d', explode('.', $about['php'])));
        $this->assertSame(date_default_timezone_get(), $about['time_zone']);
        $this->assertSame(['', [], 0, 0, []], [$about['cron'], $about['set_up'], $about['overdue'], $about['other_reason'], $about['faults']]);
        $this->assertSame(401, $this->ask('another secret of enough characters')[0], 'and to nobody else');
    }

    public function testTheCronThatRan(): void
    {
        (new Cron(new Gateways(), new Ending(new Gateways())))->run();
        $this->assertEqualsWithDelta(time(), strtotime($this->ask()[1]['cron']), 5);
    }

    public function testProducts(): void
    {
        Shop::change('tblproducts', Shop::PRODUCT, ['autosetup' => 'payment', 'stockcontrol' => 0]);
        Capsule::table('tblproducts')->insert(['name' => 'Hosting', 'servertype' => 'cpanel', 'autosetup' => 'payment']);
        $this->assertSame([[Shop::PRODUCT], [Shop::PRODUCT]], [$this->ask()[1]['set_up'], $this->ask()[1]['uncontrolled']]);
        Shop::change('tblproducts', Shop::PRODUCT, ['autosetup' => '', 'stockcontrol' => 1]);
        $this->assertSame([[], []], [$this->ask()[1]['set_up'], $this->ask()[1]['uncontrolled']]);
    }

    public function testReasonsThatDoNotMeanUnpaid(): void
    {
        $id = Shop::order(['domainstatus' => 'Suspended', 'nextduedate' => '2020-01-01', 'suspendreason' => 'Zahlung &uuml;berf&auml;llig']);
        $this->assertSame([0, 1], [$this->ask()[1]['overdue'], $this->ask()[1]['other_reason']]);
        Capsule::table('tblconfiguration')->insert(['setting' => Settings::OVERDUE, 'value' => 'Zahlung überfällig']);
        $this->assertSame([1, 0], [$this->ask()[1]['overdue'], $this->ask()[1]['other_reason']]);
        Shop::change('tblhosting', $id, ['nextduedate' => '2999-01-01']);
        $this->assertSame([0, 0], [$this->ask()[1]['overdue'], $this->ask()[1]['other_reason']]);
        Capsule::table('tblconfiguration')->where('setting', Settings::OVERDUE)->update(['value' => '(']);
        $this->assertStringContainsString('no regular expression', implode('', $this->ask()[1]['faults']));
    }

    public function testRulesThatHearOfIt(): void
    {
        $this->assertNull($this->ask()[1]['rules'], 'where they are kept is not known');
        Capsule::schema()->create('tblnotificationrules', static function ($table): void {
            $table->increments('id');
            $table->string('event_type');
            $table->text('conditions');
            $table->integer('active');
        });
        try {
            $add = static fn (string $type, string $conditions, int $active) => Capsule::table('tblnotificationrules')
                ->insert(['event_type' => $type, 'conditions' => $conditions, 'active' => $active]);
            $add('Ticket', '[]', 1);
            $add('API', '{"identifier":"other"}', 1);
            $add('API', '{"identifier":"metalease"}', 0);
            $this->assertSame(0, $this->ask()[1]['rules']);
            $add('API', '{"identifier":"metalease"}', 1);
            $add('api', '[]', 1);
            $this->assertSame(2, $this->ask()[1]['rules']);
        } finally {
            Capsule::schema()->drop('tblnotificationrules');
        }
    }

    public function testWhatItFindsInWHMCS(): void
    {
        $this->assertTrue($this->ask()[1]['permissions']);
        $has = Capsule::schema()->hasTable('tblusers_clients');
        $this->assertSame($has, $this->ask()[1]['users']);
    }
}
