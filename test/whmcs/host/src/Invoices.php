<?php

declare(strict_types=1);

namespace Host;

use WHMCS\Database\Capsule;

/**
 * Invoices and what their payment sets off (docs/whmcs-api.md 4).
 */
final class Invoices
{
    /**
     * Makes an unpaid invoice for services.
     *
     * @param list<int> $services
     */
    public static function add(int $clientId, array $services): int
    {
        $rows = Capsule::table('tblhosting')->whereIn('id', $services)->get();
        $total = sprintf('%.2f', $rows->sum(static fn (object $row) => (float) $row->amount));
        $id = (int) Capsule::table('tblinvoices')->insertGetId([
            'userid' => $clientId, 'date' => Clock::today(), 'duedate' => (string) $rows->min('nextduedate'), 'subtotal' => $total, 'total' => $total, 'paymentmethod' => 'banktransfer',
        ]);
        foreach ($rows as $row) {
            Capsule::table('tblinvoiceitems')->insert([
                'invoiceid' => $id, 'userid' => $clientId, 'type' => 'Hosting', 'relid' => $row->id, 'amount' => $row->amount, 'duedate' => $row->nextduedate,
            ]);
        }
        Hooks::run('InvoiceCreation', ['source' => 'autogen', 'user' => 'system', 'invoiceid' => $id, 'status' => 'Unpaid']);
        Hooks::run('InvoiceCreated', ['source' => 'autogen', 'user' => 'system', 'invoiceid' => $id, 'status' => 'Unpaid']);
        return $id;
    }

    /**
     * Makes an unpaid invoice of lines.
     *
     * @param list<array{0: string, 1: int, 2: string, 3: int}> $lines type, id of the service, text, hundredths
     */
    public static function bill(int $clientId, string $method, array $lines): int
    {
        $total = Prices::money(array_sum(array_column($lines, 3)));
        $id = (int) Capsule::table('tblinvoices')->insertGetId([
            'userid' => $clientId, 'date' => Clock::today(), 'duedate' => Clock::today(), 'subtotal' => $total, 'total' => $total, 'paymentmethod' => $method,
        ]);
        foreach ($lines as [$type, $service, $text, $amount]) {
            Capsule::table('tblinvoiceitems')->insert([
                'invoiceid' => $id, 'userid' => $clientId, 'type' => $type, 'relid' => $service, 'description' => $text, 'amount' => Prices::money($amount),
                'duedate' => Clock::today(),
            ]);
        }
        Hooks::run('InvoiceCreation', ['source' => 'api', 'user' => 'system', 'invoiceid' => $id, 'status' => 'Unpaid']);
        Hooks::run('InvoiceCreated', ['source' => 'api', 'user' => 'system', 'invoiceid' => $id, 'status' => 'Unpaid']);
        return $id;
    }

    /**
     * Pays an invoice. The order of what follows is [UNCONFIRMED] where
     * docs/whmcs-api.md 10 says so.
     */
    public static function pay(int $id): void
    {
        Capsule::table('tblinvoices')->where('id', $id)->update(['status' => 'Paid', 'datepaid' => Clock::now()]);
        Activity::add("Invoice Marked Paid - Invoice ID: $id");
        Hooks::run('InvoicePaidPreEmail', ['invoiceid' => $id]);
        $order = Capsule::table('tblorders')->where('invoiceid', $id)->first();
        foreach (Capsule::table('tblinvoiceitems')->where('invoiceid', $id)->where('type', 'Hosting')->pluck('relid') as $service) {
            self::paid((int) $service, $order !== null);
        }
        foreach (Capsule::table('tblinvoiceitems')->where('invoiceid', $id)->where('type', 'Upgrade')->pluck('relid') as $upgrade) {
            UpgradePage::paid((int) $upgrade);
        }
        if ($order !== null) {
            Hooks::run('OrderPaid', ['orderId' => (int) $order->id, 'userId' => (int) $order->userid, 'invoiceId' => $id]);
        }
        Hooks::run('InvoicePaid', ['invoiceid' => $id]);
        if ($order !== null && Ways::get('set-up') === 'after') {
            foreach (Capsule::table('tblhosting')->where('orderid', $order->id)->where('domainstatus', 'Pending')->pluck('id') as $service) {
                ModuleAction::run((int) $service, 'create');
            }
        }
    }

    /**
     * Takes the money back; no module function runs.
     */
    public static function refund(int $id): void
    {
        Capsule::table('tblinvoices')->where('id', $id)->update(['status' => 'Refunded']);
        if (Ways::is('refund-terminates')) {
            Orders::terminate(Capsule::table('tblinvoiceitems')->where('invoiceid', $id)->where('type', 'Hosting')->pluck('relid')->all());
        }
        Hooks::run('InvoiceRefunded', ['invoiceid' => $id]);
    }

    /**
     * One paid service: the due date moves by a cycle whatever the module says.
     */
    private static function paid(int $id, bool $first): void
    {
        $service = Capsule::table('tblhosting')->where('id', $id)->first();
        if ($service === null) {
            return;
        }
        $due = Clock::next($service->nextduedate, $service->billingcycle);
        Capsule::table('tblhosting')->where('id', $id)->update(['nextduedate' => $due, 'nextinvoicedate' => $due]);
        if ($first) {
            Ways::get('set-up') === 'before' && $service->domainstatus === 'Pending' ? ModuleAction::run($id, 'create') : Orders::setUp($id, 'payment');
            return;
        }
        if ($service->domainstatus === 'Suspended' && $service->suspendreason === Cron::OVERDUE && Setting::get('AutoUnsuspend') === 'on') {
            ModuleAction::run($id, 'unsuspend');
        }
        if (in_array($service->domainstatus, ['Active', 'Suspended'], true)) {
            ModuleAction::run($id, 'renew');
        }
    }
}
