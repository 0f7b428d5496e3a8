<?php

declare(strict_types=1);

namespace WHMCS\Module\Server\Metalease\Page;

defined('WHMCS') || die();

/**
 * Pieces of HTML for the admin page. Every text that is given is escaped here, and nowhere else.
 */
final class Html
{
    /** The look of the pieces; colours of text are left to the theme of WHMCS. */
    private const STYLE = <<<'CSS'
        .metalease-tag { display: inline-block; padding: 2px 8px; border-radius: 3px; }
        .metalease-tag { color: #fff; background: #5f6a74; font-weight: 600; }
        .metalease-tag.metalease-good { background: #23804a; } .metalease-tag.metalease-busy { background: #22689f; }
        .metalease-tag.metalease-look { background: #9a6404; } .metalease-tag.metalease-bad { background: #b3362b; }
        .metalease-note { max-width: 800px; padding: 8px 12px; border-left: 4px solid #8a939c; }
        .metalease-note { background: rgba(128, 128, 128, .1); overflow-wrap: anywhere; }
        .metalease-note.metalease-look { border-left-color: #d9920a; }
        .metalease-note.metalease-bad { border-left-color: #c0392b; }
        .metalease-note ul { margin: 6px 0 0; padding-left: 20px; }
        .metalease-dim { opacity: .75; }
        .metalease-rows { width: auto; border-collapse: collapse; }
        .metalease-rows td { padding: 1px 14px 1px 0; vertical-align: top; background: none; border: 0; }
        .metalease-rows td { overflow-wrap: anywhere; }
        .metalease-rows td:first-child { white-space: nowrap; }
        CSS;

    /**
     * The look, once for a page.
     */
    public static function style(): string
    {
        return '<style>' . self::STYLE . '</style>';
    }

    /**
     * A text as it may stand between tags and in attributes.
     */
    public static function text(string $text): string
    {
        return htmlspecialchars($text, ENT_QUOTES | ENT_SUBSTITUTE | ENT_HTML5, 'UTF-8');
    }

    /**
     * A word on a coloured ground: good, busy, look, bad or plain.
     */
    public static function tag(string $text, string $tone): string
    {
        return '<span class="metalease-tag metalease-' . self::text($tone) . '">' . self::text($text) . '</span>';
    }

    /**
     * A text that stands back.
     */
    public static function dim(string $text): string
    {
        return '<span class="metalease-dim">' . self::text($text) . '</span>';
    }

    /**
     * A framed note: a text, what is known about it, and a list of things to do.
     *
     * @param list<string> $list
     */
    public static function note(string $tone, string $text, string $about = '', array $list = []): string
    {
        $html = '<div class="metalease-note metalease-' . self::text($tone) . '">' . self::text($text);
        $html .= $about === '' ? '' : ' ' . self::dim('(' . $about . ')');
        if ($list !== []) {
            $html .= '<ul><li>' . implode('</li><li>', array_map([self::class, 'text'], $list)) . '</li></ul>';
        }
        return $html . '</div>';
    }

    /**
     * Rows of plain texts.
     *
     * @param list<list<string>> $rows
     */
    public static function rows(array $rows): string
    {
        $html = '';
        foreach ($rows as $row) {
            $html .= '<tr><td>' . implode('</td><td>', array_map([self::class, 'text'], $row)) . '</td></tr>';
        }
        return '<table class="metalease-rows">' . $html . '</table>';
    }

    /**
     * A link that opens beside the page; a plain text when the address is none of the web.
     */
    public static function link(string $address, string $text): string
    {
        if (preg_match('#^https?://#i', $address) !== 1) {
            return self::text($text);
        }
        return '<a href="' . self::text($address) . '" target="_blank" rel="noopener noreferrer">'
            . self::text($text) . '</a>';
    }
}
