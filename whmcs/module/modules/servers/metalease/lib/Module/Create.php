<?php

declare(strict_types=1);

namespace WHMCS\Module\Server\Metalease\Module;

use WHMCS\Database\Capsule;
use WHMCS\Module\Server\Metalease\Gateway\Client;
use WHMCS\Module\Server\Metalease\Gateway\Reply;
use WHMCS\Module\Server\Metalease\Gateway\Status;
use WHMCS\Module\Server\Metalease\Migration\IspsystemTable;

defined('WHMCS') || die();

/**
 * CreateAccount is a question: is the service ready? Asked as often as one likes, it builds one server. It never
 * waits for the service, because the worker asks it too, from inside of the service's own work.
 */
final class Create
{
    /**
     * The answer for a service, whatever WHMCS shows it as.
     *
     * @param array<string, mixed> $params
     * @return string "success" only when the server is ready and WHMCS shows the service as Pending
     */
    public static function account(array $params): string
    {
        $gateway = Client::fromParams($params);
        $service = Service::of($params);
        return match ($service->status) {
            'Pending' => self::pending($service, $gateway),
            'Active', 'Suspended' => 'The service is already created, nothing done.',
            'Terminated' => self::anew($service, $gateway),
            default => "WHMCS shows the service as {$service->status}: set it to Pending first, if it is to be built.",
        };
    }

    /**
     * Asks the gateway; starts what it does not know.
     */
    private static function pending(Service $service, Client $gateway): string
    {
        $reply = $gateway->call('GET', '/v1/services/' . $service->id);
        if ($reply->is('unknown-service')) {
            return self::begun(Start::service($service, $gateway));
        }
        if (!$reply->ok()) {
            return $reply->problem() . '.';
        }
        $status = new Status($reply->body);
        Records::started($service->id, $service->entry, $status->text('panel'));
        if ($status->is('closed')) {
            return $status->text('phase') === 'released'
                ? self::begun(Start::service($service, $gateway, true))
                : "Nobody looks after this service: its workflow has ended ({$status->text('ending')}). Adopt it with: "
                    . "starter adopt --service {$service->id}";
        }
        if (!$status->is('ready') || $status->text('phase') === 'releasing') {
            return Progress::sentence($status);
        }
        if (!Records::handOver($service->id)) {
            return 'The server is ready, and WHMCS is turning the service Active in this moment.';
        }
        IspsystemTable::handOver($service->id, $status->text('server.id'), $status->text('server.label'));
        return 'success';
    }

    /**
     * A terminated service has another life, when its first one is over. The worker builds for Pending services only.
     */
    private static function anew(Service $service, Client $gateway): string
    {
        $reply = $gateway->call('GET', '/v1/services/' . $service->id);
        if ($reply->ok() && ($reply->body['closed'] ?? false) !== true) {
            return 'WHMCS shows the service as Terminated, but metalease has not ended it. '
                . Progress::sentence(new Status($reply->body));
        }
        if (!$reply->ok() && !$reply->is('unknown-service')) {
            return $reply->problem() . '.';
        }
        self::show($service, 'Pending');
        $reply = Start::service($service, $gateway, true); // after a lost reply Pending is right: Create asks again
        if (!$reply->ok()) {
            self::show($service, 'Terminated');
        }
        return self::begun($reply);
    }

    /**
     * Sets the status that WHMCS shows; no module function runs.
     */
    private static function show(Service $service, string $status): void
    {
        Capsule::table('tblhosting')->where('id', $service->id)->update(['domainstatus' => $status]);
    }

    /**
     * What staff read after an order was sent.
     */
    private static function begun(Reply $reply): string
    {
        return $reply->ok()
            ? 'In progress: the server is being built, and WHMCS turns the service Active by itself. '
                . 'Press Create again to see how far it is.'
            : $reply->problem() . '.';
    }
}
