<?php

declare(strict_types=1);

namespace Host;

use WHMCS\Database\Capsule;

/**
 * The shopping cart: from the client's choice to an order with its invoice.
 */
final class Checkout
{
    /**
     * Places an order.
     *
     * @param array{clientid: int, items: list<array<string, mixed>>} $order each item: pid, and services (how many rows), qty, domain,
     *                                                                       rootpw, price, cycle, options (name => value), fields
     * @return array<string, mixed> orderid, invoiceid, serviceids; or errors, and nothing is ordered
     */
    public static function place(array $order): array
    {
        $errors = self::objections($order);
        if ($errors !== []) {
            return ['errors' => $errors];
        }
        $total = 0.0;
        $orderId = (int) Capsule::table('tblorders')->insertGetId(
            ['ordernum' => random_int(1_000_000_000, 9_999_999_999), 'userid' => $order['clientid'], 'date' => Clock::now(), 'paymentmethod' => 'banktransfer', 'ipaddress' => '127.0.0.1']
        );
        $services = [];
        foreach ($order['items'] as $item) {
            for ($i = 0; $i < (int) ($item['services'] ?? 1); $i++) {
                $services[] = self::service((int) $order['clientid'], $orderId, $item);
                $total += (float) ($item['price'] ?? '50.00');
            }
        }
        $invoice = $total > 0 ? Invoices::add((int) $order['clientid'], $services) : 0;
        Capsule::table('tblorders')->where('id', $orderId)->update(['invoiceid' => $invoice, 'amount' => sprintf('%.2f', $total)]);
        Hooks::run('AfterShoppingCartCheckout', [
            'OrderID' => $orderId, 'OrderNumber' => (string) Capsule::table('tblorders')->where('id', $orderId)->value('ordernum'),
            'ServiceIDs' => $services, 'AddonIDs' => [], 'DomainIDs' => [], 'RenewalIDs' => [], 'PaymentMethod' => 'banktransfer',
            'InvoiceID' => $invoice, 'TotalDue' => sprintf('%.2f', $total),
        ]);
        foreach ($services as $service) {
            Orders::setUp($service, 'order');
        }
        return ['orderid' => $orderId, 'invoiceid' => $invoice, 'serviceids' => $services];
    }

    /**
     * What the hooks of the cart have against the order.
     *
     * @param array<string, mixed> $order
     * @return list<string>
     */
    private static function objections(array $order): array
    {
        $products = [];
        $found = [];
        foreach ($order['items'] as $item) {
            $found[] = Shelf::sells((int) $item['pid']) ? [] : ['Out of Stock'];
            $product = [
                'pid' => (int) $item['pid'], 'billingcycle' => strtolower((string) ($item['cycle'] ?? 'monthly')), 'qty' => (int) ($item['qty'] ?? 1),
                'domain' => (string) ($item['domain'] ?? ''), 'server' => ['hostname' => (string) ($item['domain'] ?? ''), 'rootpw' => (string) ($item['rootpw'] ?? '')],
                'configoptions' => $item['options'] ?? [], 'customfields' => $item['fields'] ?? [],
            ];
            $products[] = $product;
            $found[] = Hooks::run('ShoppingCartValidateProductUpdate', $product + ['hostname' => $product['domain'], 'rootpw' => $product['server']['rootpw']]);
        }
        $found[] = Hooks::run('ShoppingCartValidateCheckout', ['products' => $products, 'clientId' => $order['clientid']]);
        Hooks::run('PreShoppingCartCheckout', ['products' => $products, 'domains' => []]);
        $errors = [];
        array_walk_recursive($found, static function (mixed $error) use (&$errors): void {
            $errors[] = (string) $error;
        });
        return $errors;
    }

    /**
     * Adds a service. A server of the product's group is assigned at once; a
     * username is not, and a password only when the client gave one.
     *
     * @param array<string, mixed> $item
     */
    private static function service(int $clientId, int $orderId, array $item): int
    {
        $product = Capsule::table('tblproducts')->where('id', $item['pid'])->first();
        $price = sprintf('%.2f', (float) ($item['price'] ?? '50.00'));
        $cycle = (string) ($item['cycle'] ?? 'Monthly');
        $id = (int) Capsule::table('tblhosting')->insertGetId([
            'userid' => $clientId, 'orderid' => $orderId, 'packageid' => $product->id, 'server' => Catalogue::serverOf((int) $product->servergroup),
            'regdate' => Clock::today(), 'nextduedate' => Clock::today(), 'nextinvoicedate' => Clock::today(), 'qty' => (int) ($item['qty'] ?? 1),
            'domain' => (string) ($item['domain'] ?? ''), 'password' => encrypt((string) ($item['rootpw'] ?? '')),
            'firstpaymentamount' => $price, 'amount' => $price, 'billingcycle' => $cycle, 'paymentmethod' => 'banktransfer', 'created_at' => Clock::now(),
        ]);
        Shelf::take((int) $product->id, (int) ($item['qty'] ?? 1));
        Catalogue::choose($id, (int) $product->id, $item['options'] ?? [], $item['fields'] ?? []);
        return $id;
    }
}
