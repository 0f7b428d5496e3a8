<?php

declare(strict_types=1);

namespace WHMCS\Module\Server\Metalease\Module;

use WHMCS\Database\Capsule;
use WHMCS\Module\Server\Metalease\Gateway\Client;
use WHMCS\Module\Server\Metalease\Gateway\Fleet;
use WHMCS\Module\Server\Metalease\Gateway\Gateways;
use WHMCS\Module\Server\Metalease\Gateway\Reply;
use WHMCS\Module\Server\Metalease\Gateway\Status;
use WHMCS\Module\Server\Metalease\Gateway\Unreachable;
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
     * Whether what starts the service has happened, and nobody has ended it since: after that only a person's Create
     * starts it, however long the gateway remembers it.
     */
    public static function due(Service $service, bool $accepting = false): bool
    {
        $order = Capsule::table('tblorders')->where('id', $service->order)->first();
        $over = $order === null || in_array($order->status, ['Cancelled', 'Fraud'], true);
        if ($over || Records::endedAt($service->id) !== '') {
            return false;
        }
        return StartOn::of($service->setting(Option::StartOn))->due(
            Payment::at($service) !== '',
            (int) $order->invoiceid === 0 && (float) $order->amount <= 0.0 && !Payment::billed($service),
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
        return $this->sent($service, $this->gateway->call('POST', '/v1/services', $this->body($service, $restart), 3));
    }

    /**
     * Sends the orders of services that have one server entry, in as few calls as can be.
     *
     * @param list<Service> $services
     * @throws Unreachable what was not sent then is found by the next cron run
     */
    public static function many(array $services, Gateways $gateways): void
    {
        [$starts, $bodies, $known] = [[], [], []];
        foreach ($services as $service) {
            try {
                $start = new self($gateways->forService($service->id));
                $bodies[$service->id] = $start->body($service, false);
                [$starts[$service->id], $known[$service->id]] = [$start, $service];
            } catch (Refusal $refusal) {
                self::stop($service->id, $service->client, $refusal->getMessage());
            }
        }
        $replies = $starts === [] ? [] : (new Fleet(reset($starts)->gateway))->start($bodies);
        foreach (array_intersect_key($replies, $known) as $id => $reply) {
            $starts[$id]->sent($known[$id], $reply);
        }
    }

    /**
     * What is sent for a service.
     *
     * @return array<string, mixed>
     */
    private function body(Service $service, bool $restart): array
    {
        Credentials::fill($service);
        $paidAt = $restart
            ? Records::askedAnew($service->id)
            : (self::paidAt($service) ?: Records::asked($service->id));
        $named = Records::namedServer($service->id);
        return Order::body($service, $this->gateway->panel(), Clock::utc($paidAt), $named, $restart);
    }

    /**
     * Writes down what became of an order.
     */
    private function sent(Service $service, Reply $reply): Reply
    {
        if ($reply->ok()) {
            Records::started($service->id, $service->entry, $this->gateway->panel());
            self::goesOn($service->id);
        } elseif (!$reply->is('other-order') && !$reply->is('service-ended')) {
            self::stop($service->id, $service->client, $reply->problem(), $reply->status < 500);
        }
        return $reply;
    }

    /**
     * Tells once why a service is not started. It stands on the pages of staff and of the customer. What goes over by
     * itself and comes again does not take the place of what is for a person to do, or that would be told again.
     *
     * @param bool $final whether a person has to do something: then they are notified
     */
    public static function stop(int $serviceId, int $clientId, string $why, bool $final = true): void
    {
        if (!$final && self::stopped($serviceId) !== '') {
            return;
        }
        Notice::raise($serviceId, $clientId, self::STOPPED . $why, $final);
    }

    /**
     * The gateway knows a service: it goes on, or it was ended there, which is remembered longer than the gateway does.
     * One whose workflow was ended by force is nobody's decision.
     */
    public static function seen(Service $service, Status $status): void
    {
        if (!$status->is('closed')) {
            self::goesOn($service->id);
        } elseif (!$status->abandoned() || $status->text('ending') === 'completed') {
            Records::ended($service->id);
            self::stop(
                $service->id,
                $service->client,
                'it was ended in metalease, and WHMCS still shows it as Pending. Create has it built all the same; '
                . 'else Terminate it, or cancel the order.',
                false
            );
        }
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
        return Payment::at($service) ?: Records::askedAt($service->id);
    }
}
