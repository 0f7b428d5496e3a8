<?php

declare(strict_types=1);

namespace WHMCS\Module\Server\Metalease\Gateway;

use WHMCS\Module\Server\Metalease\Module\Option;
use WHMCS\Module\Server\Metalease\Module\Records;
use WHMCS\Module\Server\Metalease\Module\Refusal;
use WHMCS\Module\Server\Metalease\Module\ServerEntry;
use WHMCS\Module\Server\Metalease\Module\Service;

defined('WHMCS') || die();

/**
 * Which gateway a service has: nobody else makes a client. Each place where WHMCS enters the module makes one of these
 * and passes it on.
 */
final class Gateways
{
    /**
     * @param Budget|null $budget of all calls together; null where nobody waits but staff or the cron
     */
    public function __construct(private ?Budget $budget = null)
    {
    }

    /**
     * The gateway of the service that a module function was called for.
     *
     * @param array<string, mixed> $params
     * @throws Refusal when the service is one that the module cannot run
     */
    public function forParams(array $params): Client
    {
        if ((int) ($params['addonId'] ?? 0) !== 0) {
            throw new Refusal('metalease does not run product addons: sell the server as a product of its own.');
        }
        if ((int) ($params['qty'] ?? 1) > 1) {
            throw new Refusal(
                'This is one service with a quantity of ' . (int) $params['qty'] . ', and a service has one server: '
                . 'use "Multiple services" in the product\'s "Allow Multiple Quantities".'
            );
        }
        $entry = ServerEntry::find((int) ($params['serverid'] ?? 0));
        $override = trim((string) ($params[Option::Panel->key()] ?? ''));
        $secrets = [(string) ($params['password'] ?? ''), (string) ($params['serverpassword'] ?? '')];
        return new Client($entry, $override, $secrets, $this->budget);
    }

    /**
     * The gateway of a service, outside of module functions.
     *
     * @throws Refusal when there is no such service, or one that the module cannot run
     */
    public function forService(int $serviceId): Client
    {
        $service = Service::find($serviceId);
        if ($service === null) {
            throw new Refusal("WHMCS has no service $serviceId.");
        }
        return $this->forParams([
            'serverid' => $service->entry, 'qty' => $service->quantity,
            Option::Panel->key() => $service->setting(Option::Panel),
        ]);
    }

    /**
     * The gateway of a service whose row is gone or whose server entry is not ours: the one that started it, else
     * any, for all serve one installation.
     *
     * @throws Refusal when there is none
     */
    public function forRecord(int $serviceId): Client
    {
        [$entry, $panel] = Records::origin($serviceId);
        $ids = ServerEntry::ids();
        $found = ServerEntry::find(in_array($entry, $ids, true) ? $entry : $ids[0] ?? 0);
        return new Client($found, $panel, [], $this->budget);
    }

    /**
     * The gateway of a server entry.
     *
     * @param string $panel one that goes before the entry's own; empty for none
     */
    public function forEntry(ServerEntry $entry, string $panel = ''): Client
    {
        return new Client($entry, $panel, [], $this->budget);
    }
}
