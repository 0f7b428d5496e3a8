<?php

declare(strict_types=1);

namespace Host;

use WHMCS\Database\Capsule;

/**
 * An order of the API: it is stored and billed, and nothing is set up. What the cart would refuse (a cycle that is not offered, an
 * empty shelf, a promotion code that gives nothing) it takes all the same, since no error is documented for it [UNCONFIRMED].
 */
final class ApiOrder
{
    /** What comes once for each item. */
    public const ARRAYS = ['pid', 'qty', 'domain', 'billingcycle', 'hostname', 'ns1prefix', 'ns2prefix', 'rootpw', 'configoptions', 'customfields', 'priceoverride'];

    /**
     * Stores an order for a client; null when no item is one of ours.
     *
     * @param array<string, mixed> $post
     * @return array<string, mixed>|null what AddOrder answers
     */
    public static function place(object $client, array $post): ?array
    {
        $items = self::items($client, $post);
        if ($items === []) {
            return null;
        }
        $promotion = self::promotion((string) ($post['promocode'] ?? ''));
        $order = (int) Capsule::table('tblorders')->insertGetId([
            'ordernum' => random_int(1_000_000_000, 9_999_999_999), 'userid' => $client->id, 'date' => Clock::now(),
            'paymentmethod' => $post['paymentmethod'], 'promocode' => $promotion->code ?? '', 'ipaddress' => (string) ($post['clientip'] ?? ''),
        ]);
        $services = [];
        $lines = [];
        foreach ($items as $item) {
            $id = self::service($client, $order, $item, (string) $post['paymentmethod']);
            $services[] = $id;
            $lines[] = ['Hosting', $id, $item['label'] . ' - ' . $item['domain'], $item['first']];
            $off = $promotion === null ? 0 : intdiv($item['first'] * Prices::hundredths((string) $promotion->value) + 5000, 10000);
            if ($off > 0) {
                $lines[] = ['PromoHosting', $id, 'Promotional Code: ' . $promotion->code, -$off];
            }
        }
        $total = array_sum(array_column($lines, 3));
        $invoice = !empty($post['noinvoice']) || $total <= 0 ? 0 : Invoices::bill((int) $client->id, (string) $post['paymentmethod'], $lines);
        Capsule::table('tblorders')->where('id', $order)->update(['invoiceid' => $invoice, 'amount' => Prices::money($total)]);
        if ($promotion !== null) {
            Capsule::table('tblpromotions')->where('id', $promotion->id)->increment('uses');
        }
        return ['orderid' => $order, 'serviceids' => implode(',', $services), 'addonids' => '', 'domainids' => '', 'invoiceid' => $invoice];
    }

    /**
     * The services to make, with their prices in hundredths.
     *
     * @param array<string, mixed> $post
     * @return list<array<string, mixed>>
     */
    private static function items(object $client, array $post): array
    {
        $items = [];
        foreach ((array) ($post['pid'] ?? []) as $n => $pid) {
            $at = static fn (string $name): string => (string) ($post[$name][$n] ?? '');
            $product = Capsule::table('tblproducts')->where('id', (int) $pid)->first();
            if ($product === null) {
                continue;
            }
            $cycle = isset(Prices::LABELS[$at('billingcycle')]) ? $at('billingcycle') : 'monthly';
            $price = Prices::of('product', (int) $product->id, (int) $client->currency, $cycle) ?? ['setup' => 0, 'each' => 0];
            [$chosen, $setup, $each] = self::choices($product, Api\Services::serialized($at('configoptions')), (int) $client->currency, $cycle);
            $quantity = max(1, (int) $at('qty'));
            $each += $at('priceoverride') === '' ? $price['each'] : Prices::hundredths($at('priceoverride')); // with the options [UNCONFIRMED]
            $each *= (int) $product->allowqty === 2 ? $quantity : 1;
            $item = [
                'product' => $product, 'cycle' => $cycle, 'label' => Prices::LABELS[$cycle], 'chosen' => $chosen, 'fields' => Api\Services::serialized($at('customfields')),
                'first' => $each + $setup + $price['setup'], 'each' => $each, 'qty' => (int) $product->allowqty === 2 ? $quantity : 1,
                'domain' => $at('hostname') ?: $at('domain'), 'rootpw' => $at('rootpw'), 'ns1' => $at('ns1prefix'), 'ns2' => $at('ns2prefix'),
            ];
            array_push($items, ...array_fill(0, (int) $product->allowqty === 1 ? $quantity : 1, $item));
        }
        return $items;
    }

    /**
     * What of a product's options was chosen, and what it costs.
     *
     * @param array<int|string, mixed> $wanted option => choice, or how many
     * @return array{0: list<array<string, int>>, 1: int, 2: int} rows, set-up fee, price
     */
    private static function choices(object $product, array $wanted, int $currency, string $cycle): array
    {
        [$rows, $setup, $each] = [[], 0, 0];
        $options = Capsule::table('tblproductconfigoptions as o')->join('tblproductconfiglinks as l', 'l.gid', '=', 'o.gid')
            ->where('l.pid', $product->id)->get(['o.id', 'o.optiontype']);
        foreach ($options as $option) {
            $subs = Capsule::table('tblproductconfigoptionssub')->where('configid', $option->id)->orderBy('id')->pluck('id')->all();
            $counted = (int) $option->optiontype >= 3;
            $value = (int) ($wanted[$option->id] ?? 0);
            $sub = !$counted && in_array($value, $subs, true) ? $value : (int) ($subs[0] ?? 0);
            $price = Prices::of('configoptions', $sub, $currency, $cycle) ?? ['setup' => 0, 'each' => 0];
            $times = $counted ? $value : 1;
            $setup += $times > 0 ? $price['setup'] : 0;
            $each += $price['each'] * $times;
            $rows[] = ['configid' => (int) $option->id, 'optionid' => $sub, 'qty' => $counted ? $value : 0];
        }
        return [$rows, $setup, $each];
    }

    /**
     * @param array<string, mixed> $item
     */
    private static function service(object $client, int $order, array $item, string $method): int
    {
        $server = static fn (string $prefix): string => $prefix === '' || $item['domain'] === '' || Ways::is('bare-name-servers') ? $prefix : $prefix . '.' . $item['domain']; // [UNCONFIRMED]
        $id = (int) Capsule::table('tblhosting')->insertGetId([
            'userid' => $client->id, 'orderid' => $order, 'packageid' => $item['product']->id, 'server' => Catalogue::serverOf((int) $item['product']->servergroup),
            'regdate' => Clock::today(), 'nextduedate' => Clock::today(), 'nextinvoicedate' => Clock::today(), 'domain' => $item['domain'], 'qty' => $item['qty'],
            'password' => encrypt($item['rootpw']), 'firstpaymentamount' => Prices::money($item['first']), 'amount' => Prices::money($item['each']),
            'billingcycle' => $item['label'], 'paymentmethod' => $method, 'ns1' => $server($item['ns1']), 'ns2' => $server($item['ns2']), 'created_at' => Clock::now(),
        ]);
        foreach ($item['chosen'] as $row) {
            Capsule::table('tblhostingconfigoptions')->insert($row + ['relid' => $id]);
        }
        $fields = Capsule::table('tblcustomfields')->where('type', 'product')->where('relid', $item['product']->id)->pluck('id')->all();
        foreach (array_intersect_key($item['fields'], array_flip($fields)) as $field => $value) {
            Capsule::table('tblcustomfieldsvalues')->insert(['fieldid' => $field, 'relid' => $id, 'value' => (string) $value]);
        }
        Shelf::take((int) $item['product']->id, $item['qty']);
        return $id;
    }

    /**
     * A promotion of the kind Percentage that gives something today.
     */
    private static function promotion(string $code): ?object
    {
        $found = $code === '' ? null : Capsule::table('tblpromotions')->where('code', $code)->where('type', 'Percentage')->first();
        if ($found === null || $found->expirationdate !== '0000-00-00' && $found->expirationdate < Clock::today() || $found->maxuses > 0 && $found->uses >= $found->maxuses) {
            return null;
        }
        return $found;
    }
}
