<?php

declare(strict_types=1);

namespace WHMCS\Module\Server\Metalease\Page;

use WHMCS\Module\Server\Metalease\Module\Text;

defined('WHMCS') || die();

/**
 * The traffic of a server by month: bars of a graph, and the numbers below it. What nobody knows is no bar of height 0.
 */
final class Traffic
{
    /** Size of the graph, in its own units. */
    private const WIDTH = 600;
    private const HEIGHT = 140;

    private const UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];

    public function __construct(private Language $language)
    {
    }

    /**
     * The graph; null where no month is known.
     *
     * @param list<array{month: string, in: int|null, out: int|null, p95: float|null, complete: bool}> $months
     * @return array<string, mixed>|null
     */
    public function graph(array $months): ?array
    {
        $known = array_filter($months, static fn (array $one): bool => $one['in'] !== null || $one['p95'] !== null);
        if ($known === []) {
            return null;
        }
        $volumes = array_map(static fn (array $one): int => max((int) $one['in'], (int) $one['out']), $months);
        $most = max([1, ...$volumes]);
        $slot = intdiv(self::WIDTH, count($months));
        $bars = [];
        foreach (array_values($months) as $i => $month) {
            $bars[] = [
                'label' => $this->month($month['month']),
                'short' => Text::clean(substr($month['month'], 5, 2) . '/' . substr($month['month'], 2, 2)),
                'x' => $i * $slot + intdiv($slot, 2),
                'known' => $month['in'] !== null, 'part' => $month['in'] !== null && !$month['complete'],
                'in' => $this->bar($month['in'], $most, $i * $slot + intdiv($slot, 2) - 26),
                'out' => $this->bar($month['out'], $most, $i * $slot + intdiv($slot, 2) + 2),
                'received' => $this->size($month['in']), 'sent' => $this->size($month['out']),
                'p95' => $month['p95'] === null ? $this->language->text('usage_unknown')
                    : $this->number($month['p95']) . ' Mbit/s',
            ];
        }
        return [
            'width' => self::WIDTH, 'height' => self::HEIGHT, 'bars' => $bars,
            'volumes' => array_filter($months, static fn (array $one): bool => $one['in'] !== null) !== [],
        ];
    }

    /**
     * A number of bytes in words; that it is not known, where it is not.
     */
    public function size(?int $bytes): string
    {
        if ($bytes === null) {
            return $this->language->text('usage_unknown');
        }
        $unit = 0;
        for ($size = (float) $bytes; $size >= 1000 && $unit < count(self::UNITS) - 1; $unit++) {
            $size /= 1000;
        }
        return $this->number($size) . ' ' . self::UNITS[$unit];
    }

    /**
     * A bar; a small one can be seen, too.
     *
     * @return array{x: int, y: int, height: int}
     */
    private function bar(?int $bytes, int $most, int $x): array
    {
        $height = $bytes === null ? 0 : max(1, (int) round($bytes / $most * self::HEIGHT));
        return ['x' => $x, 'y' => self::HEIGHT - $height, 'height' => $height];
    }

    /**
     * A number with one digit behind the point, where it is small.
     */
    private function number(float $number): string
    {
        $digits = $number < 100 && round($number, 1) !== round($number) ? 1 : 0;
        return number_format($number, $digits, $this->language->text('decimal'), '');
    }

    /**
     * A month, such as March 2026.
     */
    private function month(string $month): string
    {
        [$year, $number] = explode('-', $month) + [1 => '1'];
        $names = explode('|', $this->language->text('months'));
        return Text::clean(($names[(int) $number - 1] ?? $number) . ' ' . $year);
    }
}
