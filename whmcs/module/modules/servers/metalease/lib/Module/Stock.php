<?php

declare(strict_types=1);

namespace WHMCS\Module\Server\Metalease\Module;

use WHMCS\Database\Capsule;
use WHMCS\Module\Server\Metalease\Gateway\Gateways;

defined('WHMCS') || die();

/**
 * WHMCS's own stock control, set to what the panels have: its cart then sells no more than that. Off unless the
 * setting MetaleaseStockSync names products.
 *
 * Between two readings WHMCS counts by itself: an order takes one away. What was ordered a moment ago and is being paid
 * stays taken away; the panels do not know of it yet. A stock that nobody can vouch for, and a product that is not in
 * the catalogue, change nothing.
 */
final class Stock
{
    /** Seconds for the catalogue: the gateway asks panels whose stock it does not know. */
    private const SECONDS = 10;

    /** Seconds that a client has to pay what the cart of WHMCS has sold; as long as the cart of a shop has. */
    private const CHECKOUT = 900;

    /** How the mark begins by which metalease finds the order of a shop's cart; its servers are not free any more. */
    private const MARK = 'cart-';

    /** What is wrong with the setting, for staff; empty for nothing. */
    public string $fault = '';

    /** @var list<int> products that were chosen */
    public readonly array $products;

    public function __construct(private Gateways $gateways)
    {
        $ours = Capsule::table('tblproducts')->where('servertype', ServerEntry::MODULE)->pluck('id')->all();
        $ours = array_map(intval(...), $ours);
        $chosen = Settings::stockSync() === [Settings::ALL] ? $ours : Settings::stockSync();
        $this->products = array_values(array_intersect($ours, array_map(intval(...), $chosen)));
        $strange = array_diff($chosen, array_map(strval(...), $ours));
        if ($strange !== []) {
            $this->fault = 'The setting ' . Settings::STOCK . ' in tblconfiguration is "' . implode(',', $chosen)
                . '": it takes ' . Settings::ALL . ', or ids of products of this module with commas between. "'
                . implode('", "', $strange) . '" is none.';
        }
    }

    /**
     * Reads the catalogue by a server entry and corrects the products; false when there was none to read.
     *
     * @throws \WHMCS\Module\Server\Metalease\Gateway\Unreachable
     */
    public function correct(int $entry): bool
    {
        try {
            $gateway = $this->gateways->forEntry(ServerEntry::find($entry));
        } catch (Refusal) {
            return false; // Test Connection says what the entry lacks
        }
        $reply = $gateway->call('GET', '/v1/catalogue', null, self::SECONDS);
        if ($reply->is('unknown-path')) {
            $this->fault = 'The setting ' . Settings::STOCK . ' in tblconfiguration has no effect: metalease has a '
                . 'catalogue only when its configuration has a shop, or a public one.';
        }
        foreach ($reply->ok() ? (array) ($reply->body['products'] ?? []) : [] as $product) {
            $free = $product['stock']['free'] ?? null;
            $id = $product['product'] ?? null;
            if (in_array($id, $this->products, true) && is_int($free) && $free >= 0) {
                $left = max(0, $free - self::beingPaid($id));
                Capsule::table('tblproducts')->where('id', $id)->update(['stockcontrol' => 1, 'qty' => $left]);
            }
        }
        return $reply->ok();
    }

    /**
     * How many services of a product were ordered a moment ago and are not metalease's yet.
     */
    private static function beingPaid(int $product): int
    {
        return Service::ours()->join('tblorders as o', 'o.id', '=', 'h.orderid')
            ->where('h.packageid', $product)->where('h.domainstatus', 'Pending')
            ->where('o.date', '>', Clock::now(-self::CHECKOUT))->where('h.ns1', 'not like', self::MARK . '%')
            ->whereNotIn('h.id', Records::startedIds())->count();
    }
}
