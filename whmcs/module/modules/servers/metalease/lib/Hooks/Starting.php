<?php

declare(strict_types=1);

namespace WHMCS\Module\Server\Metalease\Hooks;

use WHMCS\Module\Server\Metalease\Gateway\Gateways;
use WHMCS\Module\Server\Metalease\Gateway\Unreachable;
use WHMCS\Module\Server\Metalease\Module\Service;
use WHMCS\Module\Server\Metalease\Module\Start;

defined('WHMCS') || die();

/**
 * An order whose services may be due.
 */
final class Starting
{
    public function __construct(private Gateways $gateways)
    {
    }

    /**
     * Starts the services of an order that are due; what fails is found again by the cron.
     *
     * @param bool $accepting whether the order is being accepted in this moment
     */
    public function order(int $orderId, bool $accepting = false): void
    {
        $this->services(Service::ofOrder($orderId), $accepting);
    }

    /**
     * Starts those of some services that are due.
     *
     * @param list<int> $ids
     */
    public function services(array $ids, bool $accepting = false): void
    {
        $due = [];
        foreach (array_map(Service::find(...), $ids) as $service) {
            if ($service !== null && $service->status === 'Pending' && Start::due($service, $accepting)) {
                $due[$service->entry][] = $service;
            }
        }
        foreach ($due as $services) {
            try {
                Start::many($services, $this->gateways);
            } catch (Unreachable) {
                continue; // the others have another server entry, and what time is left
            }
        }
    }
}
