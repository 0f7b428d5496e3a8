<?php

declare(strict_types=1);

namespace WHMCS\Module\Server\Metalease\Hooks;

use WHMCS\Module\Server\Metalease\Module\HostName;
use WHMCS\Module\Server\Metalease\Module\Payment;
use WHMCS\Module\Server\Metalease\Module\ServerEntry;
use WHMCS\Module\Server\Metalease\Module\Service;
use WHMCS\Module\Server\Metalease\Module\Settings;
use WHMCS\Module\Server\Metalease\Module\Text;
use WHMCS\Module\Server\Metalease\Page\Language;

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
        return self::unnamed((int) ($item['pid'] ?? $vars['pid'] ?? 0), $vars['hostname'] ?? '');
    }

    /**
     * The cart is checked out: by links and by carts of other makers what is in it may never have been configured.
     *
     * @return list<string> what the client reads
     */
    public function checkedOut(): array
    {
        $said = [];
        foreach ((array) ($_SESSION['cart']['products'] ?? []) as $item) {
            if (is_array($item)) {
                $typed = $item['server']['hostname'] ?? '';
                array_push($said, ...self::unnamed((int) ($item['pid'] ?? 0), $typed ?: $item['domain'] ?? ''));
            }
        }
        return array_values(array_unique($said));
    }

    /**
     * What the client reads who typed no host name; nothing where one is not needed.
     *
     * @return list<string>
     */
    private static function unnamed(int $product, mixed $typed): array
    {
        if (!is_string($typed) || !HostName::unusable($product, $typed)) {
            return [];
        }
        $language = Language::ofClient();
        $said = $language->text('cart_hostname', ['name' => Text::plain($typed, 100)]);
        return [$said . (HostName::why($typed) === '' ? '' : ' ' . $language->text('cart_latin'))];
    }
}
