<?php

declare(strict_types=1);

namespace WHMCS\Module\Server\Metalease\Module;

use Illuminate\Database\QueryException;
use WHMCS\Database\Capsule;

defined('WHMCS') || die();

/**
 * Settings of the whole WHMCS, in tblconfiguration; the first three may be changed there or in a hook file.
 *
 * | setting | meaning | default |
 * | --- | --- | --- |
 * | MetaleaseInstallation | name of this WHMCS in metalease's configuration; an entry's Access Hash goes first | main |
 * | MetaleaseOverdueReason | a suspension for it is an expiry; regular expression, no delimiters | Overdue on Payment |
 * | MetaleaseActivated | when the module was first used; services of older orders are never started by the cron | |
 */
final class Settings
{
    public const INSTALLATION = 'MetaleaseInstallation';
    public const OVERDUE = 'MetaleaseOverdueReason';
    public const ACTIVATED = 'MetaleaseActivated';

    /**
     * How this WHMCS is named in metalease's configuration.
     */
    public static function installation(): string
    {
        return self::read(self::INSTALLATION) ?: 'main';
    }

    /**
     * Whether WHMCS suspends for this reason because nobody paid.
     */
    public static function isOverdue(string $reason): bool
    {
        $pattern = self::read(self::OVERDUE) ?: 'Overdue on Payment';
        $matches = @preg_match('~' . str_replace('~', '\~', $pattern) . '~iu', $reason);
        // A setting that is no expression means its own text.
        return $matches === false ? strcasecmp($pattern, $reason) === 0 : $matches === 1;
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
     * A setting; empty when there is none.
     */
    private static function read(string $name): string
    {
        return trim((string) Capsule::table('tblconfiguration')->where('setting', $name)->value('value'));
    }
}
