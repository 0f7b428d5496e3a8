<?php

declare(strict_types=1);

namespace Host;

use WHMCS\Database\Capsule;

/**
 * Rows of tblpricing: the price of a product, or of a choice, in each currency and cycle. -1.00 is a cycle that is not offered.
 */
final class Prices
{
    /** Column of the price => column of the set-up fee. */
    private const COLUMNS = [
        'monthly' => 'msetupfee', 'quarterly' => 'qsetupfee', 'semiannually' => 'ssetupfee', 'annually' => 'asetupfee',
        'biennially' => 'bsetupfee', 'triennially' => 'tsetupfee',
    ];

    /** Cycle in orders => as a service shows it. */
    public const LABELS = [
        'monthly' => 'Monthly', 'quarterly' => 'Quarterly', 'semiannually' => 'Semi-Annually', 'annually' => 'Annually',
        'biennially' => 'Biennially', 'triennially' => 'Triennially', 'onetime' => 'One Time', 'free' => 'Free Account',
    ];

    /**
     * What GetProducts shows: currency code => prefix, suffix and all columns.
     *
     * @param string $type product or configoptions
     * @return array<string, array<string, string>>
     */
    public static function shown(string $type, int $id): array
    {
        $shown = [];
        foreach (Capsule::table('tblcurrencies')->get() as $currency) {
            $row = self::row($type, $id, (int) $currency->id);
            $columns = ['prefix' => $currency->prefix, 'suffix' => $currency->suffix];
            foreach (self::COLUMNS as $price => $fee) {
                $columns += [$price => (string) ($row->$price ?? '-1.00'), $fee => (string) ($row->$fee ?? '0.00')];
            }
            $shown[$currency->code] = $columns;
        }
        return $shown;
    }

    /**
     * The price of a cycle with its set-up fee, in hundredths; null where it is not offered.
     *
     * @return array{setup: int, each: int}|null
     */
    public static function of(string $type, int $id, int $currency, string $cycle): ?array
    {
        $cycle = $cycle === 'onetime' ? 'monthly' : $cycle;
        $row = self::row($type, $id, $currency);
        $each = self::hundredths((string) ($row->$cycle ?? '-1.00'));
        return $each < 0 ? null : ['setup' => max(0, self::hundredths((string) $row->{self::COLUMNS[$cycle]})), 'each' => $each];
    }

    /**
     * Hundredths as WHMCS writes money.
     */
    public static function money(int $hundredths): string
    {
        return sprintf('%s%d.%02d', $hundredths < 0 ? '-' : '', intdiv(abs($hundredths), 100), abs($hundredths) % 100);
    }

    /**
     * What was written as money.
     */
    public static function hundredths(string $money): int
    {
        return (int) round((float) $money * 100);
    }

    private static function row(string $type, int $id, int $currency): ?object
    {
        return Capsule::table('tblpricing')->where('type', $type)->where('relid', $id)->where('currency', $currency)->first();
    }
}
