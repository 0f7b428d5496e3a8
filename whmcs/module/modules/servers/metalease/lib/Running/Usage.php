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
     * Whether what is kept of a month is to be asked for again: one that was over by then, and is complete, is not.
     */
    private static function old(Kept $kept, bool $over): bool
    {
        $final = $over && ($kept->json()['complete'] ?? false) === true && ($kept->json()['over'] ?? false) === true;
        return !$final && $kept->age() > self::AGAIN;
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
        $over = $month < Carbon::now()->utc()->format('Y-m');
        $body = $reply->ok() ? ['over' => $over] + $reply->body : [];
        Kept::put($this->serviceId, "usage-$month", (string) json_encode($body));
        return Kept::find($this->serviceId, "usage-$month");
    }
}
