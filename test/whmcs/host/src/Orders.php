<?php

declare(strict_types=1);

namespace Host;

use WHMCS\Database\Capsule;

/**
 * What happens to an order after it was placed. Each hook runs before the change
 * (docs/whmcs-api.md 2.3).
 */
final class Orders
{
    private const HOOKS = ['Cancelled' => 'CancelOrder', 'Fraud' => 'FraudOrder', 'Pending' => 'PendingOrder'];

    /**
     * Accepts an order and sets up what waits for that.
     *
     * @param bool|null $setUp whether to set up; null: what each product says
     * @return list<string> what module functions said that failed
     */
    public static function accept(int $orderId, ?bool $setUp = null): array
    {
        Hooks::run('AcceptOrder', ['orderid' => $orderId]);
        $failures = [];
        foreach (Capsule::table('tblhosting')->where('orderid', $orderId)->where('domainstatus', 'Pending')->pluck('id') as $id) {
            $autosetup = self::autosetup((int) $id);
            if ($setUp ?? $autosetup === 'on') {
                $failures[] = ModuleAction::run((int) $id, 'create');
            }
        }
        Capsule::table('tblorders')->where('id', $orderId)->update(['status' => 'Active']);
        return array_values(array_filter($failures, static fn (string $text) => $text !== 'success'));
    }

    /**
     * Cancels an order, marks it as fraud or puts it back to pending, with its
     * services. That no module function runs is [UNCONFIRMED].
     */
    public static function mark(int $orderId, string $status): void
    {
        Hooks::run(self::HOOKS[$status], ['orderid' => $orderId]);
        if ($status !== 'Pending' && Ways::is('cancel-terminates')) {
            self::terminate(Capsule::table('tblhosting')->where('orderid', $orderId)->pluck('id')->all());
        }
        if ($status !== 'Pending') { // what is not paid need not be paid any more [UNCONFIRMED]
            Shelf::putBack($orderId);
            Ways::is('cancel-keeps-invoice') || Capsule::table('tblinvoices')->whereIn('id', Capsule::table('tblorders')->where('id', $orderId)->pluck('invoiceid')->all())
                ->where('status', 'Unpaid')->update(['status' => 'Cancelled']);
        }
        Capsule::table('tblorders')->where('id', $orderId)->update(['status' => $status]);
        Capsule::table('tblhosting')->where('orderid', $orderId)->whereIn('domainstatus', ['Pending', 'Active', 'Suspended', 'Cancelled', 'Fraud', ...(Ways::is('cancel-terminates') ? ['Terminated'] : [])])
            ->update(['domainstatus' => $status]);
    }

    /**
     * Cancels an order and gives the money back.
     */
    public static function cancelAndRefund(int $orderId): void
    {
        Hooks::run('CancelAndRefundOrder', ['orderid' => $orderId]);
        Capsule::table('tblorders')->where('id', $orderId)->update(['status' => 'Cancelled']);
        Capsule::table('tblhosting')->where('orderid', $orderId)->update(['domainstatus' => 'Cancelled']);
        Invoices::refund((int) Capsule::table('tblorders')->where('id', $orderId)->value('invoiceid'));
    }

    /**
     * Deletes an order with everything that belongs to it.
     */
    public static function delete(int $orderId): void
    {
        Hooks::run('DeleteOrder', ['orderid' => $orderId]);
        $invoice = Capsule::table('tblorders')->where('id', $orderId)->value('invoiceid');
        Capsule::table('tblhosting')->where('orderid', $orderId)->delete();
        Capsule::table('tblinvoiceitems')->where('invoiceid', $invoice)->delete();
        Capsule::table('tblinvoices')->where('id', $invoice)->delete();
        Capsule::table('tblorders')->where('id', $orderId)->delete();
    }

    /**
     * Sets a pending service up when its product asks for it at that moment.
     *
     * @param string $moment order, payment or on (acceptance)
     */
    public static function setUp(int $serviceId, string $moment): void
    {
        $status = Capsule::table('tblhosting')->where('id', $serviceId)->value('domainstatus');
        if ($status === 'Pending' && self::autosetup($serviceId) === $moment) {
            ModuleAction::run($serviceId, 'create');
        }
    }

    /**
     * Deletes a service; its module is not told.
     */
    public static function deleteService(int $serviceId): void
    {
        if (Ways::is('delete-terminates')) {
            self::terminate([$serviceId]);
        }
        $client = (int) Capsule::table('tblhosting')->where('id', $serviceId)->value('userid');
        Capsule::table('tblhosting')->where('id', $serviceId)->delete();
        Hooks::run('ServiceDelete', ['userid' => $client, 'clientId' => $client, 'serviceid' => $serviceId]);
    }

    /**
     * Has the module end those of some services that run, where WHMCS does that by itself [UNCONFIRMED].
     *
     * @param list<int> $ids
     */
    public static function terminate(array $ids): void
    {
        foreach (Capsule::table('tblhosting')->whereIn('id', $ids)->whereIn('domainstatus', ['Active', 'Suspended'])->pluck('id') as $id) {
            ModuleAction::run((int) $id, 'terminate');
        }
    }

    /**
     * When the product of a service is to be set up.
     */
    private static function autosetup(int $serviceId): string
    {
        return (string) Capsule::table('tblhosting as h')->join('tblproducts as p', 'p.id', '=', 'h.packageid')->where('h.id', $serviceId)->value('p.autosetup');
    }
}
