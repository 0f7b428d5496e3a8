<?php

declare(strict_types=1);

namespace Pages;

use PHPUnit\Framework\TestCase;
use WHMCS\Module\Server\Metalease\Gateway\Status;
use WHMCS\Module\Server\Metalease\Page\AdminArea;

require_once __DIR__ . '/load.php';

/**
 * What staff see of a service.
 */
final class AdminPageTest extends TestCase
{
    public function testABuildShowsItsStepsAndItsServer(): void
    {
        $rows = self::rows(Samples::status('install'));
        self::assertSame(['Lifecycle', 'Panel server', 'Addresses', 'Build steps', 'Timeline', 'Workflow'], array_keys($rows));
        self::assertSame('pending what the gateway says in one sentence', self::read($rows['Lifecycle']));
        self::assertSame('5 (A1-05), s101.example.com (E3-16G on panel fra1, account u101)', self::read($rows['Panel server']));
        self::assertSame('192.0.2.5 192.0.2.61 192.0.2.62 2001:db8:7:12::7', self::read($rows['Addresses']));
        $steps = new Page($rows['Build steps']);
        self::assertSame(['✓', '✓', '✓', '✓', '▸', '·'], $steps->texts('//tr/td[1]'));
        self::assertSame(['install', '12:01:05', '4m25s', '4m20s of 12m'], array_slice($steps->texts('//tr[5]/td'), 1));
        self::assertStringContainsString('12:00:03 server 5 (A1-05) claimed', self::read($rows['Timeline']));
        self::assertStringContainsString('Times are those of UTC.', self::read($rows['Timeline']));
        self::assertSame('https://temporal.example.com/namespaces/default/workflows/service-101', (new Page($rows['Workflow']))->text('//a/@href'));
    }

    public function testAttentionSaysWhatCanBeDone(): void
    {
        $rows = self::rows(Samples::status('late'));
        self::assertSame('attention what the gateway says in one sentence', self::read($rows['Lifecycle']));
        self::assertStringContainsString('is not finished after 12m0s', self::read($rows['Attention']));
        self::assertStringContainsString('(install_late, since 11:13:10)', self::read($rows['Attention']));
        $doing = array_map(static fn (string $text): string => explode(':', $text)[0], (new Page($rows['Attention']))->texts('//li'));
        self::assertSame(['Retry', 'Retry on another server', 'Accept', 'Release now'], $doing);
        $without = (new Page(self::rows(Samples::status('refused'))['Attention']))->visible();
        self::assertStringNotContainsString('another server', $without, 'there is none to replace');
    }

    public function testTroubleIsToldOnce(): void
    {
        $trouble = (new Page(self::rows(Samples::status('trouble'))['Trouble']))->texts('//div');
        self::assertSame('panel fra1, server.power: dci.example.com:1500 did not answer: connection refused (PowerOn, attempt 6, since 12:00:07, again in 12s)', $trouble[0]);
        self::assertSame('WHMCS: no answer (Note, attempt 2, running)', $trouble[1]);
    }

    public function testABlockedServerSaysWhyAndHowLong(): void
    {
        $rows = self::rows(Samples::status('expired and suspended'));
        self::assertSame('blocked what the gateway says in one sentence', self::read($rows['Lifecycle']));
        self::assertSame(['expired', 'from whmcs', 'since 08:10:30'], (new Page($rows['Blocked']))->texts('//tr[1]/td'));
        self::assertSame(['port scans', 'from whmcs', 'since 2026-01-03 12:10'], (new Page($rows['Blocked']))->texts('//tr[2]/td'));
        self::assertSame('ends 2026-01-08 08:10, in 2d20h', self::read($rows['Grace period']));
        $held = self::rows(Samples::status('expired and held'));
        self::assertSame('over since 08:10:30', self::read($held['Grace period']));
        self::assertSame('legal case 4711: nothing is blocked or released by itself', self::read($held['Held']));
    }

    public function testAPauseOfThePanelIsSeen(): void
    {
        self::assertSame(
            'move of the racks; nothing is blocked or released meanwhile (panel fra1, since 09:00:00 by Kim)',
            self::read(self::rows(Samples::status('paused'))['Panel paused'])
        );
    }

    public function testNobodyLooksAfterAnAbandonedService(): void
    {
        $lifecycle = self::rows(Samples::status('abandoned'))['Lifecycle'];
        self::assertSame('pending what the gateway says in one sentence', self::read($lifecycle));
        self::assertSame(1, (new Page($lifecycle))->count('//*[contains(@class, "metalease-bad")]'));
    }

    public function testAServerIsNamedOnlyBeforeThereIsOne(): void
    {
        foreach (['account' => true, 'waiting' => true, 'refused' => true, 'install' => false, 'active' => false, 'released' => false] as $name => $offered) {
            self::assertSame($offered, array_key_exists('Server id', self::rows(Samples::status($name))), $name);
        }
        $field = new Page(self::rows(Samples::status('refused'), '5')['Server id']);
        self::assertSame('5', $field->text('//input[@name="' . AdminArea::FIELD . '"]/@value'));
        self::assertStringContainsString('next Retry', $field->visible());
        self::assertStringContainsString('no server id', self::read(self::rows(Samples::status('refused'), 'A1-05')['Server id']));
    }

    public function testALinkLeadsToTheWebAndNowhereElse(): void
    {
        foreach (['javascript:alert(1)', 'data:text/html,x', '//evil.example', ''] as $address) {
            $row = new Page(self::rows(['workflow_url' => $address] + Samples::status('active'))['Workflow']);
            self::assertSame(0, $row->count('//a'), $address);
            self::assertSame('service-101', $row->visible());
        }
    }

    public function testDestructiveButtonsAskFirst(): void
    {
        foreach (Samples::names() as $name) {
            $script = (new Page(self::rows(Samples::status($name))['Lifecycle']))->text('//script');
            foreach (['replace', 'releasenow', 'poweroff', 'reboot', 'networkoff', 'reinstall'] as $function) {
                self::assertMatchesRegularExpression("/\"$function\":\"[^\"]+\\?/", $script);
            }
            $labels = '{"Retry on another server":"replace","Release now":"releasenow","Power off":"poweroff","Reboot":"reboot","Network off":"networkoff","Reinstall":"reinstall"});';
            self::assertStringEndsWith($labels, $script, 'by the labels of the buttons, too');
            self::assertStringContainsString('window.confirm', $script);
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
    public function testEveryValueIsEscaped(string $name): void
    {
        $without = new Page(Rendering::admin(self::rows(Hostile::everywhere(Samples::status($name), 'harmless'), '7x')));
        foreach (Hostile::TEXTS as $text) {
            $page = new Page(Rendering::admin(self::rows(Hostile::everywhere(Samples::status($name), $text), $text)));
            Hostile::assertHarmless($page, $without);
        }
    }

    public function testAStatusOfAnyShapeIsAPage(): void
    {
        foreach ([[], ['phase' => []], ['attention' => 'x', 'blocks' => 'x', 'timeline' => [1]], ['server' => 7, 'steps' => [[]], 'trouble' => [[]]]] as $status) {
            self::assertArrayHasKey('Lifecycle', self::rows($status));
        }
    }

    /**
     * @param array<mixed> $status
     *
     * @return array<string, string>
     */
    private static function rows(array $status, string $named = ''): array
    {
        return AdminArea::known(101, new Status($status), Samples::time(), $named);
    }

    /**
     * What can be read of a row.
     */
    private static function read(string $html): string
    {
        return (new Page($html))->visible();
    }
}
