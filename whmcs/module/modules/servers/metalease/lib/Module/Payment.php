<?php

declare(strict_types=1);

namespace WHMCS\Module\Server\Metalease\Module;

use Illuminate\Database\Query\Builder;
use WHMCS\Database\Capsule;

defined('WHMCS') || die();

/**
 * Whether a service was paid for. The items of invoices say so, not the first invoice of the order: that one may have
 * been cancelled and issued anew, split, merged, paid with others in one payment, or never made.
 */
final class Payment
{
    /** Statuses of an invoice that asks for nothing. */
    private const DROPPED = ['Draft', 'Cancelled', 'Refunded'];

    /**
     * When a service was paid for the first time, as WHMCS writes a time; empty when it was not. Later payments do not
     * change it.
     */
    public static function at(Service $service): string
    {
        $items = self::items($service->id)->get(['v.id', 'v.status', 'v.date', 'v.datepaid']);
        if ($items->isEmpty()) { // an item for the order as a whole, or for another thing of it that costs money
            $items = Capsule::table('tblinvoices as v')->join('tblorders as o', 'o.invoiceid', '=', 'v.id')
                ->where('o.id', $service->order)->get(['v.id', 'v.status', 'v.date', 'v.datepaid']);
        }
        // One payment for many invoices is an invoice of its own, with an item for each.
        $open = $items->whereNotIn('status', self::DROPPED)->pluck('id')->all();
        $together = Capsule::table('tblinvoiceitems as i')->join('tblinvoices as v', 'v.id', '=', 'i.invoiceid')
            ->where('i.type', 'Invoice')->whereIn('i.relid', $open)->get(['v.id', 'v.status', 'v.date', 'v.datepaid']);
        $times = $items->concat($together)->where('status', 'Paid')->map(self::time(...))->sort();
        return (string) $times->first();
    }

    /**
     * Whether a service was paid for after a moment, as WHMCS writes a time.
     */
    public static function since(int $serviceId, string $moment): bool
    {
        return self::items($serviceId)->where('v.status', 'Paid')->where('v.datepaid', '>', $moment)->exists();
    }

    /**
     * Whether an invoice asks for money for a service, or did.
     */
    public static function billed(Service $service): bool
    {
        return self::items($service->id)->whereNotIn('v.status', self::DROPPED)->exists();
    }

    /**
     * The ids of this module's services that a payment may start: those of the invoice, of the invoices that were paid
     * with it, and of the orders that had one of them first.
     *
     * @return list<int>
     */
    public static function services(int $invoiceId): array
    {
        if ($invoiceId <= 0) {
            return [];
        }
        $invoices = self::together($invoiceId);
        $ids = Service::ours()->where('h.domainstatus', 'Pending')->where(
            static fn (Builder $either) => $either
                ->whereIn('h.id', Capsule::table('tblinvoiceitems')->where('type', 'Hosting')
                    ->whereIn('invoiceid', $invoices)->select('relid'))
                ->orWhereIn('h.orderid', Capsule::table('tblorders')->whereIn('invoiceid', $invoices)->select('id'))
        )->orderBy('h.id')->pluck('h.id')->all();
        return array_map('intval', $ids);
    }

    /**
     * An invoice, and those that are paid with it.
     *
     * @return list<int>
     */
    public static function together(int $invoiceId): array
    {
        $others = Capsule::table('tblinvoiceitems')->where('invoiceid', $invoiceId)->where('type', 'Invoice')
            ->pluck('relid')->all();
        return array_map('intval', [$invoiceId, ...$others]);
    }

    /**
     * A query for the invoices (as v) that have an item for a service.
     */
    private static function items(int $serviceId): Builder
    {
        return Capsule::table('tblinvoiceitems as i')->join('tblinvoices as v', 'v.id', '=', 'i.invoiceid')
            ->where('i.type', 'Hosting')->where('i.relid', $serviceId);
    }

    /**
     * When an invoice was paid; its date where WHMCS has no other.
     */
    private static function time(object $invoice): string
    {
        $at = (string) $invoice->datepaid;
        return str_starts_with($at, '0000') || $at === '' ? (string) $invoice->date : $at;
    }
}
