<?php

declare(strict_types=1);

namespace MetaleaseTest;

use WHMCS\Module\Server\Metalease\Gateway\Gateways;
use WHMCS\Module\Server\Metalease\Hooks\Cron;
use WHMCS\Module\Server\Metalease\Hooks\Ending;
use WHMCS\Module\Server\Metalease\Module\Records;
use WHMCS\Module\Server\Metalease\Module\Text;

require_once __DIR__ . '/bootstrap.php';

/**
 * What others write reaches staff as text: labels of servers, words of a panel, what clients type.
 */
final class TextTest extends ModuleCase
{
    private const HOSTILE = "<script>x()</script> [pay](https://evil.example) \x1b[31m\u{202E}dne \xff\u{200B}`id`";

    private static function assertPlain(string $text): void
    {
        self::assertNotSame('', $text);
        self::assertStringContainsString('script', $text, 'what was written is still told');
        self::assertDoesNotMatchRegularExpression('/[<>`\x00-\x1F\x7F\x{202E}\x{200B}]|\]\(/u', $text);
    }

    public function testResultsOfModuleFunctions(): void
    {
        $id = Shop::order(['domainstatus' => 'Active']);
        $hostile = mb_scrub(self::HOSTILE);
        $answers = [
            self::signalled('ignored', [], $hostile), self::problem(422, 'invalid-event', $hostile, $hostile),
            self::signalled('pending', ['attention' => ['message' => $hostile]]),
        ];
        foreach ($answers as $answer) {
            FakeGateway::answers([FakeGateway::ANY => $answer]);
            self::assertPlain(metalease_SuspendAccount($this->params($id, ['suspendreason' => 'abuse'])));
            self::assertPlain(metalease_TerminateAccount($this->params($id)));
        }
        $entry = [
            'serverid' => Shop::ENTRY, 'serverhostname' => '127.0.0.1', 'serverport' => (string) FakeGateway::port(), 'serverusername' => 'fra1',
            'serverpassword' => FakeGateway::SECRET,
        ];
        FakeGateway::answers(['GET /v1/panels/fra1' => [200, ['reachable' => false, 'error' => ['message' => $hostile]]]]);
        self::assertPlain(metalease_TestConnection($entry)['error']);
        FakeGateway::answers([FakeGateway::ANY => self::problem(502, 'panel-failed', $hostile)]);
        try {
            metalease_LoadPackages($entry);
            $this->fail('it has none');
        } catch (\Exception $fault) {
            self::assertPlain($fault->getMessage());
        }
    }

    public function testTheLogNoticesAndNotifications(): void
    {
        Shop::change('tblproducts', Shop::PRODUCT, ['configoption5' => '']);
        $id = Shop::order(['domain' => self::HOSTILE]);
        FakeGateway::answers([]);
        (new Cron(new Gateways(), new Ending(new Gateways())))->run();
        self::assertPlain(Records::notice($id));
        self::assertPlain(implode('', Remembered::$activity));
        self::assertPlain(Remembered::$api[0][1]['message']);
    }

    public function testTextForWhmcsHasNoCharacterOfFourBytes(): void
    {
        self::assertSame("\u{FFFD} rack – ü", Text::plain('🔥 rack – ü'), 'most WHMCS would store question marks, and be told again');
        self::assertSame('🔥 rack', Text::clean('🔥 rack'), 'a page shows it');
    }

    public function testALongReasonIsCut(): void
    {
        $id = Shop::order(['domainstatus' => 'Active']);
        FakeGateway::answers(["POST /v1/services/$id/suspend" => self::signalled('applied')]);
        $this->assertSame('success', metalease_SuspendAccount($this->params($id, ['suspendreason' => str_repeat('ü', 2000)])));
        $this->assertSame(str_repeat('ü', 500), $this->body("POST /v1/services/$id/suspend")['reason']);
    }

    public function testNobodyWritesPastTheBorder(): void
    {
        $root = __DIR__ . '/../../../whmcs/module/modules/servers/metalease/lib';
        $places = [];
        foreach (glob("$root/*/*.php") ?: [] as $file) {
            if (preg_match('/(logActivity|localAPI)\(/', (string) file_get_contents($file)) === 1) {
                $places[] = basename($file);
            }
        }
        $this->assertSame(['Notice.php', 'Text.php'], $places);
    }
}
