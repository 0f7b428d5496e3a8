<?php

declare(strict_types=1);

namespace Host;

use WHMCS\Database\Capsule;

/**
 * Stock control of products: what WHMCS's own cart may still sell.
 */
final class Shelf
{
    /**
     * Whether the cart sells a product at all.
     */
    public static function sells(int $pid): bool
    {
        $product = Capsule::table('tblproducts')->where('id', $pid)->first();
        return $product !== null && !$product->retired && (!$product->stockcontrol || $product->qty > 0);
    }

    /**
     * Takes some of a product, or puts them back.
     */
    public static function take(int $pid, int $number): void
    {
        Capsule::table('tblproducts')->where('id', $pid)->where('stockcontrol', 1)->decrement('qty', $number);
    }

    /**
     * Puts back what an order had taken [UNCONFIRMED, docs/whmcs-api.md 10].
     */
    public static function putBack(int $orderId): void
    {
        foreach (Capsule::table('tblhosting')->where('orderid', $orderId)->whereIn('domainstatus', ['Pending', 'Active', 'Suspended'])->get() as $service) {
            self::take((int) $service->packageid, -max(1, (int) $service->qty));
        }
    }
}
