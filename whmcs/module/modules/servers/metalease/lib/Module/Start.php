<?php

declare(strict_types=1);

namespace WHMCS\Module\Server\Metalease\Module;

use WHMCS\Database\Capsule;
use WHMCS\Module\Server\Metalease\Gateway\Client;
use WHMCS\Module\Server\Metalease\Gateway\Reply;
use WHMCS\Module\Server\Metalease\Hooks\Notice;

defined('WHMCS') || die();

/**
 * Starting a service: by hooks and the cron when it is due, and by CreateAccount.
 */
final class Start
{
    /** How the notice begins of a service that is not started. */
    private const STOPPED = 'It is not started: ';

    /**
     * @param Client $gateway of the services that are started
     */
    public function __construct(private Client $gateway)
    {
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
    public function service(Service $service, bool $restart = false): Reply
    {
        Credentials::fill($service);
        $paidAt = $restart
            ? Records::askedAnew($service->id)
            : (self::paidAt($service) ?: Records::asked($service->id));
        $named = Records::namedServer($service->id);
        $body = Order::body($service, $this->gateway->panel(), Clock::utc($paidAt), $named, $restart);
        $reply = $this->gateway->call('POST', '/v1/services', $body, 3);
        if ($reply->ok()) {
            Records::started($service->id, $service->entry, $this->gateway->panel());
            self::goesOn($service->id);
        } elseif (!$reply->is('other-order') && !$reply->is('service-ended')) {
            self::stop($service->id, $service->client, $reply->problem(), $reply->status < 500);
        }
        return $reply;
    }

    /**
     * Tells once why a service is not started. It stands on the pages of staff and of the customer.
     *
     * @param bool $final whether a person has to do something: then they are notified
     */
    public static function stop(int $serviceId, int $clientId, string $why, bool $final = true): void
    {
        Notice::raise($serviceId, $clientId, self::STOPPED . $why, $final);
    }

    /**
     * Nothing stops the service any more.
     */
    public static function goesOn(int $serviceId): void
    {
        if (self::stopped($serviceId) !== '') {
            Records::note($serviceId, '');
        }
    }

    /**
     * Why a service is not started; empty when nothing is known to stop it.
     */
    public static function stopped(int $serviceId): string
    {
        $notice = Records::notice($serviceId);
        return str_starts_with($notice, self::STOPPED) ? $notice : '';
    }

    /**
     * When a service was paid, which is its place in the queue; when it was first asked for, where nothing was to be
     * paid. Empty when neither happened.
     */
    public static function paidAt(Service $service): string
    {
        $invoice = (int) Capsule::table('tblorders')->where('id', $service->order)->value('invoiceid');
        return self::paid($invoice) ?: Records::askedAt($service->id);
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
