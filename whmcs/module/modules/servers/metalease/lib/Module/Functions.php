<?php

declare(strict_types=1);

namespace WHMCS\Module\Server\Metalease\Module;

use WHMCS\Module\Server\Metalease\Gateway\Budget;
use WHMCS\Module\Server\Metalease\Gateway\Gateways;
use WHMCS\Module\Server\Metalease\Page\AdminArea;
use WHMCS\Module\Server\Metalease\Page\ClientArea;
use WHMCS\Module\Server\Metalease\Running\ClientActions;
use WHMCS\Module\Server\Metalease\Running\StaffActions;
use WHMCS\Module\Server\Metalease\Running\UsageUpdate;

defined('WHMCS') || die();

/**
 * What stands behind the functions of metalease.php: here each gets the gateway and the service that it is called for.
 * A service that the module cannot run is a Refusal.
 */
final class Functions
{
    /**
     * @param array<string, mixed> $params what WHMCS tells the function
     */
    public function __construct(private array $params, private Gateways $gateways = new Gateways())
    {
    }

    /**
     * CreateAccount.
     */
    public function create(): Create
    {
        return new Create($this->gateways->forParams($this->params), Service::of($this->params));
    }

    /**
     * UnsuspendAccount and Renew: a payment may stand behind them, and they have no more time than it.
     */
    public function payment(): Suspension
    {
        $gateways = new Gateways(Budget::ofRequest());
        return new Suspension($gateways->forParams($this->params), Service::of($this->params));
    }

    /**
     * SuspendAccount.
     */
    public function suspension(): Suspension
    {
        return new Suspension($this->gateways->forParams($this->params), Service::of($this->params));
    }

    /**
     * TerminateAccount.
     */
    public function termination(): Termination
    {
        return new Termination($this->gateways->forParams($this->params), Service::of($this->params));
    }

    /**
     * The buttons of the module's own.
     */
    public function buttons(): Buttons
    {
        return new Buttons($this->gateways->forParams($this->params), Service::of($this->params));
    }

    /**
     * What staff have done with a running server, and ChangePackage.
     */
    public function staff(): StaffActions
    {
        return new StaffActions($this->gateways->forParams($this->params), Service::of($this->params));
    }

    /**
     * What a customer has done with a running server, by a form that was sent.
     */
    public function client(): ClientActions
    {
        return new ClientActions($this->gateways->forParams($this->params), Service::of($this->params), $_POST);
    }

    /**
     * UsageUpdate, which is about a server entry.
     */
    public function usage(): UsageUpdate
    {
        return new UsageUpdate($this->gateways);
    }

    /**
     * The customer's page of a service.
     */
    public function clientArea(): ClientArea
    {
        return new ClientArea($this->gateways->forParams($this->params));
    }

    /**
     * The staff's page of a service.
     */
    public function adminArea(): AdminArea
    {
        return new AdminArea($this->gateways->forParams($this->params));
    }

    /**
     * TestConnection, which is about a server entry and no service.
     */
    public function connection(): Connection
    {
        return new Connection($this->gateways);
    }

    /**
     * The lists of the product editor, where there is no service.
     */
    public function catalogue(): Catalogue
    {
        return new Catalogue($this->gateways);
    }
}
