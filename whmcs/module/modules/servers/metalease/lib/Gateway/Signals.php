<?php

declare(strict_types=1);

namespace WHMCS\Module\Server\Metalease\Gateway;

use WHMCS\Module\Server\Metalease\Module\Clock;
use WHMCS\Module\Server\Metalease\Module\Text;

defined('WHMCS') || die();

/**
 * Signals to the lifecycle of one service.
 */
final class Signals
{
    /** Characters of a reason. */
    private const REASON = 500;

    /**
     * @param Client $gateway of the service
     */
    public function __construct(private Client $gateway, private int $serviceId)
    {
    }

    /**
     * Sends a signal: it is durable when the gateway has taken it, whatever is known of its effect.
     *
     * @param array<string, mixed> $fields of the event, beside its time and source
     * @param int                  $wait   seconds in which the effect may be reached
     * @param int                  $more   seconds that the gateway may take beyond that, to hand over and to answer
     * @throws Unreachable
     */
    public function send(string $name, array $fields = [], int $wait = 5, int $more = 5): Effect
    {
        if (isset($fields['reason'])) { // the gateway refuses what is longer
            $fields['reason'] = mb_substr(Text::clean($fields['reason']), 0, self::REASON);
        }
        $id = $fields['event_id'] ?? bin2hex(random_bytes(16)); // a form may have named its click
        $event = ['event_id' => $id, 'at' => Clock::moment(), 'source' => 'whmcs'] + $fields;
        $path = "/v1/services/{$this->serviceId}";
        $reply = $this->gateway->call('POST', "$path/$name?wait={$wait}s", $event, $wait + $more);
        $effect = new Effect($reply);
        if (!$effect->applied() || $effect->status !== null) {
            return $effect;
        }
        // The effect is there, but a busy worker did not show it.
        $seen = $this->gateway->call('GET', $path, null, 2);
        return new Effect($reply, $seen->ok() ? new Status($seen->body) : null);
    }
}
