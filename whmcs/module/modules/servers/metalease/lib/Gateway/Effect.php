<?php

declare(strict_types=1);

namespace WHMCS\Module\Server\Metalease\Gateway;

defined('WHMCS') || die();

/**
 * What became of a signal within the time that was waited for it.
 */
final class Effect
{
    /** What the signal did: pending, applied, failed, ignored or superseded; empty when the gateway did not take it. */
    public readonly string $outcome;

    /** Why; empty for none. */
    public readonly string $reason;

    /** The service as it was seen last; null when nobody answered. */
    public readonly ?Status $status;

    /**
     * @param Reply       $reply the gateway's answer to the signal
     * @param Status|null $seen  the service as it was seen after that
     */
    public function __construct(public readonly Reply $reply, ?Status $seen = null)
    {
        $result = new Status($reply->body);
        $this->outcome = $reply->ok() ? $result->text('outcome') : '';
        $this->reason = $result->text('reason');
        $this->status = $seen ?? ($result->has('status') ? new Status($reply->body['status']) : null);
    }

    /**
     * Whether the effect is there.
     */
    public function applied(): bool
    {
        return $this->outcome === 'applied';
    }

    /**
     * Whether the gateway has it, durably, and the effect is still to come.
     */
    public function underWay(): bool
    {
        return $this->outcome === 'pending';
    }

    /**
     * Why there is no effect, for a person.
     *
     * @param string $wanted what was to happen, such as "block the server"
     */
    public function because(string $wanted): string
    {
        if (!$this->reply->ok()) {
            return $this->reply->problem() . '.';
        }
        if ($this->outcome === 'failed') {
            return 'It did not end well: ' . ($this->reason ?: 'the timeline says how') . '.';
        }
        if (!$this->underWay()) {
            return "Nothing was done to $wanted: " . ($this->reason ?: $this->outcome) . '.';
        }
        $why = match (true) {
            $this->status === null => 'No worker answers. ',
            $this->status->has('attention') => 'The service needs attention: '
                . rtrim($this->status->text('attention.message'), '.') . '. ',
            $this->status->has('panel_paused') => 'The panel is paused. ',
            default => '',
        };
        return "Not yet: metalease has the order to $wanted and goes on with it. {$why}"
            . 'WHMCS follows by itself when it is done; a retry does no harm.';
    }
}
