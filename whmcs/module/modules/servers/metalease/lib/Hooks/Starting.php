<?php

declare(strict_types=1);

namespace WHMCS\Module\Server\Metalease\Hooks;

use WHMCS\Module\Server\Metalease\Gateway\Gateways;
use WHMCS\Module\Server\Metalease\Gateway\Unreachable;
use WHMCS\Module\Server\Metalease\Module\Refusal;
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
        foreach ($ids as $id) {
            try {
                $service = Service::find($id);
                if ($service !== null && $service->status === 'Pending' && Start::due($service, $accepting)) {
                    (new Start($this->gateways->forService($id)))->service($service);
                }
            } catch (Unreachable) {
                return; // the others of the order would only wait for the same gateway
            } catch (Refusal $refusal) {
                Start::stop($id, $service->client ?? 0, $refusal->getMessage());
            }
        }
    }
}
