<?php

declare(strict_types=1);

namespace Host\Api;

use Host\Api;
use Host\Orders as OrderDesk;
use WHMCS\Database\Capsule;

/**
 * Actions about orders and invoices (docs/whmcs-api.md 1.5).
 */
final class Orders
{
    private const INVOICE_STATUSES = ['Draft', 'Unpaid', 'Paid', 'Cancelled', 'Refunded', 'Collections', 'Payment Pending'];

    /**
     * GetOrders: no order is an empty list in the right place.
     *
     * @param array<string, mixed> $post
     * @return array<string, mixed>
     */
    public static function read(array $post): array
    {
        $query = Capsule::table('tblorders')->orderByDesc('id');
        foreach (['id' => 'id', 'userid' => 'userid', 'status' => 'status'] as $filter => $column) {
            if (($post[$filter] ?? '') !== '') {
                $query->where($column, $post[$filter]);
            }
        }
        [$rows, $counts] = Api::page($query->get()->all(), $post);
        return Api::success($counts + ['orders' => ['order' => array_map([self::class, 'row'], $rows)]]);
    }

    /**
     * AcceptOrder: pending orders only.
     *
     * @param array<string, mixed> $post
     * @return array<string, mixed>
     */
    public static function accept(array $post): array
    {
        $order = self::pending($post);
        if ($order === null) {
            return Api::error('Order ID not found or Status not Pending');
        }
        $failures = OrderDesk::accept((int) $order->id, isset($post['autosetup']) ? (bool) $post['autosetup'] : null);
        return $failures === [] ? Api::success() : Api::error($failures[0]);
    }

    /**
     * CancelOrder.
     *
     * @param array<string, mixed> $post
     * @return array<string, mixed>
     */
    public static function cancel(array $post): array
    {
        return self::mark($post, 'Cancelled');
    }

    /**
     * FraudOrder.
     *
     * @param array<string, mixed> $post
     * @return array<string, mixed>
     */
    public static function fraud(array $post): array
    {
        return self::mark($post, 'Fraud');
    }

    /**
     * PendingOrder, whatever the order was.
     *
     * @param array<string, mixed> $post
     * @return array<string, mixed>
     */
    public static function reopen(array $post): array
    {
        $order = Capsule::table('tblorders')->where('id', (int) ($post['orderid'] ?? 0))->first();
        if ($order === null) {
            return Api::error('Order ID Not Found');
        }
        OrderDesk::mark((int) $order->id, 'Pending');
        return Api::success();
    }

    /**
     * DeleteOrder: what is cancelled, or fraud.
     *
     * @param array<string, mixed> $post
     * @return array<string, mixed>
     */
    public static function delete(array $post): array
    {
        $order = Capsule::table('tblorders')->where('id', (int) ($post['orderid'] ?? 0))->first();
        if ($order === null) {
            return Api::error('Order ID not found');
        }
        if (!in_array($order->status, ['Cancelled', 'Fraud'], true)) {
            return Api::error('The order status must be in Cancelled or Fraud to be deleted');
        }
        OrderDesk::delete((int) $order->id);
        return Api::success();
    }

    /**
     * UpdateInvoice: it writes what it is told; no payment is made of it.
     *
     * @param array<string, mixed> $post
     * @return array<string, mixed>
     */
    public static function updateInvoice(array $post): array
    {
        $status = (string) ($post['status'] ?? '');
        if ($status !== '' && !in_array($status, self::INVOICE_STATUSES, true)) {
            return Api::error('Invalid status ' . $status);
        }
        $invoice = Capsule::table('tblinvoices')->where('id', (int) ($post['invoiceid'] ?? 0))->first();
        if ($invoice === null) {
            return Api::error('Invoice ID Not Found');
        }
        Capsule::table('tblinvoices')->where('id', $invoice->id)->update(['status' => $status ?: $invoice->status]);
        return Api::success(['invoiceid' => $invoice->id]);
    }

    /**
     * GetInvoice.
     *
     * @param array<string, mixed> $post
     * @return array<string, mixed>
     */
    public static function invoice(array $post): array
    {
        $invoice = Capsule::table('tblinvoices')->where('id', (int) ($post['invoiceid'] ?? 0))->first();
        if ($invoice === null) {
            return Api::error('Invoice ID Not Found');
        }
        $items = Capsule::table('tblinvoiceitems')->where('invoiceid', $invoice->id)->get()->map(static fn (object $item) => [
            'id' => $item->id, 'type' => $item->type, 'relid' => (string) $item->relid, 'description' => $item->description,
            'amount' => $item->amount, 'taxed' => $item->taxed,
        ])->all();
        return Api::success([
            'invoiceid' => $invoice->id, 'invoicenum' => $invoice->invoicenum, 'userid' => $invoice->userid, 'date' => $invoice->date,
            'duedate' => $invoice->duedate, 'datepaid' => $invoice->datepaid, 'lastcaptureattempt' => '0000-00-00 00:00:00',
            'subtotal' => $invoice->subtotal, 'credit' => $invoice->credit, 'tax' => '0.00', 'tax2' => '0.00', 'total' => $invoice->total,
            'taxrate' => '0.000', 'taxrate2' => '0.000', 'notes' => $invoice->notes, 'ccgateway' => false,
            'balance' => $invoice->status === 'Paid' ? '0.00' : $invoice->total, 'status' => $invoice->status,
            'paymentmethod' => $invoice->paymentmethod, 'items' => ['item' => $items], 'transactions' => '',
        ]);
    }

    /**
     * @param array<string, mixed> $post
     * @return array<string, mixed>
     */
    private static function mark(array $post, string $status): array
    {
        $order = self::pending($post);
        if ($order === null) {
            return Api::error($status === 'Cancelled' ? 'Order ID not found or Status not Pending' : 'Order ID Not Found');
        }
        OrderDesk::mark((int) $order->id, $status);
        return Api::success();
    }

    /**
     * @param array<string, mixed> $post
     */
    private static function pending(array $post): ?object
    {
        return Capsule::table('tblorders')->where('id', (int) ($post['orderid'] ?? 0))->where('status', 'Pending')->first();
    }

    /**
     * @return array<string, mixed>
     */
    private static function row(object $order): array
    {
        $items = Capsule::table('tblhosting as h')->join('tblproducts as p', 'p.id', '=', 'h.packageid')->where('h.orderid', $order->id)
            ->get(['h.*', 'p.name'])->map(static fn (object $s) => [
                'type' => 'product', 'relid' => (string) $s->id, 'producttype' => 'Dedicated/VPS Server', 'product' => $s->name, 'domain' => $s->domain,
                'billingcycle' => $s->billingcycle, 'amount' => $s->firstpaymentamount, 'status' => $s->domainstatus,
            ])->all();
        $invoice = (string) Capsule::table('tblinvoices')->where('id', $order->invoiceid)->value('status');
        return [
            'id' => (string) $order->id, 'ordernum' => (string) $order->ordernum, 'userid' => (string) $order->userid, 'date' => $order->date,
            'amount' => $order->amount, 'paymentmethod' => $order->paymentmethod, 'invoiceid' => (string) $order->invoiceid, 'status' => $order->status,
            'promocode' => $order->promocode, 'ipaddress' => $order->ipaddress, 'notes' => $order->notes, 'paymentstatus' => $invoice, 'lineitems' => ['lineitem' => $items],
        ];
    }
}
