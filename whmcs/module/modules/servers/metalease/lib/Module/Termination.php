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
     * @param Client $gateway of the service
     */
    public function __construct(private Client $gateway, private Service $service)
    {
    }

    /**
     * Cuts the customer off and has the server given back.
     */
    public function account(): string
    {
        $signals = new Signals($this->gateway, $this->service->id);
        $effect = $signals->send('terminate', ['reason' => 'terminated in WHMCS'], self::WAIT);
        if ($effect->reply->is('unknown-service')) {
            return $this->unknown();
        }
        if (!$effect->applied()) {
            return $effect->because('release the server');
        }
        return match (true) {
            $effect->status === null => 'Not confirmed: no worker answers. A retry does no harm.',
            // Nobody looks after it any more: what a workflow that was ended by hand has left is for the panel to say.
            $effect->status->abandoned() => $this->unknown(),
            default => $this->ended(),
        };
    }

    /**
     * A service that nobody looks after has a server all the same when one carries its mark, or when it had
     * one before metalease came.
     */
    private function unknown(): string
    {
        $panel = rawurlencode($this->gateway->panel());
        $path = "/v1/panels/$panel/servers?service_id={$this->service->id}";
        $reply = $this->gateway->call('GET', $path, null, 10);
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
                $this->gateway->panel(),
                $this->service->id
            );
        }
        $old = IspsystemTable::server($this->service->id);
        if ($old !== '' || Records::wasHandedOver($this->service->id) || $this->service->mainIp !== '') {
            return 'Nobody looks after this service, and it was handed over' . ($old === '' ? '' : " with server $old")
                . ($this->service->mainIp === '' ? '' : " ({$this->service->mainIp})")
                . ": run \"starter adopt --service {$this->service->id}\", then terminate again; "
                . 'or give the server back in the panel by hand, and set the service to Terminated.';
        }
        return $this->ended();
    }

    /**
     * The service is over.
     */
    private function ended(): string
    {
        IspsystemTable::release($this->service->id);
        $this->service->forgetAddresses();
        Records::ended($this->service->id);
        Records::note($this->service->id, '');
        return 'success';
    }
}
