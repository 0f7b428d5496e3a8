<?php

declare(strict_types=1);

namespace Pages;

use PHPUnit\Framework\Assert;

/**
 * Texts that customers, staff and vendors might write to take over a page.
 */
final class Hostile
{
    /** Each one breaks out of a place in which texts stand. */
    public const TEXTS = [
        '<script>alert(1)</script>',
        '"><img src=x onerror=alert(1)>',
        "' onmouseover='alert(1)",
        '</script></style></textarea><svg onload=alert(1)>',
        'javascript:alert(1)//',
        '{$smarty.version}{literal}{/literal}{php}echo 1;{/php}',
        "a\u{202E}b\x00c\x1b[2J\xff",
        '&lt;b&gt; &amp;amp;',
    ];

    /** Texts that pages take for what they are, not for words: they stay. So does the source whmcs. */
    private const KEPT = ['phase', 'step', 'state', 'at', 'since', 'began', 'ended', 'accepted_at', 'deadline', 'grace_ends_at', 'install_timeout', 'service_id'];

    /**
     * A status in which every text of a person or vendor is this one.
     *
     * @param array<mixed> $status
     *
     * @return array<mixed>
     */
    public static function everywhere(array $status, string $text): array
    {
        foreach ($status as $key => $value) {
            $status[$key] = match (true) {
                is_array($value) => self::everywhere($value, $text),
                is_string($value) && $value !== 'whmcs' && !in_array($key, self::KEPT, true) => $text,
                default => $value,
            };
        }
        return $status;
    }

    /**
     * Asserts that a page holds our own scripts and nothing that a text brought in.
     *
     * @param Page $page    with hostile texts
     * @param Page $without the same page with harmless texts
     */
    public static function assertHarmless(Page $page, Page $without): void
    {
        foreach (['//script', '//style', '//img', '//svg', '//b', '//a', '//input', '//*'] as $path) {
            Assert::assertSame($without->count($path), $page->count($path), "$path in\n" . $page->html);
        }
        Assert::assertSame(0, $page->count('//@*[starts-with(name(), "on")]'), $page->html);
        Assert::assertSame(0, $page->count('//@href[contains(., "script:")]'), $page->html);
        foreach (['//script', '//style'] as $path) {
            Assert::assertSame($without->texts($path), $page->texts($path));
        }
        Assert::assertSame(1, preg_match('//u', $page->html), 'the page is UTF-8');
        Assert::assertSame(0, preg_match('/[\x00-\x08\x0b\x0c\x0e-\x1f\x{202E}]/u', $page->html), 'no control characters');
    }
}
