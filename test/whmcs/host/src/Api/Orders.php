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
            'duedate' => $invoice->duedate, 'datepaid' => $invoice->datepaid, 'subtotal' => $invoice->subtotal, 'total' => $invoice->total,
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
            return Api::error('Order ID Not Found');
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
                'billingcycle' => $s->billingcycle, 'amount' => '$' . $s->amount . ' USD', 'status' => $s->domainstatus,
            ])->all();
        $invoice = (string) Capsule::table('tblinvoices')->where('id', $order->invoiceid)->value('status');
        return [
            'id' => (string) $order->id, 'ordernum' => (string) $order->ordernum, 'userid' => (string) $order->userid, 'date' => $order->date,
            'amount' => $order->amount, 'paymentmethod' => $order->paymentmethod, 'invoiceid' => (string) $order->invoiceid, 'status' => $order->status,
            'notes' => $order->notes, 'paymentstatus' => $invoice, 'lineitems' => ['lineitem' => $items],
        ];
    }
}
