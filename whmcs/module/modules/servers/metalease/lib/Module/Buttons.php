<?php

declare(strict_types=1);

namespace WHMCS\Module\Server\Metalease\Module;

use WHMCS\Module\Server\Metalease\Gateway\Client;
use WHMCS\Module\Server\Metalease\Gateway\Signals;

defined('WHMCS') || die();

/**
 * The buttons that WHMCS does not have itself. Its own Suspend and Unsuspend block and unblock. Those that destroy
 * something ask first: see Page\Confirm, which knows them by the names here.
 */
final class Buttons
{
    /** Label => end of the function's name. */
    public const LABELS = [
        'Retry' => 'retry', 'Retry on another server' => 'replace', 'Accept' => 'accept',
        'Hold' => 'hold', 'Unhold' => 'unhold', 'Release now' => 'releasenow',
    ];

    private Signals $signals;

    /**
     * @param Client $gateway of the service
     */
    public function __construct(Client $gateway, private Service $service)
    {
        $this->signals = new Signals($gateway, $service->id);
    }

    /**
     * Tries again what stopped, with the current values of WHMCS.
     */
    public function retry(): string
    {
        return $this->press('retry', $this->corrected(), 'try again');
    }

    /**
     * Puts the server into quarantine and builds on another one.
     */
    public function replace(): string
    {
        return $this->press('retry', ['replace' => true] + $this->corrected(), 'build on another server');
    }

    /**
     * Takes what a technician did by hand as the install.
     */
    public function accept(): string
    {
        $named = Records::namedServer($this->service->id);
        return $this->press('accept', $named === '' ? [] : ['server_id' => $named], 'go on to the hand-over');
    }

    /**
     * No automatic block or release any more.
     */
    public function hold(): string
    {
        return $this->press('hold', ['reason' => 'held in WHMCS'], 'hold the service');
    }

    /**
     * Automatic blocks and releases again.
     */
    public function unhold(): string
    {
        return $this->press('unhold', [], 'end the hold');
    }

    /**
     * What WHMCS shows now: a retry may correct the order with it.
     *
     * @return array<string, mixed> what a retry carries
     */
    private function corrected(): array
    {
        $named = Records::namedServer($this->service->id);
        return ['server_id' => $named, 'order' => Order::wishes($this->service, $named)];
    }

    /**
     * Sends a signal; "success" only when it was applied.
     *
     * @param array<string, mixed> $fields of the event
     */
    private function press(string $signal, array $fields, string $wanted): string
    {
        $effect = $this->signals->send($signal, $fields);
        return $effect->applied() ? 'success' : $effect->because($wanted);
    }
}
