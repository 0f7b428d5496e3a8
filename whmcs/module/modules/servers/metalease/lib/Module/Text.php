<?php

declare(strict_types=1);

namespace WHMCS\Module\Server\Metalease\Module;

defined('WHMCS') || die();

/**
 * Text that leaves the module towards people. Labels of servers, words of a panel and what clients type are in it.
 */
final class Text
{
    /** Characters that steer a screen, are not seen, or turn the direction in which a text is read. */
    private const UNSAFE = '/[\x{00}-\x{1F}\x{7F}-\x{9F}\x{061C}\x{200B}\x{200E}\x{200F}\x{2028}-\x{202E}'
        . '\x{2060}-\x{2069}\x{FEFF}]+/u';

    /** What HTML and Markdown take for more than a text => what looks like it. */
    private const MARKUP = ['<' => '‹', '>' => '›', '`' => "'", '](' => '] ('];

    /** Characters of four bytes: the tables of most WHMCS hold none, and what comes back different is told again. */
    private const BEYOND = '/[\x{10000}-\x{10FFFF}]/u';

    /** Characters of a line; longer ones tell nobody more. */
    private const LIMIT = 1000;

    /**
     * A text that cannot steer what shows it; empty for what is no text. For pages, which escape it.
     */
    public static function clean(mixed $value): string
    {
        if (!is_string($value) && !is_int($value) && !is_float($value)) {
            return '';
        }
        return trim((string) preg_replace(self::UNSAFE, ' ', mb_scrub((string) $value, 'UTF-8')));
    }

    /**
     * A text for places of which nobody knows whether they escape it: results of module functions, the activity log,
     * notifications and what rules make of them.
     */
    public static function plain(string $text, int $limit = self::LIMIT): string
    {
        $text = (string) preg_replace(self::BEYOND, "\u{FFFD}", self::clean($text));
        return mb_substr(strtr($text, self::MARKUP), 0, $limit);
    }

    /**
     * Writes a line to the activity log.
     */
    public static function log(string $line, int $clientId = 0): void
    {
        logActivity(self::plain("metalease: $line"), $clientId);
    }
}
