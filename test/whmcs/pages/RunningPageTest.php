<?php

declare(strict_types=1);

namespace Pages;

use PHPUnit\Framework\TestCase;
use WHMCS\Module\Server\Metalease\Gateway\Status;
use WHMCS\Module\Server\Metalease\Page\ClientArea;
use WHMCS\Module\Server\Metalease\Page\Controls;
use WHMCS\Module\Server\Metalease\Page\Language;
use WHMCS\Module\Server\Metalease\Page\Machine;

require_once __DIR__ . '/load.php';

/**
 * What customers and staff see of a server that runs, and what they can have done with it.
 */
final class RunningPageTest extends TestCase
{
    private const FORM = '//form[.//input[@name="a" and @value="%s"]]';

    /**
     * @return iterable<string, array{0: string}>
     */
    public function smarties(): iterable
    {
        foreach (Rendering::SMARTIES as $smarty) {
            yield $smarty => [$smarty];
        }
    }

    /**
     * @dataProvider smarties
     */
    public function testARunningServerHasItsForms(string $smarty): void
    {
        $page = self::page('running', $smarty);
        self::assertSame(['on', 'off', 'reboot'], $page->texts('//button[@name="power"]/@value'));
        self::assertStringContainsString('Power: On (as of 12:05:12)', $page->visible());
        foreach (['clientpower', 'clientreinstall', 'clientnames'] as $function) {
            $form = sprintf(self::FORM, $function);
            self::assertSame(['post', 'clientarea.php?action=productdetails', '101', 'custom', 'the-token'], [
                $page->text("$form/@method"), $page->text("$form/@action"), $page->text("$form//input[@name='id']/@value"),
                $page->text("$form//input[@name='modop']/@value"), $page->text("$form//input[@name='token']/@value"),
            ], $function);
            self::assertMatchesRegularExpression('/^[0-9a-f]{32}$/', $page->text("$form//input[@name='click']/@value"));
        }
        self::assertSame(3, count(array_unique($page->texts('//input[@name="click"]/@value'))), 'each form is a click of its own');
        self::assertSame('modules/servers/metalease/signon.php', $page->text('//form[.//button[@name="target"]]/@action'));
        self::assertSame(['panel', 'console'], $page->texts('//button[@name="target"]/@value'));
        self::assertSame(['ISPsystem__Debian-12-x86_64', 'ISPsystem__AlmaLinux-9-x86_64'], $page->texts('//select[@name="template"]/option/@value'));
        self::assertSame('Debian 12', $page->text('//select[@name="template"]/option[@selected]'));
        self::assertStringContainsString('type the host name s101.example.com', lcfirst($page->text('//label[.//input[@name="confirm"]]')));
        self::assertStringContainsString('10 to 32 characters', $page->visible());
        self::assertSame('mail.example.com', $page->text('//input[@name="names[192.0.2.61]"]/@value'));
        self::assertSame('no', $page->text('//@data-refresh'));
    }

    public function testUnknownMonthsHaveNoBar(): void
    {
        $page = self::page('running');
        self::assertSame(4, $page->count('//*[name()="svg"]//*[name()="rect"][@class="metalease-in"]'));
        self::assertSame(1, substr_count(implode('', $page->texts('//*[name()="svg"]//*[name()="text"]')), '?'));
        self::assertSame(['September 2025', 'not known', 'not known', 'not known'], $page->texts('//tbody/tr[1]/td'));
        self::assertSame(['January 2026 (in part)', '210 GB', '74.2 GB', '12.5 Mbit/s'], $page->texts('//tbody/tr[5]/td'));
        foreach (['//*[name()="svg"]//*[name()="image"]', '//*[name()="svg"]//@href', '//script[@src]', '//link'] as $foreign) {
            self::assertSame(0, $page->count($foreign), 'nothing from elsewhere');
        }
    }

    public function testPasswordsAreBehindAClickAndOnlyWhereTheyOpen(): void
    {
        $page = self::page('running');
        self::assertSame(['ShowRoot-Passw0rd'], $page->texts('//dd[details]'));
        self::assertStringContainsString('since your first server', $page->visible());
        self::assertSame('https://dci.example.com:1500/', $page->text('//dd/a/@href'));
        self::assertStringNotContainsString('Root-Passw0rd', self::page('reinstalling')->visible());
    }

    /**
     * @dataProvider smarties
     */
    public function testWhileSomethingRunsThereAreNoButtons(string $smarty): void
    {
        $switched = self::page('switching', $smarty);
        self::assertStringContainsString('The power is being switched', $switched->visible());
        self::assertSame('yes', $switched->text('//@data-refresh'), 'the page waits for the power');
        $installed = self::page('reinstalling', $smarty);
        self::assertSame('Your server is being installed anew', $installed->text('//h4'));
        self::assertSame('36', $installed->text('//*[@role="progressbar"]/@aria-valuenow'));
        self::assertSame('Installation of your server', $installed->text('//*[@role="progressbar"]/@aria-label'));
        $late = self::page('reinstalling late', $smarty);
        self::assertStringContainsString('takes longer than usual', $late->visible());
        self::assertSame('95', $late->text('//*[@role="progressbar"]/@aria-valuenow'));
        foreach ([$switched, $installed, $late] as $page) {
            self::assertSame(0, $page->count('//form'));
            self::assertSame(1, $page->count('//a[contains(., "Refresh")]'), 'without a script there is a link');
        }
    }

    public function testWhatDidNotEndWellIsNamed(): void
    {
        $page = self::page('not off');
        self::assertStringContainsString('did not reach the power state', $page->visible());
        self::assertStringNotContainsString('fra1', $page->visible());
        self::assertSame(3, $page->count('//button[@name="power"]'), 'it can be tried again');
        self::assertStringContainsString('installation did not end well', self::page('not installed')->visible());
    }

    public function testABlockedServerHasItsTrafficAndNoForm(): void
    {
        $status = new Status(Samples::status('expired'));
        $page = new Page(Rendering::client(ClientArea::known(101, $status, Samples::time(), false, null, [], Running::controls($status))));
        self::assertSame(0, $page->count('//form'));
        self::assertSame(1, $page->count('//*[name()="svg"]'));
        self::assertStringNotContainsString('Root-Passw0rd', $page->html);
    }

    public function testWhatIsNotKnownIsSaidToBe(): void
    {
        $status = new Status(Running::status('running'));
        $bare = new Controls($status, null, null, [], [], []);
        $page = new Page(Rendering::client(ClientArea::known(101, $status, Samples::time(), false, null, [], $bare)));
        self::assertStringContainsString('Power: Not known at the moment', $page->visible());
        self::assertSame(0, $page->count('//select') + $page->count('//*[name()="svg"]') + $page->count('//input[@type="password"]'));
    }

    /**
     * @return iterable<string, array{0: string}>
     */
    public function names(): iterable
    {
        foreach (Running::names() as $name) {
            yield $name => [$name];
        }
    }

    /**
     * @dataProvider names
     */
    public function testEveryValueIsEscaped(string $name): void
    {
        $page = static function (string $text, string $smarty) use ($name): Page {
            $status = new Status(Hostile::everywhere(Running::status($name), $text));
            $controls = Running::hostile($status, $text);
            return new Page(Rendering::client(ClientArea::known(101, $status, Samples::time(), false, null, [], $controls), $smarty));
        };
        $without = $page('harmless', 'smarty3');
        foreach (Hostile::TEXTS as $i => $text) {
            Hostile::assertHarmless($page($text, Rendering::SMARTIES[$i % 2]), $without);
        }
    }

    public function testEachLanguageFillsThePage(): void
    {
        foreach (['german' => 'Neu installieren', 'russian' => 'Переустановить'] as $name => $said) {
            $status = new Status(Running::status('running'));
            $page = new Page(Rendering::client(ClientArea::known(101, $status, Samples::time(), false, Language::named($name), [], Running::controls($status))));
            self::assertStringContainsString($said, $page->visible());
            self::assertStringNotContainsString('Power', $page->visible());
        }
    }

    public function testStaffSeeTheMachine(): void
    {
        $rows = Machine::rows(101, 7, Running::facts(), Samples::time());
        $page = new Page(Rendering::admin($rows));
        self::assertStringContainsString('00:25:90:ab:cd:ef', $page->visible());
        self::assertStringContainsString('As of 12:05:12, 18s ago', $page->visible());
        self::assertSame('?userid=7&id=101&metalease_fresh=1', $page->text('//a/@href'));
        self::assertSame(['panel', 'console'], $page->texts('//button/@data-target'));
        self::assertStringContainsString('Nothing is known', (new Page(Rendering::admin(Machine::rows(101, 7, null, Samples::time(), '<b>down</b>'))))->visible());
        foreach (Hostile::TEXTS as $text) {
            $facts = new Status(Hostile::everywhere(Running::machine(), $text));
            $hostile = new Page(implode('', Machine::rows(101, 7, $facts, Samples::time(), $text)));
            self::assertSame(2, $hostile->count('//@*[starts-with(name(), "on")]'), 'those of the two buttons');
            self::assertSame(0, $hostile->count('//script') + $hostile->count('//img') + $hostile->count('//svg') + $hostile->count('//b'));
        }
    }

    public function testTheActionAndWhoWantedIt(): void
    {
        $rows = \WHMCS\Module\Server\Metalease\Page\AdminArea::known(101, new Status(Running::status('not off')), Samples::time(), '');
        self::assertSame('power off: the server is still on after 10m0s (by client jane@example.com, since 12:04:00)', (new Page($rows['Action']))->visible());
    }

    private static function page(string $name, string $smarty = 'smarty3'): Page
    {
        $status = new Status(Running::status($name));
        return new Page(Rendering::client(ClientArea::known(101, $status, Samples::time(), false, null, [], Running::controls($status)), $smarty));
    }
}
