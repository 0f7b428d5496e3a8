<?php

declare(strict_types=1);

namespace WHMCS\Module\Server\Metalease\Hooks;

use WHMCS\Module\Server\Metalease\Gateway\Gateways;
use WHMCS\Module\Server\Metalease\Gateway\Signals;
use WHMCS\Module\Server\Metalease\Gateway\Status;
use WHMCS\Module\Server\Metalease\Gateway\Unreachable;
use WHMCS\Module\Server\Metalease\Module\Records;
use WHMCS\Module\Server\Metalease\Module\Refusal;
use WHMCS\Module\Server\Metalease\Module\Service;

defined('WHMCS') || die();

/**
 * An order or a service that WHMCS drops: what is not handed over yet ends, what is handed over is a matter for people.
 */
final class Ending
{
    public function __construct(private Gateways $gateways)
    {
    }

    /**
     * Ends every service of an order.
     *
     * @param string $what happened, such as "the order was cancelled"
     */
    public function order(int $orderId, string $what): void
    {
        foreach (Service::ofOrder($orderId) as $id) {
            $this->service($id, $what);
        }
    }

    /**
     * Ends a service, or tells staff. The cron repeats it when the gateway does not take it.
     *
     * @param int $clientId for the activity log, when the service's row is gone
     */
    public function service(int $serviceId, string $what, int $clientId = 0): void
    {
        try {
            $taken = $this->end($serviceId, $what, $clientId);
        } catch (Unreachable) {
            $taken = false;
        } catch (Refusal) {
            return; // nothing was ever sent for it
        }
        if (!$taken) {
            Records::wantEnd($serviceId, $what);
        } elseif (Records::known($serviceId)) {
            Records::endTaken($serviceId);
        }
    }

    /**
     * Whether there is nothing left to send.
     */
    private function end(int $serviceId, string $what, int $clientId): bool
    {
        $gateway = $this->gateways->forRecord($serviceId);
        $reply = $gateway->call('GET', "/v1/services/$serviceId", null, 3);
        if (!$reply->ok()) {
            return $reply->is('unknown-service');
        }
        $status = new Status($reply->body);
        if ($status->is('closed') || in_array($status->text('phase'), ['releasing', 'released'], true)) {
            return true;
        }
        if ($status->is('ready')) {
            Notice::raise($serviceId, $clientId ?: $status->number('client_id'), self::delivered($status, $what));
            return true;
        }
        $signals = new Signals($gateway, $serviceId);
        return $signals->send('terminate', ['reason' => $what . ' in WHMCS'], 0)->reply->ok();
    }

    /**
     * What staff read of a server that the client keeps.
     */
    private static function delivered(Status $status, string $what): string
    {
        return sprintf(
            'In WHMCS %s, but the client has server %s (%s, %s) and keeps it. '
                . 'To take it back: Terminate the service, or "starter terminate --service %d".',
            $what,
            $status->text('server.id'),
            $status->text('server.label'),
            $status->text('server.ip'),
            $status->number('service_id')
        );
    }
}
