<?php

declare(strict_types=1);

namespace WHMCS\Module\Server\Metalease\Gateway;

defined('WHMCS') || die();

/**
 * Many services in one call. A gateway that is older than these calls is asked for each.
 */
final class Fleet
{
    /** Services of one call: a body has to stay below 64 KiB. */
    private const MANY = 25;

    /** Seconds for one call. */
    private const SECONDS = 5;

    /** Why the gateway takes no call of this WHMCS at all; empty when it was not so. */
    public string $refused = '';

    /**
     * @param Client $gateway that all of them have
     */
    public function __construct(private Client $gateway)
    {
    }

    /**
     * What the gateway knows of services. One of which it says nothing is not in the answer.
     *
     * @param list<int> $ids
     * @return array<int, Status|null> by service id; null for one that it does not know
     * @throws Unreachable
     */
    public function seen(array $ids): array
    {
        $seen = [];
        foreach (array_chunk($ids, self::MANY) as $some) {
            $seen += count($some) === 1 ? $this->one($some[0]) : $this->many($some);
        }
        return $seen;
    }

    /**
     * Sends orders. One on which the gateway says nothing is not in the answer.
     *
     * @param array<int, array<string, mixed>> $orders bodies of POST /v1/services by service id
     * @return array<int, Reply> by service id, as the call of one is answered
     * @throws Unreachable
     */
    public function start(array $orders): array
    {
        $replies = [];
        foreach (array_chunk($orders, self::MANY, true) as $some) {
            $replies += $this->together($some) ?? array_map(
                fn (array $order): Reply => $this->gateway->call('POST', '/v1/services', $order, 3),
                $some
            );
        }
        return $replies;
    }

    /**
     * Sends some orders in one call; null where each has to be sent by itself.
     *
     * @param array<int, array<string, mixed>> $orders
     * @return array<int, Reply>|null
     */
    private function together(array $orders): ?array
    {
        if (count($orders) === 1) {
            return null;
        }
        $body = ['services' => array_values($orders)];
        $reply = $this->gateway->call('POST', '/v1/services/batch', $body, self::SECONDS);
        if ($this->older($reply)) {
            return null;
        }
        return $reply->ok() ? self::results($reply) : array_map(static fn (): Reply => $reply, $orders);
    }

    /**
     * What the gateway knows of one service.
     *
     * @return array<int, Status|null>
     */
    private function one(int $id): array
    {
        $reply = $this->gateway->call('GET', "/v1/services/$id", null, 3);
        $this->older($reply);
        return match (true) {
            $reply->ok() => [$id => new Status($reply->body)],
            $reply->is('unknown-service') => [$id => null],
            default => [],
        };
    }

    /**
     * What the gateway knows of some services. How one has ended is not in a list.
     *
     * @param list<int> $ids
     * @return array<int, Status|null>
     */
    private function many(array $ids): array
    {
        $reply = $this->gateway->call('GET', '/v1/services?ids=' . implode(',', $ids), null, self::SECONDS);
        if ($this->older($reply)) {
            $seen = [];
            foreach ($ids as $id) {
                $seen += $this->one($id);
            }
            return $seen;
        }
        $seen = $reply->ok() ? array_fill_keys($ids, null) : [];
        foreach ($reply->ok() ? (new Status($reply->body))->each('services') : [] as $one) {
            $id = $one->number('service_id');
            if (!array_key_exists($id, $seen) || $seen[$id] !== null) {
                continue; // an earlier life: the newest is the first
            }
            $closed = $one->is('closed') || $one->text('closed_at') !== '';
            unset($seen[$id]);
            $seen += $closed ? $this->one($id) : [$id => $one];
        }
        return $seen;
    }

    /**
     * The results of a call of many, each as the call of one is answered.
     *
     * @return array<int, Reply>
     */
    private static function results(Reply $reply): array
    {
        $replies = [];
        foreach ((array) ($reply->body['results'] ?? []) as $one) {
            if (is_array($one) && is_int($one['service_id'] ?? null)) {
                $body = is_array($one['problem'] ?? null) ? $one['problem'] : $one;
                $replies[$one['service_id']] = new Reply((int) ($one['status'] ?? 0), $body, $reply->date);
            }
        }
        return $replies;
    }

    /**
     * Whether a call of many is one that the gateway does not take, so that each has to be asked by itself. A gateway
     * that refuses this WHMCS refuses each as well.
     */
    private function older(Reply $reply): bool
    {
        if ($reply->status === 401 || $reply->status === 403) {
            $this->refused = $reply->problem();
            return false;
        }
        return $reply->status >= 400 && $reply->status < 500;
    }
}
