<?php

declare(strict_types=1);

namespace WHMCS\Module\Server\Metalease\Module;

use WHMCS\Database\Capsule;

defined('WHMCS') || die();

/**
 * The configurable options that a client chose for a service. What was paid for is built or said to be not understood;
 * it is never dropped.
 */
final class Choices
{
    /** Names of the options that the module reads, letter by letter. */
    private const READ = ['os', 'OS', 'ostemplate', 'recipe', 'IP', 'IPv6'];

    /** Choices that mean nothing. */
    private const NOTHING = '/^(none|no|null|nil|without|-+)$/i';

    /** A count, and words behind it that say what is counted: "5", "+5", "5 x", "5 addresses". */
    private const COUNT = '~^\+?\s*(\d{1,6})\s*x?(\s[^\d/]*)?$~iu';

    /** Columns of tblpricing that hold a price. */
    private const PRICES = [
        'monthly', 'quarterly', 'semiannually', 'annually', 'biennially', 'triennially',
        'msetupfee', 'qsetupfee', 'ssetupfee', 'asetupfee', 'bsetupfee', 'tsetupfee',
    ];

    /**
     * @param list<object{name: string, choice: string, sub: int}> $rows what was chosen, as far as something was
     */
    private function __construct(private array $rows)
    {
    }

    /**
     * The choices of a service. Names and choices written as key|Label reach a module as key, and so it is here.
     */
    public static function of(int $serviceId): self
    {
        $rows = Capsule::table('tblhostingconfigoptions as h')
            ->join('tblproductconfigoptions as o', 'o.id', '=', 'h.configid')
            ->leftJoin('tblproductconfigoptionssub as s', 's.id', '=', 'h.optionid')
            ->where('h.relid', $serviceId)->orderBy('h.id')->get([
                'o.optionname as name', 'o.optiontype as type', 'h.qty as quantity', 's.optionname as choice',
                'h.optionid as sub',
            ]);
        return new self($rows->map(static function (object $row): object {
            $counted = in_array((int) $row->type, [3, 4], true); // yes or no, quantity
            return (object) [
                'name' => self::key((string) $row->name), 'sub' => (int) $row->sub, 'counted' => $counted,
                'choice' => $counted ? (string) max(0, (int) $row->quantity) : self::key((string) $row->choice),
            ];
        })->all());
    }

    /**
     * What was chosen: the last of these options that is there; empty for none.
     */
    public function text(string ...$names): string
    {
        $chosen = '';
        foreach ($names as $name) {
            $chosen = $this->last($name) ?: $chosen;
        }
        return $chosen;
    }

    /**
     * How many of something were chosen.
     *
     * @throws Refusal when the choice does not say how many
     */
    public function count(string $name): int
    {
        $chosen = $this->last($name);
        if ($chosen === '' || preg_match(self::NOTHING, $chosen) === 1) {
            return 0;
        }
        if (preg_match(self::COUNT, $chosen, $found) !== 1) {
            throw new Refusal(
                "The choice \"$chosen\" of the configurable option $name does not say how many: write it as a number, "
                . 'such as "5|5 addresses", or make the option a quantity.',
                'stopped_choice'
            );
        }
        return (int) $found[1];
    }

    /**
     * Nothing that costs money is dropped without a word.
     *
     * @throws Refusal when something was paid for that the module does not read
     */
    public function check(): void
    {
        $others = Settings::otherOptions();
        foreach ($this->rows as $row) {
            $read = in_array($row->name, self::READ, true);
            if ($read && !$row->counted && $row->choice === '' && $row->sub > 0) {
                throw new Refusal(
                    "The choice of the configurable option {$row->name} is no longer in WHMCS.",
                    'stopped_choice'
                );
            }
            if (!$read && !in_array(mb_strtolower($row->name), $others, true) && self::chosen($row)) {
                throw new Refusal(
                    "The client pays for the configurable option \"{$row->name}\", which metalease does not read; "
                    . 'it reads ' . implode(', ', self::READ) . '. Correct its name, or, where staff do it by hand, '
                    . 'add it to ' . Settings::OTHER . ' in tblconfiguration.',
                    'stopped_choice'
                );
            }
        }
    }

    /**
     * Whether an option was chosen and costs something.
     */
    private static function chosen(object $row): bool
    {
        if ($row->counted && $row->choice === '0') {
            return false;
        }
        return Capsule::table('tblpricing')->where('type', 'configoptions')->where('relid', $row->sub)
            ->where(static function (object $query): void {
                foreach (self::PRICES as $column) {
                    $query->orWhere($column, '>', 0);
                }
            })->exists();
    }

    /**
     * The last choice of an option; empty for none.
     */
    private function last(string $name): string
    {
        $chosen = '';
        foreach ($this->rows as $row) {
            $chosen = $row->name === $name && $row->choice !== '' ? $row->choice : $chosen;
        }
        return $chosen;
    }

    /**
     * What stands before the bar, without the blanks that people put around it.
     */
    private static function key(string $text): string
    {
        return trim(html_entity_decode(explode('|', $text)[0], ENT_QUOTES));
    }
}
