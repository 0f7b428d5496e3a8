<?php

declare(strict_types=1);

namespace WHMCS\Module\Server\Metalease\Module;

use WHMCS\Module\Server\Metalease\Gateway\Gateways;
use WHMCS\Module\Server\Metalease\Page\AdminArea;
use WHMCS\Module\Server\Metalease\Page\ClientArea;

defined('WHMCS') || die();

/**
 * What stands behind the functions of metalease.php: here each gets the gateway and the service that it is called for.
 */
final class Functions
{
    private Gateways $gateways;

    /**
     * @param array<string, mixed> $params what WHMCS tells the function
     */
    private function __construct(private array $params)
    {
        $this->gateways = new Gateways();
    }

    /**
     * @param array<string, mixed> $params what WHMCS tells the function
     */
    public static function of(array $params): self
    {
        return new self($params);
    }

    /**
     * @throws Refusal as those below do: when the service is one that the module cannot run
     */
    public function create(): Create
    {
        return new Create($this->gateways->forParams($this->params), Service::of($this->params));
    }

    /**
     * @throws Refusal
     */
    public function suspension(): Suspension
    {
        return new Suspension($this->gateways->forParams($this->params), Service::of($this->params));
    }

    /**
     * @throws Refusal
     */
    public function termination(): Termination
    {
        return new Termination($this->gateways->forParams($this->params), Service::of($this->params));
    }

    /**
     * @throws Refusal
     */
    public function buttons(): Buttons
    {
        return new Buttons($this->gateways->forParams($this->params), Service::of($this->params));
    }

    /**
     * @throws Refusal
     */
    public function clientArea(): ClientArea
    {
        return new ClientArea($this->gateways->forParams($this->params));
    }

    /**
     * @throws Refusal
     */
    public function adminArea(): AdminArea
    {
        return new AdminArea($this->gateways->forParams($this->params));
    }

    /**
     * These two are called for a server entry, before there is a service.
     */
    public function connection(): Connection
    {
        return new Connection($this->gateways);
    }

    public function catalogue(): Catalogue
    {
        return new Catalogue($this->gateways);
    }
}
