<?php

declare(strict_types=1);

namespace WHMCS\Module\Server\Metalease\Module;

use WHMCS\Module\Server\Metalease\Gateway\Client;
use WHMCS\Module\Server\Metalease\Gateway\Signals;
use WHMCS\Module\Server\Metalease\Gateway\Status;
use WHMCS\Module\Server\Metalease\Migration\IspsystemTable;

defined('WHMCS') || die();

/**
 * TerminateAccount is final: "success" when the customer is cut off and the release is durable.
 */
final class Termination
{
    /** Seconds to wait for the cut. */
    private const WAIT = 15;

    /**
     * Cuts the customer off and has the server given back.
     *
     * @param array<string, mixed> $params
     */
    public static function account(array $params): string
    {
        $gateway = Client::fromParams($params);
        $service = Service::of($params);
        $effect = Signals::send($gateway, $service->id, 'terminate', ['reason' => 'terminated in WHMCS'], self::WAIT);
        if ($effect->reply->is('unknown-service')) {
            return self::unknown($service, $gateway);
        }
        if (!$effect->applied()) {
            return $effect->because('release the server');
        }
        return match (true) {
            $effect->status === null => 'Not confirmed: no worker answers. A retry does no harm.',
            // Nobody looks after it any more: what a workflow that was ended by hand has left is for the panel to say.
            $effect->status->abandoned() => self::unknown($service, $gateway),
            default => self::ended($service),
        };
    }

    /**
     * A service that nobody looks after has a server all the same when one carries its mark, or when it had
     * one before metalease came.
     */
    private static function unknown(Service $service, Client $gateway): string
    {
        $panel = rawurlencode($gateway->panel());
        $reply = $gateway->call('GET', "/v1/panels/$panel/servers?service_id={$service->id}", null, 10);
        if (!$reply->ok()) {
            return 'Nobody looks after this service, and metalease could not look whether a server carries its mark: '
                . $reply->problem() . '.';
        }
        foreach ((new Status($reply->body))->each('servers') as $server) {
            return sprintf(
                'Nobody looks after this service, but server %s (%s) of the panel %s carries its mark: '
                    . 'run "starter adopt --service %d", then terminate again.',
                $server->text('id'),
                $server->text('label'),
                $gateway->panel(),
                $service->id
            );
        }
        $old = IspsystemTable::server($service->id);
        if ($old !== '' || Records::wasHandedOver($service->id) || $service->mainIp !== '') {
            return 'Nobody looks after this service, and it was handed over' . ($old === '' ? '' : " with server $old")
                . ($service->mainIp === '' ? '' : " ({$service->mainIp})")
                . ": run \"starter adopt --service {$service->id}\", then terminate again; "
                . 'or give the server back in the panel by hand, and set the service to Terminated.';
        }
        return self::ended($service);
    }

    /**
     * The service is over.
     */
    private static function ended(Service $service): string
    {
        IspsystemTable::release($service->id);
        Records::ended($service->id);
        Records::note($service->id, '');
        return 'success';
    }
}
