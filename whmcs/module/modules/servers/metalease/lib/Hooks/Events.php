<?php

declare(strict_types=1);

namespace WHMCS\Module\Server\Metalease\Hooks;

use WHMCS\Module\Server\Metalease\Module\HostName;
use WHMCS\Module\Server\Metalease\Module\Payment;
use WHMCS\Module\Server\Metalease\Module\ServerEntry;
use WHMCS\Module\Server\Metalease\Module\Service;
use WHMCS\Module\Server\Metalease\Module\Settings;

defined('WHMCS') || die();

/**
 * Events of WHMCS. Each may come twice.
 */
final class Events
{
    public function __construct(private Starting $starting, private Ending $ending)
    {
    }

    /**
     * The module is in use: orders from now on are its own.
     */
    public function used(): void
    {
        if (ServerEntry::ids() !== []) {
            Settings::activated();
        }
    }

    /**
     * The first invoice of an order is paid.
     *
     * @param array<string, mixed> $vars
     */
    public function orderPaid(array $vars): void
    {
        $this->starting->order((int) ($vars['orderId'] ?? $vars['orderid'] ?? 0));
    }

    /**
     * An invoice is paid: perhaps one for what was ordered long ago, of which no OrderPaid tells.
     *
     * @param array<string, mixed> $vars
     */
    public function invoicePaid(array $vars): void
    {
        $this->starting->services(Payment::services((int) ($vars['invoiceid'] ?? 0)));
    }

    /**
     * Staff accept an order; WHMCS says so before it does it.
     *
     * @param array<string, mixed> $vars
     */
    public function orderAccepted(array $vars): void
    {
        $this->starting->order((int) ($vars['orderid'] ?? 0), true);
    }

    /**
     * An order ends; WHMCS says so before it does it.
     *
     * @param array<string, mixed> $vars
     * @param string               $how  such as "cancelled"
     */
    public function orderEnds(array $vars, string $how): void
    {
        $this->ending->order((int) ($vars['orderid'] ?? 0), "the order was $how");
    }

    /**
     * A service is deleted; its row is gone by now, and with it what kind of service it was.
     *
     * @param array<string, mixed> $vars
     */
    public function serviceDeleted(array $vars): void
    {
        $id = (int) ($vars['serviceid'] ?? 0);
        if ($id > 0 && ServerEntry::ids() !== []) {
            $this->ending->service($id, 'the service was deleted', (int) ($vars['clientId'] ?? $vars['userid'] ?? 0));
        }
    }

    /**
     * Money was given back: whether the server is to go is for people to say.
     *
     * @param array<string, mixed> $vars
     */
    public function invoiceRefunded(array $vars): void
    {
        $invoice = (int) ($vars['invoiceid'] ?? 0);
        foreach (Service::ofInvoice($invoice) as $id) {
            $service = Service::find($id);
            if ($service !== null && in_array($service->status, ['Pending', 'Active', 'Suspended'], true)) {
                $todo = 'The service goes on: Terminate it when the server is to be given back.';
                Notice::raise($id, $service->client, "Invoice $invoice was refunded. $todo");
            }
        }
    }

    /**
     * A host name is typed at the cart: one that no server can have is refused while the client can still correct it.
     *
     * @param array<string, mixed> $vars the form
     * @return list<string> what the client reads
     */
    public function configured(array $vars): array
    {
        $item = $_SESSION['cart']['products'][$vars['i'] ?? -1] ?? [];
        $typed = $vars['hostname'] ?? '';
        $refused = is_string($typed) && HostName::unusable((int) ($item['pid'] ?? $vars['pid'] ?? 0), $typed);
        return $refused ? ['Please enter a full host name, such as server1.example.com.'] : [];
    }

    /**
     * Offers no upgrade of a service of this module: ChangePackage could only refuse what was paid for.
     *
     * @param array<string, mixed> $vars
     * @return array<string, mixed> variables of the page to replace
     */
    public function upgradePage(array $vars): array
    {
        if (Service::find((int) ($vars['id'] ?? $_REQUEST['id'] ?? 0)) === null) {
            return [];
        }
        $why = 'A dedicated server cannot be changed into another one. Please order a new service.';
        // Both official templates show an alert for the first, newer ones a text for the second; the form of options
        // shows errormessage.
        return [
            'upgradenotavailable' => true, 'upgradeinvalid' => true, 'upgradeinvaliderror' => $why,
            'upgradepackages' => [], 'configoptions' => [], 'errormessage' => $why,
        ];
    }
}
