<?php

declare(strict_types=1);

namespace Pages;

use PHPUnit\Framework\TestCase;
use WHMCS\Module\Server\Metalease\Gateway\Status;
use WHMCS\Module\Server\Metalease\Page\ClientArea;
use WHMCS\Module\Server\Metalease\Page\Language;

require_once __DIR__ . '/load.php';

/**
 * What customers see, rendered by the Smarty of WHMCS 8 and that of WHMCS 9.
 */
final class ClientPageTest extends TestCase
{
    private const LINK = '//a[@href="clientarea.php?action=productdetails&id=101"]';

    /**
     * @return iterable<string, array{0: string, 1: string, 2: string}>
     */
    public function headlines(): iterable
    {
        $headlines = [
            'account' => 'Your server is being set up',
            'waiting' => 'Your order is in the queue',
            'install' => 'Your server is being set up',
            'late' => 'The setup takes longer than usual',
            'refused' => 'The setup takes longer than usual',
            'trouble' => 'Your server is being set up',
            'active' => 'Your server is ready',
            'paused' => 'Your server is ready',
            'early' => 'Your server is almost ready',
            'early and late' => 'Your server is almost ready',
            'expired' => 'Your server is suspended',
            'suspended' => 'Your server is suspended',
            'releasing' => 'This service is ending',
            'released' => 'This service has ended',
            'abandoned' => 'The setup takes longer than usual',
        ];
        foreach ($headlines as $name => $headline) {
            foreach (Rendering::SMARTIES as $smarty) {
                yield "$name, $smarty" => [$name, $headline, $smarty];
            }
        }
    }

    /**
     * @dataProvider headlines
     */
    public function testEachStateHasItsWords(string $name, string $headline, string $smarty): void
    {
        $page = self::page(Samples::status($name), $smarty);
        self::assertSame($headline, $page->text('//h4'));
        self::assertSame(1, $page->count('//*[@id="metalease-101"]'));
        self::assertSame(1, $page->count('//*[@role="status" and @aria-live="polite"]//h4'), 'news are read aloud');
        self::assertStringNotContainsString('{', $page->visible(), 'nothing is left to Smarty');
    }

    public function testABuildShowsItsStepsAndHowFarItIs(): void
    {
        $page = self::page(Samples::status('install'));
        self::assertCount(6, $page->texts('//li'));
        self::assertCount(4, $page->texts('//li[@class="metalease-done"]'));
        self::assertSame('Installing the operating system (now)', $page->text('//li[@aria-current="step"]'));
        self::assertSame('44', $page->text('//*[@role="progressbar"]/@aria-valuenow'));
        self::assertSame('44 percent, usually ready within 8 minutes', $page->text('//*[@role="progressbar"]/@aria-valuetext'));
        self::assertStringContainsString('Usually ready within 8 minutes', $page->visible());
        self::assertSame(0, $page->count('//dl'), 'an address that may still change is not shown');
    }

    public function testWhatDoesNotAnswerMakesNoPromise(): void
    {
        $page = self::page(Samples::status('trouble'));
        self::assertStringContainsString('a little longer than usual', $page->visible());
        self::assertStringNotContainsString('within', $page->visible());
    }

    public function testAPageOfAnotherLanguageHasNoEnglish(): void
    {
        foreach (['german', 'russian'] as $i => $name) {
            foreach (['install', 'trouble', 'active', 'expired', 'expired and suspended', 'waiting'] as $status) {
                $page = new Page(Rendering::client(
                    ClientArea::known(101, new Status(Samples::status($status)), Samples::time(), false, Language::named($name)),
                    Rendering::SMARTIES[$i]
                ));
                self::assertSame(['de', 'ru'][$i], $page->text('//*[@id="metalease-101"]/@lang'));
                self::assertDoesNotMatchRegularExpression('/\b(the|your|is|of|until|within|done|now|Refresh|address(es)?|percent)\b/i', $page->visible() . implode(' ', [...$page->texts('//@aria-valuetext'), ...$page->texts('//@aria-label')]), "$status in $name");
            }
        }
    }

    public function testAServerShowsItsAddresses(): void
    {
        $page = self::page(Samples::status('active'));
        self::assertSame(['s101.example.com', '192.0.2.5'], array_slice($page->texts('//dd'), 0, 2));
        self::assertSame(['192.0.2.61', '192.0.2.62', '2001:db8:7:12::7'], $page->texts('//dd/span'));
        $alone = Samples::status('active');
        $alone['server']['extra_ips'] = null;
        self::assertCount(2, self::page($alone)->texts('//dd'));
    }

    public function testWhatTheThemeShowsIsNotShownAgain(): void
    {
        $known = static fn (array $shown): Page => new Page(Rendering::client(
            ClientArea::known(101, new Status(Samples::status('active')), Samples::time(), false, null, $shown)
        ));
        self::assertSame(0, $known(['s101.example.com', '192.0.2.5', '192.0.2.61', '192.0.2.62', '2001:db8:7:12::7'])->count('//dl'));
        $some = $known(['s101.example.com', '192.0.2.5', '192.0.2.61']);
        self::assertSame(['Additional addresses'], $some->texts('//dt'));
        self::assertSame(['192.0.2.62', '2001:db8:7:12::7'], $some->texts('//dd/span'));
        self::assertCount(2, $known(['old.example.com', '192.0.2.9', '192.0.2.61', '192.0.2.62', '2001:db8:7:12::7'])->texts('//dd'), 'what WHMCS shows wrongly');
    }

    public function testAnUnpaidServerSaysUntilWhenItIsKept(): void
    {
        $page = self::page(Samples::status('expired'), 'smarty3', 'Europe/Berlin');
        self::assertSame('8 January 2026, 09:10 CET', $page->text('//strong'));
        self::assertStringContainsString('You have 2 days left.', $page->visible());
        self::assertStringContainsString('available again by itself', $page->visible());
        self::assertSame('8 January 2026, 05:10 UTC-03', self::page(Samples::status('expired'), 'smarty3', 'America/Sao_Paulo')->text('//strong'));
        $over = self::page(Samples::status('grace is over'))->visible();
        self::assertStringContainsString('The time to pay is over', $over);
        self::assertStringNotContainsString('kept for you until', $over);
        $held = self::page(Samples::status('expired and held'))->visible();
        self::assertStringContainsString('is kept for now', $held);
        self::assertStringNotContainsString('4711', $held, 'a legal case is between staff');
    }

    public function testASuspensionSaysWhy(): void
    {
        self::assertStringContainsString('Reason: port scans', self::page(Samples::status('suspended'))->visible());
        $both = self::page(Samples::status('expired and suspended'))->visible();
        self::assertStringContainsString('not paid by its due date', $both);
        self::assertStringContainsString('port scans', $both);
        self::assertStringNotContainsString('by itself', $both, 'paying alone does not help');
        self::assertStringNotContainsString('4711', self::page(Samples::status('cut off by staff'))->visible(), 'a reason from elsewhere is for staff');
    }

    public function testAnEndedServiceHasNoServer(): void
    {
        foreach (['releasing', 'released'] as $name) {
            self::assertStringNotContainsString('192.0.2', self::page(Samples::status($name))->visible());
        }
    }

    /**
     * @return iterable<string, array{0: string}>
     */
    public function names(): iterable
    {
        foreach (Samples::names() as $name) {
            yield $name => [$name];
        }
    }

    /**
     * @dataProvider names
     */
    public function testNoWordOfTheMachineRoom(string $name): void
    {
        $visible = self::page(Samples::status($name))->visible();
        $inside = [
            'fra1', 'E3-16G', 'A1-05', 'u101', 'server 5', 'ISPsystem', 'ostemplate', 'install_', 'refused',
            'panel', 'workflow', 'temporal', 'metalease', 'attention', 'gateway', 'whmcs', 'cli ',
        ];
        foreach ($inside as $word) {
            self::assertStringNotContainsStringIgnoringCase($word, $visible, $name);
        }
    }

    /**
     * @dataProvider names
     */
    public function testThePageFollowsABuildAndNothingElse(string $name): void
    {
        $follows = in_array($name, ['account', 'waiting', 'power', 'install', 'late', 'refused', 'trouble', 'early'], true);
        $page = self::page(Samples::status($name));
        self::assertSame($follows ? 'yes' : 'no', $page->text('//@data-refresh'));
        self::assertSame($follows ? 1 : 0, $page->count('//script'));
        self::assertSame($follows ? 1 : 0, $page->count(self::LINK), 'without a script there is a link');
        self::assertSame($follows ? 1 : 0, $page->count('//*[@hidden and contains(., "updates by itself")]'), 'what only a script can do is promised by the script');
    }

    /**
     * @dataProvider names
     */
    public function testEveryValueIsEscaped(string $name): void
    {
        $without = self::page(Hostile::everywhere(Samples::status($name), 'harmless'));
        foreach (Hostile::TEXTS as $i => $text) {
            $page = self::page(Hostile::everywhere(Samples::status($name), $text), Rendering::SMARTIES[$i % 2]);
            Hostile::assertHarmless($page, $without);
        }
    }

    public function testForeignTextIsShownAsItIs(): void
    {
        $status = Samples::status('suspended');
        $status['blocks'][0]['reason'] = '<b>port</b> & "scans" {$x} &amp;';
        self::assertStringContainsString('<b>port</b> & "scans" {$x} &amp;', self::page($status)->visible());
    }

    public function testAStatusOfAnyShapeIsAPage(): void
    {
        $statuses = [
            [], ['phase' => []], ['phase' => 'unheard-of'], ['phase' => 'blocked', 'blocks' => 'x'], ['phase' => 'active', 'server' => 7],
            ['phase' => 'pending', 'steps' => [1, [], ['step' => 'install', 'began' => 'x']]],
        ];
        foreach ($statuses as $status) {
            self::assertNotSame('', self::page($status)->text('//h4'));
        }
    }

    /**
     * @param array<mixed> $status
     */
    private static function page(array $status, string $smarty = 'smarty3', string $zone = 'UTC'): Page
    {
        return new Page(Rendering::client(ClientArea::known(101, new Status($status), Samples::time($zone)), $smarty));
    }
}
