<?php

declare(strict_types=1);

namespace WHMCS\Module\Server\Metalease\Page;

use WHMCS\Database\Capsule;

defined('WHMCS') || die();

/**
 * The texts that clients read, in one language: those of lang/, over which go those of lang/overrides/, which no update
 * touches. What a language does not say is said in English.
 */
final class Language
{
    private const FOLDER = __DIR__ . '/../../lang';

    private const ENGLISH = 'english';

    /** Names as WHMCS gives them to its own language files. */
    private const NAME = '/^[a-z][a-z0-9_-]{0,40}$/D';

    /**
     * @param array<string, string> $texts
     */
    private function __construct(private array $texts)
    {
    }

    /**
     * A language by its name in WHMCS, such as german; English for one that is not there.
     *
     * @param string $folder where the files are
     */
    public static function named(string $name, string $folder = self::FOLDER): self
    {
        $name = strtolower(trim($name));
        $texts = [];
        foreach (array_unique([preg_match(self::NAME, $name) === 1 ? $name : self::ENGLISH, self::ENGLISH]) as $one) {
            $texts += self::file("$folder/overrides/$one.php")[0] + self::file("$folder/$one.php")[0];
        }
        return new self($texts);
    }

    /**
     * The language of the client who looks at a page: chosen in this session, else the client's own, else that of WHMCS
     * [UNCONFIRMED, docs/whmcs-api.md W24].
     *
     * @param array<string, mixed> $params what WHMCS tells the module, if it does
     */
    public static function ofClient(array $params = []): self
    {
        $client = $params['clientsdetails'] ?? [];
        $name = $_SESSION['Language'] ?? '' ?: (is_array($client) ? $client['language'] ?? '' : '');
        if (!is_string($name) || $name === '') {
            $id = (int) ($params['userid'] ?? $_SESSION['uid'] ?? 0);
            $name = $id > 0 ? (string) Capsule::table('tblclients')->where('id', $id)->value('language') : '';
        }
        return self::named(
            $name ?: (string) Capsule::table('tblconfiguration')->where('setting', 'Language')->value('value')
        );
    }

    /**
     * What is wrong with files of a host's own; empty for nothing. Pages do without them.
     */
    public static function fault(string $folder = self::FOLDER): string
    {
        $known = array_keys(self::named(self::ENGLISH, $folder)->texts);
        $faults = [];
        foreach (glob("$folder/overrides/*.php") ?: [] as $file) {
            [$texts, $fault] = self::file($file);
            $odd = array_diff(array_keys($texts), $known);
            $fault = $fault ?: ($odd === [] ? '' : 'has texts that nobody shows: ' . implode(', ', $odd));
            $faults[] = $fault === '' ? '' : 'lang/overrides/' . basename($file) . " $fault.";
        }
        return implode(' ', array_filter($faults));
    }

    /**
     * A text with its words filled in; its key, where no file has it.
     *
     * @param array<string, string|int> $words
     */
    public function text(string $key, array $words = []): string
    {
        $braces = array_map(static fn (string $name): string => '{' . $name . '}', array_keys($words));
        return strtr($this->texts[$key] ?? $key, array_combine($braces, array_map('strval', array_values($words))));
    }

    /**
     * What stands before and behind a word of a text.
     *
     * @return array{0: string, 1: string}
     */
    public function around(string $key, string $word): array
    {
        return explode('{' . $word . '}', $this->text($key), 2) + [1 => ''];
    }

    /**
     * A length of time, rounded as Time::rounded does.
     */
    public function about(int $seconds): string
    {
        [$count, $unit] = Time::rounded($seconds);
        $forms = explode('|', $this->text($unit . 's'));
        $last = $count % 10;
        $teens = intdiv($count % 100, 10) === 1;
        $form = match (true) {
            count($forms) < 3 => $count === 1 ? 0 : 1,
            $last === 1 && !$teens => 0,
            $last >= 2 && $last <= 4 && !$teens => 1,
            default => 2,
        };
        return strtr($forms[$form] ?? $forms[0], ['{n}' => (string) $count]);
    }

    /**
     * A date, a time and its zone.
     */
    public function date(\DateTimeImmutable $moment): string
    {
        $zone = $moment->format('T');
        return $this->text('date', [
            'day' => $moment->format('j'), 'year' => $moment->format('Y'), 'time' => $moment->format('H:i'),
            'month' => explode('|', $this->text('months'))[(int) $moment->format('n') - 1] ?? $moment->format('m'),
            'zone' => preg_match('/^[+-]/', $zone) === 1 ? 'UTC' . $zone : $zone,
        ]);
    }

    /**
     * The texts of a file, and what is wrong with it. What it prints, such as a mark before its first line, is dropped.
     *
     * @return array{0: array<string, string>, 1: string}
     */
    private static function file(string $file): array
    {
        if (!is_file($file)) {
            return [[], ''];
        }
        ob_start();
        try {
            $texts = (static fn () => include $file)();
        } catch (\Throwable $fault) {
            return [[], 'cannot be read: ' . $fault->getMessage() . ', line ' . $fault->getLine()];
        } finally {
            ob_end_clean();
        }
        return is_array($texts) ? [array_filter($texts, 'is_string'), ''] : [[], 'returns no list of texts'];
    }
}
