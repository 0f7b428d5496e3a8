<?php

declare(strict_types=1);

namespace WHMCS\Module\Server\Metalease\Module;

use WHMCS\Module\Server\Metalease\Gateway\Client;
use WHMCS\Module\Server\Metalease\Gateway\Effect;
use WHMCS\Module\Server\Metalease\Gateway\Signals;
use WHMCS\Module\Server\Metalease\Gateway\Status;
use WHMCS\Module\Server\Metalease\Gateway\Unreachable;
use WHMCS\Module\Server\Metalease\Hooks\ModuleQueue;

defined('WHMCS') || die();

/**
 * SuspendAccount, UnsuspendAccount and Renew. Behind the last two a payment callback may stand: each takes 5 s at most.
 */
final class Suspension
{
    /** Seconds to wait for the effect, where nobody but staff or the cron waits. */
    private const WAIT = 10;

    /** How what is said of an unpaid service begins: the row in the module queue is known by it. */
    public const UNPAID = 'Unpaid: ';

    private Signals $signals;

    /**
     * @param Client $gateway of the service
     */
    public function __construct(private Client $gateway, private Service $service)
    {
        $this->signals = new Signals($gateway, $service->id);
    }

    /**
     * Blocks the server: as unpaid, which starts the grace period, only when WHMCS says so by reason and by date. By
     * reason alone it is a word from before the payment, such as a retry in the module queue: nothing is blocked, and
     * WHMCS may only show what is so already.
     *
     * @param string $given the reason that WHMCS hands over, as HTML; empty for the one that it has stored
     */
    public function suspend(string $given): string
    {
        $given = trim(html_entity_decode($given, ENT_QUOTES));
        $reason = $given ?: $this->service->suspendReason ?: 'suspended in WHMCS';
        if (!Settings::isOverdue($reason)) {
            $effect = $this->send('suspend', ['reason' => $reason], self::WAIT);
            return $effect->applied() ? 'success' : $effect->because('block the server');
        }
        if (!Clock::past($this->service->nextDue)) {
            return $this->blocked() ? 'success'
                : self::UNPAID . "Nothing was done: \"$reason\", but the Next Due Date is not past. "
                    . 'To block the server all the same, suspend the service for another reason.';
        }
        try {
            $effect = $this->send('expire', $this->expiry(), self::WAIT);
            return $effect->applied() ? 'success' : self::UNPAID . $effect->because('block the server');
        } catch (Unreachable $fault) {
            throw new Unreachable(self::UNPAID . $fault->getMessage());
        }
    }

    /**
     * Lifts every block that came through WHMCS, expiry included. A block of another source stays.
     */
    public function unsuspend(): string
    {
        $lifted = $this->send('unsuspend', [], 0, 2);
        if (!$lifted->reply->ok()) {
            return $lifted->because('unblock the server');
        }
        // Expiry is lifted by a renewal. Its date is told only when it is one that was paid for.
        $paid = Clock::past($this->service->nextDue) ? [] : $this->paidUntil();
        $effect = $this->send('renew', $paid, 2, 1);
        if (!$effect->applied()) {
            return $effect->because('unblock the server');
        }
        if ($effect->status === null) {
            return 'Not confirmed: no worker answers. WHMCS follows by itself; a retry does no harm.';
        }
        $blocks = Progress::blocks($effect->status);
        return $blocks === ''
            ? 'success'
            : "The server stays blocked: $blocks. What WHMCS did not set, WHMCS does not lift.";
    }

    /**
     * Tells until when the service is paid. What staff blocked stays blocked.
     */
    public function renew(): string
    {
        $effect = $this->send('renew', $this->paidUntil(), 1, 2);
        $known = $effect->underWay() && $effect->status !== null && self::renewed($effect->status);
        // Superseded: a newer renewal is known, which is what a late retry finds.
        if (!$effect->applied() && $effect->outcome !== 'superseded' && !$known) {
            return $effect->because('renew the service');
        }
        ModuleQueue::did($this->service->id, 'Renew'); // also when it is the cron that says it again
        return 'success';
    }

    /**
     * Whether metalease shows the server as blocked.
     */
    private function blocked(): bool
    {
        $reply = $this->gateway->call('GET', "/v1/services/{$this->service->id}");
        return $reply->ok() && (new Status($reply->body))->each('blocks') !== [];
    }

    /**
     * Sends a signal, and remembers it until it has arrived.
     *
     * @param array<string, mixed> $fields
     */
    private function send(string $signal, array $fields, int $wait, int $more = 5): Effect
    {
        Untold::add($this->service->id, $signal); // before: PHP may be ended while it waits
        $effect = $this->signals->send($signal, $fields, $wait, $more);
        // What is refused for what the service is has arrived; what is refused to this WHMCS, or for its clock, not.
        if ($effect->reply->ok() || in_array($effect->reply->status, [404, 409, 422], true)) {
            Untold::arrived($this->service->id, $signal);
        }
        return $effect;
    }

    /**
     * Whether a renewal has arrived, though the server is not unblocked yet.
     */
    private static function renewed(Status $status): bool
    {
        $reasons = array_map(static fn (Status $block) => $block->text('reason'), $status->each('blocks'));
        return !in_array('expired', $reasons, true) && $status->time('grace_ends_at') === null
            && $status->text('phase') !== 'releasing';
    }

    /**
     * What an expiry tells: the day that was not paid, and how long the server is kept.
     *
     * @return array<string, mixed>
     */
    private function expiry(): array
    {
        $grace = Order::grace($this->service);
        return ['due' => substr($this->service->nextDue, 0, 10)] + array_filter(['grace' => $grace]);
    }

    /**
     * Until when the service is paid; nothing where WHMCS has no date.
     *
     * @return array<string, string>
     */
    private function paidUntil(): array
    {
        $until = substr($this->service->nextDue, 0, 10);
        return $until === '' || $until === '0000-00-00' ? [] : ['expires_at' => $until];
    }
}
