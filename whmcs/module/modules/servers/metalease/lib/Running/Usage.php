<?php

declare(strict_types=1);

namespace WHMCS\Module\Server\Metalease\Running;

use Carbon\Carbon;
use WHMCS\Module\Server\Metalease\Gateway\Client;
use WHMCS\Module\Server\Metalease\Gateway\Status;
use WHMCS\Module\Server\Metalease\Gateway\Unreachable;

defined('WHMCS') || die();

/**
 * What a server has sent and received, by month. A month that is over is asked for once; a page asks for few months,
 * and shows the others when it is looked at again.
 */
final class Usage
{
    /** Months of the graph. */
    private const MONTHS = 6;

    /** Months that one page asks for, and seconds for each. */
    private const ASKED = 2;
    private const SECONDS = 3;

    /** Seconds after which a month that goes on, or is not known, is asked for again. */
    private const AGAIN = 3600;

    /**
     * @param Client $gateway of the service
     */
    public function __construct(private Client $gateway, private int $serviceId)
    {
    }

    /**
     * The last months, the newest last.
     *
     * @param string $since the day on which the client got the service; no month before it is shown
     * @return list<array{month: string, in: int|null, out: int|null, p95: float|null, complete: bool}> null for what
     *                                                                                            nobody knows
     */
    public function months(string $since): array
    {
        $months = [];
        [$asked, $first] = [0, substr($since, 0, 7)];
        $month = Carbon::now()->utc()->startOfMonth();
        for ($i = 0; $i < self::MONTHS && ($i === 0 || $month->format('Y-m') >= $first); $i++) {
            $name = $month->format('Y-m');
            $kept = Kept::find($this->serviceId, "usage-$name");
            if (($kept === null || self::old($kept, $i > 0)) && $asked < self::ASKED) {
                $asked++;
                $kept = $this->ask($name) ?? $kept;
            }
            array_unshift($months, ['month' => $name] + self::read(new Status($kept?->json() ?? [])));
            $month = $month->subMonth();
        }
        return $months;
    }

    /**
     * Whether volumes are known.
     *
     * @return array{in: int|null, out: int|null, p95: float|null, complete: bool}
     */
    public static function read(Status $usage): array
    {
        $number = static fn (string $name): ?float => is_numeric($usage->text($name)) && $usage->text($name) >= 0
            ? (float) $usage->text($name) : null;
        [$in, $out] = [$number('in_bytes'), $number('out_bytes')];
        $known = $in !== null && $out !== null;
        return [
            'in' => $known ? (int) $in : null, 'out' => $known ? (int) $out : null, 'p95' => $number('p95_mbit'),
            'complete' => $usage->is('complete'),
        ];
    }

    /**
     * Whether what is kept of a month is to be asked for again: one that was over by then is not, where something is
     * known of it.
     */
    private static function old(Kept $kept, bool $over): bool
    {
        $final = $over && ($kept->json()['over'] ?? false) === true && self::known($kept->json());
        return !$final && $kept->age() > self::AGAIN;
    }

    /**
     * Keeps what is known of a month. What was known of one that went on, and is not told any more, stays: a panel
     * tells the figures of the present month only.
     *
     * @param array<string, mixed> $body of the gateway; empty where nothing is known
     */
    public static function remember(int $serviceId, string $month, array $body): void
    {
        $kept = Kept::find($serviceId, "usage-$month")?->json() ?? [];
        $over = $month < Carbon::now()->utc()->format('Y-m');
        if (!self::known($body) && self::known($kept)) {
            $body = ($over ? ['complete' => false] : []) + $kept;
        }
        Kept::put($serviceId, "usage-$month", (string) json_encode(['over' => $over] + $body));
    }

    /**
     * Whether something is known.
     *
     * @param array<mixed> $body
     */
    private static function known(array $body): bool
    {
        $usage = self::read(new Status($body));
        return $usage['in'] !== null || $usage['p95'] !== null;
    }

    /**
     * Asks for a month, and keeps the answer, also that nothing is known.
     */
    private function ask(string $month): ?Kept
    {
        try {
            $path = "/v1/services/{$this->serviceId}/usage?month=$month";
            $reply = $this->gateway->call('GET', $path, null, self::SECONDS);
        } catch (Unreachable) {
            return null;
        }
        self::remember($this->serviceId, $month, $reply->ok() ? $reply->body : []);
        return Kept::find($this->serviceId, "usage-$month");
    }
}
