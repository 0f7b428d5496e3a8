<?php

declare(strict_types=1);

namespace WHMCS\Module\Server\Metalease\Module;

use WHMCS\Module\Server\Metalease\Gateway\Client;
use WHMCS\Module\Server\Metalease\Gateway\Signals;

defined('WHMCS') || die();

/**
 * The buttons that WHMCS does not have itself. Its own Suspend and Unsuspend block and unblock. Those that destroy
 * something ask first: see PageConfirm, which knows them by the names here.
 */
final class Buttons
{
    /** Label => end of the function's name. */
    public const LABELS = [
        'Retry' => 'retry', 'Retry on another server' => 'replace', 'Accept' => 'accept',
        'Hold' => 'hold', 'Unhold' => 'unhold', 'Release now' => 'releasenow',
    ];

    /**
     * Tries again what stopped, with the current values of WHMCS.
     *
     * @param array<string, mixed> $params
     */
    public static function retry(array $params): string
    {
        return self::press($params, 'retry', self::corrected($params), 'try again');
    }

    /**
     * Puts the server into quarantine and builds on another one.
     *
     * @param array<string, mixed> $params
     */
    public static function replace(array $params): string
    {
        return self::press($params, 'retry', ['replace' => true] + self::corrected($params), 'build on another server');
    }

    /**
     * Takes what a technician did by hand as the install.
     *
     * @param array<string, mixed> $params
     */
    public static function accept(array $params): string
    {
        $named = Records::namedServer((int) ($params['serviceid'] ?? 0));
        return self::press($params, 'accept', $named === '' ? [] : ['server_id' => $named], 'go on to the hand-over');
    }

    /**
     * No automatic block or release any more.
     *
     * @param array<string, mixed> $params
     */
    public static function hold(array $params): string
    {
        return self::press($params, 'hold', ['reason' => 'held in WHMCS'], 'hold the service');
    }

    /**
     * Automatic blocks and releases again.
     *
     * @param array<string, mixed> $params
     */
    public static function unhold(array $params): string
    {
        return self::press($params, 'unhold', [], 'end the hold');
    }

    /**
     * What WHMCS shows now: a retry may correct the order with it.
     *
     * @param array<string, mixed> $params
     * @return array<string, mixed> what a retry carries
     */
    private static function corrected(array $params): array
    {
        $service = Service::of($params);
        $named = Records::namedServer($service->id);
        return ['server_id' => $named, 'order' => Order::wishes($service, $named)];
    }

    /**
     * Sends a signal; "success" only when it was applied.
     *
     * @param array<string, mixed> $params
     * @param array<string, mixed> $fields of the event
     */
    private static function press(array $params, string $signal, array $fields, string $wanted): string
    {
        $gateway = Client::fromParams($params);
        $effect = Signals::send($gateway, Service::of($params)->id, $signal, $fields);
        return $effect->applied() ? 'success' : $effect->because($wanted);
    }
}
