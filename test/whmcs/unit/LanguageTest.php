<?php

declare(strict_types=1);

namespace MetaleaseTest;

use WHMCS\Database\Capsule;
use WHMCS\Module\Server\Metalease\Gateway\Gateways;
use WHMCS\Module\Server\Metalease\Hooks\Cron;
use WHMCS\Module\Server\Metalease\Hooks\Ending;
use WHMCS\Module\Server\Metalease\Page\Language;

require_once __DIR__ . '/bootstrap.php';

/**
 * What clients read, in each language.
 */
final class LanguageTest extends ModuleCase
{
    private const MODULE = __DIR__ . '/../../../whmcs/module/modules/servers/metalease';

    protected function tearDown(): void
    {
        $_SESSION = [];
    }

    /**
     * @return array<string, array{0: string}>
     */
    public static function languages(): array
    {
        $names = array_map(static fn (string $file): string => basename($file, '.php'), glob(self::MODULE . '/lang/*.php'));
        return array_combine($names, array_map(static fn (string $name): array => [$name], $names));
    }

    public function testTwoTranslationsComeWithTheModule(): void
    {
        $this->assertSame(['english', 'german', 'russian'], array_keys(self::languages()));
        $this->assertSame([], glob(self::MODULE . '/lang/overrides/*'), 'an update brings nothing that lies over what a host wrote');
    }

    /**
     * @dataProvider languages
     */
    public function testEachLanguageSaysTheSame(string $name): void
    {
        [$english, $texts] = [require self::MODULE . '/lang/english.php', require self::MODULE . "/lang/$name.php"];
        $this->assertSame(array_keys($english), array_keys($texts));
        $words = static function (string $text): array {
            preg_match_all('/\{\w+\}/', explode('|', $text)[0], $found);
            sort($found[0]);
            return $found[0];
        };
        foreach ($texts as $key => $text) {
            $this->assertSame($words($english[$key]), $words($text), $key);
            $this->assertSame(trim($text), $text, $key);
            $this->assertNotSame('', $text, $key);
            if ($name !== 'english' && $key !== 'hostname') {
                $this->assertNotSame($english[$key], $text, "$key is translated");
            }
        }
        $this->assertCount(12, explode('|', $texts['months']));
        foreach (['days', 'hours', 'minutes'] as $unit) {
            $this->assertCount($name === 'russian' ? 3 : 2, explode('|', $texts[$unit]));
        }
    }

    public function testEveryTextIsShownSomewhereAndEveryKeyIsThere(): void
    {
        $source = '';
        foreach ([...glob(self::MODULE . '/lib/*/*.php'), self::MODULE . '/templates/service.tpl'] as $file) {
            $source .= basename($file) === 'Language.php' ? str_replace("'s'", '', (string) file_get_contents($file)) : file_get_contents($file);
        }
        $texts = require self::MODULE . '/lang/english.php';
        foreach (array_keys($texts) as $key) {
            $made = preg_match('/^(step_|asked_(on|off|reboot)$|days|hours|minutes)/', $key) === 1;
            $this->assertTrue($made || str_contains($source, "'$key'"), "$key is shown nowhere");
        }
        preg_match_all("/->(?:say|add|text)\(([^;]*?)\)/", (string) file_get_contents(self::MODULE . '/lib/Page/Words.php'), $calls);
        preg_match_all("/'([a-z]+_[a-z_]+)'/", implode(' ', $calls[1]), $keys);
        $this->assertGreaterThan(20, count($keys[1]));
        $this->assertSame([], array_diff($keys[1], array_keys($texts)));
    }

    /**
     * @dataProvider lengths
     */
    public function testLengthsOfTime(string $name, int $seconds, string $said): void
    {
        $this->assertSame($said, Language::named($name)->about($seconds));
    }

    /**
     * @return list<array{0: string, 1: int, 2: string}>
     */
    public static function lengths(): array
    {
        return [
            ['english', 60, '1 minute'], ['english', 61, '2 minutes'], ['english', 7200, '2 hours'], ['english', 255600, '2 days'],
            ['german', 60, '1 Minute'], ['german', 7200, '2 Stunden'], ['german', 864000, '10 Tage'],
            ['russian', 60, '1 минута'], ['russian', 120, '2 минуты'], ['russian', 300, '5 минут'], ['russian', 660, '11 минут'], ['russian', 1260, '21 минута'],
            ['russian', 840, '14 минут'], ['russian', 75600, '21 час'], ['russian', 79200, '22 часа'], ['russian', 259200, '3 дня'], ['russian', 432000, '5 дней'],
        ];
    }

    public function testDates(): void
    {
        $moment = new \DateTimeImmutable('2026-03-08T09:10:00', new \DateTimeZone('Europe/Berlin'));
        $this->assertSame('8 March 2026, 09:10 CET', Language::named('english')->date($moment));
        $this->assertSame('8. März 2026, 09:10 Uhr CET', Language::named('german')->date($moment));
        $this->assertSame('8 марта 2026 г., 09:10 UTC-03', Language::named('russian')->date($moment->setTimezone(new \DateTimeZone('-03:00'))->setTime(9, 10)->setTimezone(new \DateTimeZone('America/Sao_Paulo'))));
    }

    /**
     * A folder of language files with a host's own.
     *
     * @param array<string, string> $own language => text of the file
     */
    private static function folder(array $own): string
    {
        $folder = WebServer::folder();
        mkdir("$folder/overrides");
        foreach (glob(self::MODULE . '/lang/*.php') as $file) {
            copy($file, "$folder/" . basename($file));
        }
        foreach ($own as $name => $text) {
            file_put_contents("$folder/overrides/$name.php", $text);
        }
        return $folder;
    }

    public function testAHostsOwnTextsGoFirst(): void
    {
        $folder = self::folder([
            'german' => "\xEF\xBB\xBF<?php return ['active_headline' => 'Los geht\\'s', 'refresh' => ['no text']];",
            'english' => '<?php return ["active_headline" => "Off you go"];',
            'french' => '<?php return ["active_headline" => "C\'est parti"];',
        ]);
        ob_start();
        $german = Language::named('German', $folder);
        $this->assertSame('', ob_get_clean(), 'nothing of a file reaches the page');
        $this->assertSame(["Los geht's", 'Aktualisieren', 'Ihr Server ist gesperrt'], array_map($german->text(...), ['active_headline', 'refresh', 'blocked_headline']));
        $french = Language::named('french', $folder);
        $this->assertSame(["C'est parti", 'Refresh'], array_map($french->text(...), ['active_headline', 'refresh']), 'a language that the module does not have');
        $this->assertSame('Off you go', Language::named('klingon', $folder)->text('active_headline'));
        $this->assertSame('', Language::fault($folder));
    }

    public function testABrokenFileIsToldOfAndBreaksNoPage(): void
    {
        $folder = self::folder(['german' => '<?php return [;', 'english' => '<?php $x = 1;', 'russian' => '<?php return ["active_headlin" => "x"];']);
        $this->assertSame('Ihr Server ist bereit', Language::named('german', $folder)->text('active_headline'));
        $this->assertSame('Your server is ready', Language::named('english', $folder)->text('active_headline'));
        $fault = Language::fault($folder);
        $this->assertStringContainsString('lang/overrides/german.php cannot be read: syntax error', $fault);
        $this->assertStringContainsString('lang/overrides/english.php returns no list of texts.', $fault);
        $this->assertStringContainsString('lang/overrides/russian.php has texts that nobody shows: active_headlin.', $fault);
        $this->assertSame('', Language::fault(), 'and the module has none');
    }

    /**
     * @dataProvider names
     */
    public function testNoNameLeavesTheFolder(string $name): void
    {
        $this->assertSame('Refresh', Language::named($name)->text('refresh'));
    }

    /**
     * @return list<array{0: string}>
     */
    public static function names(): array
    {
        return [['../functions'], ['overrides/german'], ["ger\0man"], [''], ["german\n.."], [str_repeat('a', 5000)]];
    }

    /**
     * @dataProvider clients
     * @param array<string, mixed> $session
     * @param array<string, mixed> $params
     */
    public function testTheLanguageIsThatOfWhoLooks(array $session, array $params, string $stored, string $config, string $refresh): void
    {
        Capsule::table('tblclients')->insert(['id' => 7, 'language' => $stored]);
        Capsule::table('tblconfiguration')->insert(['setting' => 'Language', 'value' => $config]);
        $_SESSION = $session;
        $this->assertSame($refresh, Language::ofClient($params)->text('refresh'));
    }

    /**
     * @return array<string, array{0: array<string, mixed>, 1: array<string, mixed>, 2: string, 3: string, 4: string}>
     */
    public static function clients(): array
    {
        $params = ['userid' => 7];
        return [
            'chosen on the page' => [['Language' => 'russian'], $params + ['clientsdetails' => ['language' => 'german']], 'german', 'english', 'Обновить'],
            'as WHMCS tells' => [[], $params + ['clientsdetails' => ['language' => 'german']], 'russian', 'english', 'Aktualisieren'],
            'as the client has stored' => [[], $params, 'russian', 'german', 'Обновить'],
            'who is logged in' => [['uid' => 7], [], 'russian', 'german', 'Обновить'],
            'nothing chosen' => [[], $params + ['clientsdetails' => ['language' => '']], '', 'german', 'Aktualisieren'],
            'a visitor' => [[], [], 'russian', 'german', 'Aktualisieren'],
            'nothing anywhere' => [[], [], '', '', 'Refresh'],
            'of another shape' => [['Language' => ['x']], ['clientsdetails' => 'x'], '', '', 'Refresh'],
        ];
    }

    public function testThePageSpeaksTheClientsLanguage(): void
    {
        $id = Shop::order(['domainstatus' => 'Suspended', 'nextduedate' => '2026-03-01']);
        $blocked = ['service_id' => $id, 'phase' => 'blocked', 'blocks' => [['reason' => 'expired', 'source' => 'whmcs']], 'grace_ends_at' => gmdate('Y-m-d\TH:i:s\Z', time() + 200000)];
        FakeGateway::answers(["GET /v1/services/$id" => [200, $blocked + self::STATUS]]);
        $page = metalease_ClientArea($this->params($id, ['clientsdetails' => ['language' => 'german']]))['templateVariables']['metalease'];
        $this->assertSame(['Ihr Server ist gesperrt', ['Der Dienst wurde bis zum Fälligkeitstag nicht bezahlt.']], [$page['headline'], $page['reasons']]);
        $this->assertStringContainsString('Verbleibende Zeit: 2 Tage.', $page['sentences'][0]);
        $this->assertSame(['Der Server wird für Sie aufbewahrt bis ', '.'], $page['kept']);
        $this->assertSame('de', $page['text']['locale']);
    }

    /**
     * @dataProvider themes
     * @param array<string, mixed> $service
     */
    public function testWhatTheThemesShowIsNotShownAgain(string $type, array $service, array $shown): void
    {
        Shop::change('tblproducts', Shop::PRODUCT, ['type' => $type]);
        $id = Shop::order($service + ['domainstatus' => 'Active', 'domain' => 'S1.example.com', 'dedicatedip' => '192.0.2.12', 'assignedips' => "192.0.2.13\r\n192.0.2.14\n"]);
        $server = ['extra_ips' => ['192.0.2.13', '192.0.2.14']] + self::STATUS['server'];
        FakeGateway::answers(["GET /v1/services/$id" => [200, ['service_id' => $id, 'server' => $server] + self::STATUS]]);
        $page = metalease_ClientArea($this->params($id))['templateVariables']['metalease'];
        $this->assertSame($shown, [$page['hostname'], $page['address'], $page['extra']]);
    }

    /**
     * @return array<string, array{0: string, 1: array<string, mixed>, 2: array{0: string, 1: string, 2: list<string>}}>
     */
    public static function themes(): array
    {
        $all = ['s1.example.com', '192.0.2.12', ['192.0.2.13', '192.0.2.14']];
        return [
            'of a server' => ['server', [], ['', '', []]],
            'without a domain they show nothing' => ['server', ['domain' => ''], $all],
            'of another type they show no address' => ['other', [], $all],
            'what WHMCS does not have yet' => ['server', ['dedicatedip' => '', 'assignedips' => '192.0.2.13'], ['', '192.0.2.12', ['192.0.2.14']]],
        ];
    }

    public function testTheCartSpeaksItToo(): void
    {
        require_once __DIR__ . '/../../../whmcs/module/includes/hooks/metalease.php';
        Shop::change('tblproducts', Shop::PRODUCT, ['configoption5' => '']);
        $_SESSION = ['Language' => 'german', 'cart' => ['products' => [['pid' => Shop::PRODUCT]]]];
        $this->assertStringContainsString('ist kein Hostname', Remembered::$hooks['ShoppingCartValidateProductUpdate'][0](['i' => 0, 'hostname' => 'mein Server'])[0]);
        $vars = Remembered::$hooks['ClientAreaPageUpgrade'][0](['id' => Shop::order(['domainstatus' => 'Active'])]);
        $this->assertStringContainsString('bestellen Sie einen neuen Dienst', $vars['errormessage']);
    }

    public function testTheCronIsQuietWithoutFaults(): void
    {
        (new Cron(new Gateways(), new Ending(new Gateways())))->run();
        $this->assertSame([], Remembered::$api);
    }
}
