<?php

declare(strict_types=1);

namespace Pages;

use PHPUnit\Framework\TestCase;
use WHMCS\Module\Server\Metalease\Module\Buttons;
use WHMCS\Module\Server\Metalease\Module\Option;
use WHMCS\Module\Server\Metalease\Running\StaffActions;

require_once __DIR__ . '/load.php';

/**
 * docs/whmcs.md says what the module says.
 */
final class DocsTest extends TestCase
{
    private const FOLDER = __DIR__ . '/../../../docs';

    private string $guide;

    protected function setUp(): void
    {
        $this->guide = (string) file_get_contents(self::FOLDER . '/whmcs.md');
    }

    public function testThereAreTenSteps(): void
    {
        preg_match_all('/^\*\*(\d+)\. /m', $this->guide, $steps);
        self::assertSame(range(1, 10), array_map('intval', $steps[1]));
    }

    public function testEverySettingStandsAtItsPosition(): void
    {
        preg_match_all('/^\| (\d+) \| ([^|]+) \|/m', $this->guide, $rows);
        self::assertSame(array_keys(Option::fields()), $rows[2]);
        self::assertSame(array_map(static fn (Option $option): int => $option->value, Option::cases()), array_map('intval', $rows[1]));
    }

    public function testEveryButtonIsExplained(): void
    {
        preg_match('/^\| button \|.*?\n\n/ms', $this->guide, $table);
        foreach (array_keys(Buttons::LABELS + StaffActions::LABELS) as $label) {
            self::assertMatchesRegularExpression('/^\| (.+, )?' . preg_quote($label, '/') . '(,.+)? \|/m', $table[0]);
        }
    }

    public function testEveryTextThatIsExplainedIsOneOfTheModule(): void
    {
        $source = '';
        foreach ((array) glob(MODULE . '/lib/*/*.php') as $file) {
            $source .= stripslashes((string) file_get_contents((string) $file));
        }
        preg_match_all('/^\| `([^`]+)` \| [a-zA-Z]/m', (string) strstr($this->guide, '| it says |'), $texts);
        self::assertGreaterThan(10, count($texts[1]));
        foreach ($texts[1] as $text) {
            self::assertStringContainsString($text, $source);
        }
    }

    public function testTheExampleOfAnOwnTextIsOne(): void
    {
        self::assertSame(1, preg_match("/return \\['(\\w+)' => '[^']+'\\];/", $this->guide, $example));
        self::assertArrayHasKey($example[1], require MODULE . '/lang/english.php');
    }

    public function testEveryPictureAndEveryPlaceIsThere(): void
    {
        preg_match_all('/<img src="([^"]+)" alt="[^"]+" width="\d+">/', $this->guide, $pictures);
        self::assertSame(substr_count($this->guide, '<img'), count($pictures[1]));
        foreach ($pictures[1] as $picture) {
            self::assertIsArray(getimagesize(self::FOLDER . '/' . $picture), $picture);
        }
        $unused = array_diff(array_map('basename', (array) glob(self::FOLDER . '/whmcs-*.png')), $pictures[1]);
        self::assertSame([], $unused);
        preg_match_all('/^#+ (.+)$/m', $this->guide, $headings);
        $places = array_map(static fn (string $heading): string => str_replace(' ', '-', (string) preg_replace('/[^\w -]/', '', strtolower($heading))), $headings[1]);
        preg_match_all('/\]\(#([^)]+)\)/', $this->guide, $links);
        self::assertSame([], array_diff($links[1], $places));
    }
}
