<?php

declare(strict_types=1);

namespace WHMCS\Module\Server\Metalease\Running;

use WHMCS\Module\Server\Metalease\Gateway\Status;

defined('WHMCS') || die();

/**
 * What is going on with a server that its customer has, as the status of its service shows it.
 */
final class State
{
    /** Signals of a running server. */
    private const KINDS = ['power', 'reinstall', 'network', 'addresses'];

    public function __construct(private Status $status)
    {
    }

    /**
     * Whether the customer has the server, and nothing keeps it from him.
     */
    public function free(): bool
    {
        return $this->status->text('phase') === 'active' && !$this->status->is('closed');
    }

    /**
     * What runs: the name of its signal; empty for nothing.
     */
    public function runs(): string
    {
        if (!$this->free()) {
            return '';
        }
        return $this->underWay() ? $this->status->text('action.kind') : $this->begins();
    }

    /**
     * Whether the server is being installed anew.
     */
    public function reinstalling(): bool
    {
        return $this->runs() === 'reinstall';
    }

    /**
     * What did not end well, of what was done last; empty for nothing.
     */
    public function problem(): string
    {
        return $this->status->text('action.problem');
    }

    /**
     * Whether the action that the status shows goes on: the gateway says when it ended, and nothing else says it.
     */
    private function underWay(): bool
    {
        return in_array($this->status->text('action.kind'), self::KINDS, true)
            && $this->status->time('action.since') !== null && $this->status->time('action.ended_at') === null;
    }

    /**
     * What was asked for and is not settled: the name of its signal; empty for nothing.
     */
    private function begins(): string
    {
        foreach ($this->status->each('events') as $event) {
            if ($event->text('outcome') === 'pending' && in_array($event->text('kind'), self::KINDS, true)) {
                return $event->text('kind');
            }
        }
        return '';
    }

    /**
     * Whether the power was switched in the last minutes: what was known of it before is not believed.
     */
    public function switched(): bool
    {
        $since = $this->status->time('action.since');
        return $since !== null && in_array($this->status->text('action.kind'), ['power', 'reinstall'], true)
            && time() - $since->getTimestamp() < 900;
    }

    /**
     * Why nothing can be done with the server: a key of the language files; empty when something can.
     */
    public function refusal(): string
    {
        return match (true) {
            $this->status->text('phase') === 'blocked' => 'refused_blocked',
            in_array($this->status->text('phase'), ['releasing', 'released'], true) => 'refused_ending',
            !$this->free() => 'refused_building',
            $this->runs() !== '' => 'refused_busy',
            default => '',
        };
    }
}
