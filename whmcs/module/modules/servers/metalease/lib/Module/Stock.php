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
 * Between two readings WHMCS counts by itself: an order takes one away. A stock that nobody can vouch for, and a
 * product that is not in the catalogue, change nothing.
 */
final class Stock
{
    /** Seconds for the catalogue: the gateway asks panels whose stock it does not know. */
    private const SECONDS = 10;

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
                . 'catalogue only when its configuration has a shop.';
        }
        foreach ($reply->ok() ? (array) ($reply->body['products'] ?? []) : [] as $product) {
            $free = $product['stock']['free'] ?? null;
            $id = $product['product'] ?? null;
            if (in_array($id, $this->products, true) && is_int($free) && $free >= 0) {
                Capsule::table('tblproducts')->where('id', $id)->update(['stockcontrol' => 1, 'qty' => $free]);
            }
        }
        return $reply->ok();
    }
}
