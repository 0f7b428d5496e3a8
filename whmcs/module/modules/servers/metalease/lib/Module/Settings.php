<?php

declare(strict_types=1);

namespace WHMCS\Module\Server\Metalease\Module;

use Illuminate\Database\QueryException;
use WHMCS\Database\Capsule;

defined('WHMCS') || die();

/**
 * Settings of the whole WHMCS, in tblconfiguration; all but the last two may be changed there or in a hook file.
 *
 * | setting | meaning | default |
 * | --- | --- | --- |
 * | MetaleaseInstallation | name of this WHMCS in metalease's configuration; an entry's Access Hash goes first | main |
 * | MetaleaseOverdueReason | all of the reason of an expiry; regular expression, no delimiters | Overdue on Payment |
 * | MetaleaseZone | names servers s<service>.<zone> whose ordered host name is none | |
 * | MetaleaseOtherOptions | priced configurable options that staff do by hand: names with commas between | |
 * | MetaleaseStockSync | products whose stock control follows the panels: ids with commas between, or all | |
 * | MetaleaseActivated | when the module was first used; services of older orders are never started by the cron | |
 * | MetaleaseCron | when the cron ran the module's hook last, UTC; written by the module | |
 */
final class Settings
{
    public const INSTALLATION = 'MetaleaseInstallation';
    public const OVERDUE = 'MetaleaseOverdueReason';
    public const OTHER = 'MetaleaseOtherOptions';

    public const ZONE = 'MetaleaseZone';

    public const STOCK = 'MetaleaseStockSync';

    /** Every product of this module. */
    public const ALL = 'all';

    private const CRON = 'MetaleaseCron';

    private const TOLD = 'MetaleaseTold';

    private const OVERDUE_TEXT = 'Overdue on Payment';

    public const ACTIVATED = 'MetaleaseActivated';

    /**
     * How this WHMCS is named in metalease's configuration.
     */
    public static function installation(): string
    {
        return self::read(self::INSTALLATION) ?: 'main';
    }

    /**
     * The address of this WHMCS, as its General Settings have it; empty when they have none.
     */
    public static function systemUrl(): string
    {
        return rtrim(Text::clean(html_entity_decode(self::read('SystemURL'), ENT_QUOTES)), '/');
    }

    /**
     * Whether WHMCS suspends for this reason because nobody paid. The expression has to fit all of the reason: what
     * staff write may contain WHMCS's words, such as "Not Overdue on Payment: police case".
     */
    public static function isOverdue(string $reason): bool
    {
        $pattern = self::read(self::OVERDUE) ?: self::OVERDUE_TEXT;
        $matches = @preg_match('~^(?:' . str_replace('~', '\~', $pattern) . ')$~iuD', trim($reason));
        // A setting that is no expression means its own text.
        return $matches === false ? strcasecmp($pattern, trim($reason)) === 0 : $matches === 1;
    }

    /**
     * What is wrong with the expression for overdue, and what follows; empty for nothing.
     */
    public static function overdueFault(): string
    {
        $pattern = self::read(self::OVERDUE) ?: self::OVERDUE_TEXT;
        if (@preg_match('~^(?:' . str_replace('~', '\~', $pattern) . ')$~iuD', '') !== false) {
            return '';
        }
        return 'The setting ' . self::OVERDUE . ' in tblconfiguration is no regular expression: "' . $pattern
            . '". Until it is corrected only this very text counts as overdue, and no other suspension '
            . 'starts a grace period.';
    }

    /**
     * When the module was first used, as WHMCS writes a time; recorded when it was not.
     */
    public static function activated(): string
    {
        $at = self::read(self::ACTIVATED);
        if ($at === '') {
            $at = Clock::now();
            try {
                Capsule::table('tblconfiguration')->insert(['setting' => self::ACTIVATED, 'value' => $at]);
            } catch (QueryException $fault) { // another request was faster, and its time is as good
                $at = self::read(self::ACTIVATED) ?: throw $fault;
            }
        }
        return $at;
    }

    /**
     * When the cron ran the module's hook last, as RFC 3339 in UTC; empty when it never did.
     */
    public static function cronRan(): string
    {
        return self::read(self::CRON);
    }

    /**
     * Remembers that the cron runs the module's hook now.
     */
    public static function cronRuns(): void
    {
        $now = gmdate('Y-m-d\TH:i:s\Z');
        Capsule::table('tblconfiguration')->updateOrInsert(['setting' => self::CRON], ['value' => $now]);
    }

    /**
     * The domain for servers without a host name of their own; empty for none.
     */
    public static function zone(): string
    {
        return HostName::of(self::read(self::ZONE));
    }

    /**
     * The configurable options that staff do by hand, in small letters.
     *
     * @return list<string>
     */
    public static function otherOptions(): array
    {
        return array_map(trim(...), explode(',', mb_strtolower(self::read(self::OTHER))));
    }

    /**
     * The products whose stock control follows the panels, as they were typed: ids, or ALL alone.
     *
     * @return list<string>
     */
    public static function stockSync(): array
    {
        $typed = array_map(trim(...), explode(',', strtolower(self::read(self::STOCK))));
        return array_values(array_filter($typed, static fn (string $one) => $one !== ''));
    }

    /**
     * What staff were told last of the settings; empty for nothing.
     */
    public static function told(): string
    {
        return self::read(self::TOLD);
    }

    /**
     * Remembers what staff were told of the settings.
     */
    public static function tell(string $message): void
    {
        Capsule::table('tblconfiguration')->updateOrInsert(['setting' => self::TOLD], ['value' => $message]);
    }

    /**
     * A setting; empty when there is none.
     */
    private static function read(string $name): string
    {
        return trim((string) Capsule::table('tblconfiguration')->where('setting', $name)->value('value'));
    }
}
