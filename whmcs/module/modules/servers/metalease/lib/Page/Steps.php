<?php

declare(strict_types=1);

namespace WHMCS\Module\Server\Metalease\Page;

use WHMCS\Module\Server\Metalease\Gateway\Status;

defined('WHMCS') || die();

/**
 * The steps in which a server is built: which are done, how far it is, how long it may take.
 */
final class Steps
{
    public const DONE = 'done';
    public const NOW = 'now';
    public const LATER = 'later';

    /** Steps in their order, with the seconds that each is expected to take at most. */
    private const SECONDS = [
        'account' => 5, 'claim' => 10, 'addresses' => 10, 'power' => 90, 'install' => 720, 'hand-over' => 15,
    ];

    /**
     * @param Status $status the service
     * @param Time   $time   the present
     */
    public function __construct(private Status $status, private Time $time)
    {
    }

    /**
     * The steps in their order. Seconds are what a step took or has taken so far; 0 when it has not begun.
     *
     * @return list<array{name: string, state: string, began: ?\DateTimeImmutable, seconds: int}>
     */
    public function all(): array
    {
        return array_map(fn (string $name): array => ['name' => $name] + $this->step($name), array_keys(self::SECONDS));
    }

    /**
     * How much is done, from 2 to 97: a build never looks dead and never looks finished.
     */
    public function percent(): int
    {
        $all = $this->expected();
        return max(2, min(97, (int) round(100 * ($all - $this->left()) / $all)));
    }

    /**
     * Seconds that the rest may take.
     */
    public function left(): int
    {
        $left = 0;
        foreach ($this->all() as $step) {
            $limit = $this->limit($step['name']);
            $left += match ($step['state']) {
                self::DONE => 0,
                self::NOW => max(0, $limit - $this->inside($step)),
                default => $limit,
            };
        }
        return $left;
    }

    /**
     * Seconds that the whole build may take.
     */
    private function expected(): int
    {
        return array_sum(array_map([$this, 'limit'], array_keys(self::SECONDS)));
    }

    /**
     * Seconds that a step may take. The install's own limit is in the order.
     */
    private function limit(string $name): int
    {
        $ordered = $name === 'install' ? $this->status->seconds('order.install_timeout') : 0;
        return $ordered > 0 ? $ordered : self::SECONDS[$name];
    }

    /**
     * Seconds that count of a step which is going on: the install counts from when it was accepted.
     *
     * @param array{name: string, seconds: int} $step
     */
    private function inside(array $step): int
    {
        if ($step['name'] !== 'install') {
            return $step['seconds'];
        }
        $accepted = $this->status->time('install.accepted_at');
        return $accepted === null ? 0 : max(0, $this->time->passed($accepted));
    }

    /**
     * Where one step stands.
     *
     * @return array{state: string, began: ?\DateTimeImmutable, seconds: int}
     */
    private function step(string $name): array
    {
        foreach ($this->status->each('steps') as $times) {
            $began = $times->time('began');
            if ($times->text('step') !== $name || $began === null) {
                continue;
            }
            $ended = $times->time('ended');
            if ($ended !== null) {
                $took = max(0, $ended->getTimestamp() - $began->getTimestamp());
                return ['state' => self::DONE, 'began' => $began, 'seconds' => $took];
            }
            if ($this->status->building()) {
                return ['state' => self::NOW, 'began' => $began, 'seconds' => max(0, $this->time->passed($began))];
            }
            return ['state' => self::LATER, 'began' => $began, 'seconds' => 0];
        }
        return ['state' => self::LATER, 'began' => null, 'seconds' => 0];
    }
}
