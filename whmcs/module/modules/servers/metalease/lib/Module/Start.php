<?php

declare(strict_types=1);

namespace WHMCS\Module\Server\Metalease\Module;

use WHMCS\Database\Capsule;
use WHMCS\Module\Server\Metalease\Gateway\Client;
use WHMCS\Module\Server\Metalease\Gateway\Reply;
use WHMCS\Module\Server\Metalease\Gateway\Unreachable;

defined('WHMCS') || die();

/**
 * Starting services: by hooks and the cron when it is due, and by CreateAccount.
 */
final class Start
{
    /**
     * Starts the services of an order that are due; what fails is found again by the cron.
     *
     * @param bool $accepting whether the order is being accepted in this moment
     */
    public static function order(int $orderId, bool $accepting = false): void
    {
        foreach (Service::ofOrder($orderId) as $id) {
            try {
                $service = Service::find($id);
                if ($service !== null && $service->status === 'Pending' && self::due($service, $accepting)) {
                    self::service($service, Client::forService($id));
                }
            } catch (Unreachable $fault) {
                return; // the others of the order would only wait for the same gateway
            } catch (Refusal $refusal) {
                self::tell($id, $refusal->getMessage(), $service->client ?? 0);
            }
        }
    }

    /**
     * Whether what starts the service has happened.
     */
    public static function due(Service $service, bool $accepting = false): bool
    {
        $order = Capsule::table('tblorders')->where('id', $service->order)->first();
        if ($order === null || in_array($order->status, ['Cancelled', 'Fraud'], true)) {
            return false;
        }
        return StartOn::of($service->setting(Option::StartOn))->due(
            self::paid((int) $order->invoiceid) !== '',
            (int) $order->invoiceid === 0 && (float) $order->amount <= 0.0,
            $accepting || $order->status === 'Active'
        );
    }

    /**
     * Sends the order, and fills the credentials before.
     *
     * @param bool $restart whether a released service starts anew
     */
    public static function service(Service $service, Client $gateway, bool $restart = false): Reply
    {
        Credentials::fill($service);
        $invoice = (int) Capsule::table('tblorders')->where('id', $service->order)->value('invoiceid');
        $paidAt = $restart ? Records::askedAnew($service->id) : (self::paid($invoice) ?: Records::asked($service->id));
        $named = Records::namedServer($service->id);
        $body = Order::body($service, $gateway->panel(), Clock::utc($paidAt), $named, $restart);
        $reply = $gateway->call('POST', '/v1/services', $body, 3);
        if ($reply->ok()) {
            Records::started($service->id, $service->entry, $gateway->panel());
        } elseif (!$reply->is('other-order') && !$reply->is('service-ended')) {
            self::tell($service->id, $reply->problem(), $service->client);
        }
        return $reply;
    }

    /**
     * Writes to the activity log why a service was not started.
     */
    private static function tell(int $serviceId, string $why, int $clientId): void
    {
        logActivity("metalease: service $serviceId was not started: $why - Service ID: $serviceId", $clientId);
    }

    /**
     * When an invoice was paid; empty when it was not.
     */
    private static function paid(int $invoiceId): string
    {
        $invoice = $invoiceId === 0 ? null : Capsule::table('tblinvoices')->where('id', $invoiceId)->first();
        if ($invoice === null || $invoice->status !== 'Paid') {
            return '';
        }
        $at = (string) $invoice->datepaid;
        return str_starts_with($at, '0000') || $at === '' ? (string) $invoice->date : $at;
    }
}
