<?php

declare(strict_types=1);

namespace WHMCS\Module\Server\Metalease\Module;

use WHMCS\Module\Server\Metalease\Gateway\Client;
use WHMCS\Module\Server\Metalease\Gateway\Signals;
use WHMCS\Module\Server\Metalease\Gateway\Status;

defined('WHMCS') || die();

/**
 * SuspendAccount, UnsuspendAccount and Renew. Behind the last two a payment callback may stand: each takes 5 s at most.
 */
final class Suspension
{
    /** Seconds to wait for the effect, where nobody but staff or the cron waits. */
    private const PATIENCE = 10;

    /**
     * Blocks the server: as unpaid, which starts the grace period, only when WHMCS says so by reason and by date.
     *
     * @param array<string, mixed> $params
     */
    public static function suspend(array $params): string
    {
        [$gateway, $service] = self::subject($params);
        $given = trim(html_entity_decode((string) ($params['suspendreason'] ?? ''), ENT_QUOTES));
        $reason = $given ?: $service->suspendReason ?: 'suspended in WHMCS';
        $effect = Settings::isOverdue($reason) && Clock::past($service->nextDue)
            ? Signals::send($gateway, $service->id, 'expire', self::expiry($service), self::PATIENCE)
            : Signals::send($gateway, $service->id, 'suspend', ['reason' => $reason], self::PATIENCE);
        return $effect->applied() ? 'success' : $effect->because('block the server');
    }

    /**
     * Lifts every block that came through WHMCS, expiry included. A block of another source stays.
     *
     * @param array<string, mixed> $params
     */
    public static function unsuspend(array $params): string
    {
        [$gateway, $service] = self::subject($params);
        $lifted = Signals::send($gateway, $service->id, 'unsuspend', [], 0, 2);
        if (!$lifted->reply->ok()) {
            return $lifted->because('unblock the server');
        }
        // Expiry is lifted by a renewal. Its date is told only when it is one that was paid for.
        $paid = Clock::past($service->nextDue) ? [] : self::paidUntil($service);
        $effect = Signals::send($gateway, $service->id, 'renew', $paid, 2, 1);
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
     *
     * @param array<string, mixed> $params
     */
    public static function renew(array $params): string
    {
        [$gateway, $service] = self::subject($params);
        $effect = Signals::send($gateway, $service->id, 'renew', self::paidUntil($service), 1, 2);
        $known = $effect->underWay() && $effect->status !== null && self::renewed($effect->status);
        // Superseded: a newer renewal is known, which is what a late retry finds.
        return $effect->applied() || $effect->outcome === 'superseded' || $known
            ? 'success'
            : $effect->because('renew the service');
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
    private static function expiry(Service $service): array
    {
        $grace = Order::wishes($service, '')['grace'] ?? null;
        return ['due' => substr($service->nextDue, 0, 10)] + ($grace === null ? [] : ['grace' => $grace]);
    }

    /**
     * Until when the service is paid; nothing where WHMCS has no date.
     *
     * @return array<string, string>
     */
    private static function paidUntil(Service $service): array
    {
        $until = substr($service->nextDue, 0, 10);
        return $until === '' || $until === '0000-00-00' ? [] : ['expires_at' => $until];
    }

    /**
     * The gateway and the service of a module function.
     *
     * @param array<string, mixed> $params
     * @return array{0: Gateway, 1: Service}
     */
    private static function subject(array $params): array
    {
        return [Client::fromParams($params), Service::of($params)];
    }
}
