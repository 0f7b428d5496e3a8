<?php

declare(strict_types=1);

namespace Host;

use WHMCS\Database\Capsule;

/**
 * Server entries and products, and what clients choose of them.
 */
final class Catalogue
{
    /** Types of configurable options by the number that WHMCS stores. */
    public const TYPES = ['dropdown' => '1', 'radio' => '2', 'yesno' => '3', 'quantity' => '4'];

    /**
     * Adds a server entry with a group of its own, or to an existing group.
     *
     * @param array<string, mixed> $entry columns of tblservers, password in clear; group: id of a group
     * @return array{id: int, group: int}
     */
    public static function addServer(array $entry): array
    {
        $group = (int) ($entry['group'] ?? 0) ?: (int) Capsule::table('tblservergroups')->insertGetId(['name' => $entry['name'] ?? 'Panel']);
        unset($entry['group']);
        $id = (int) Capsule::table('tblservers')->insertGetId(array_merge($entry, ['password' => encrypt((string) ($entry['password'] ?? ''))]));
        Capsule::table('tblservergroupsrel')->insert(['groupid' => $group, 'serverid' => $id]);
        return ['id' => $id, 'group' => $group];
    }

    /**
     * Adds a product.
     *
     * @param array<string, mixed> $product columns of tblproducts; settings: position => module setting; options: list of name,
     *                                      type, choices; fields: list of names of custom fields
     */
    public static function addProduct(array $product): int
    {
        $columns = array_diff_key($product, ['settings' => 1, 'options' => 1, 'fields' => 1]);
        foreach ($product['settings'] ?? [] as $position => $value) {
            $columns['configoption' . $position] = (string) $value;
        }
        $pid = (int) Capsule::table('tblproducts')->insertGetId($columns + ['paytype' => 'recurring']);
        $group = (int) Capsule::table('tblproductconfiggroups')->insertGetId(['name' => 'Options of ' . $pid]);
        Capsule::table('tblproductconfiglinks')->insert(['gid' => $group, 'pid' => $pid]);
        foreach ($product['options'] ?? [] as $option) {
            $config = Capsule::table('tblproductconfigoptions')->insertGetId(
                ['gid' => $group, 'optionname' => $option['name'], 'optiontype' => self::TYPES[$option['type']], 'qtymaximum' => 16]
            );
            foreach ($option['choices'] ?? [$option['name']] as $choice) {
                Capsule::table('tblproductconfigoptionssub')->insert(['configid' => $config, 'optionname' => $choice]);
            }
        }
        foreach ($product['fields'] ?? [] as $name) {
            Capsule::table('tblcustomfields')->insert(['relid' => $pid, 'fieldname' => $name, 'showorder' => 'on']);
        }
        return $pid;
    }

    /**
     * The server of a group with the fewest services, disabled ones apart; 0 without any.
     */
    public static function serverOf(int $group): int
    {
        $ids = Capsule::table('tblservergroupsrel as r')->join('tblservers as s', 's.id', '=', 'r.serverid')
            ->where('r.groupid', $group)->where('s.disabled', 0)->orderBy('s.id')->pluck('s.id')->all();
        usort($ids, static fn (int $a, int $b) => Capsule::table('tblhosting')->where('server', $a)->count() <=> Capsule::table('tblhosting')->where('server', $b)->count());
        return (int) ($ids[0] ?? 0);
    }

    /**
     * Stores what a client chose for a service.
     *
     * @param array<string, int|string> $options name => quantity or text of a choice
     * @param array<string, string>     $fields  name => value
     */
    public static function choose(int $serviceId, int $pid, array $options, array $fields): void
    {
        $configs = Capsule::table('tblproductconfigoptions as o')->join('tblproductconfiglinks as l', 'l.gid', '=', 'o.gid')
            ->where('l.pid', $pid)->get(['o.id', 'o.optionname', 'o.optiontype']);
        foreach ($configs as $config) {
            $value = $options[explode('|', $config->optionname)[0]] ?? null;
            $subs = Capsule::table('tblproductconfigoptionssub')->where('configid', $config->id)->get();
            $chosen = $subs->first(static fn (object $sub) => explode('|', $sub->optionname)[0] === (string) $value) ?? $subs->first();
            Capsule::table('tblhostingconfigoptions')->updateOrInsert(
                ['relid' => $serviceId, 'configid' => $config->id],
                ['optionid' => $chosen->id ?? 0, 'qty' => is_numeric($value) && (int) $config->optiontype >= 3 ? (int) $value : 0]
            );
        }
        foreach ($fields as $name => $value) {
            $field = Capsule::table('tblcustomfields')->where('relid', $pid)->where('type', 'product')->where('fieldname', $name)->value('id');
            Capsule::table('tblcustomfieldsvalues')->updateOrInsert(['fieldid' => $field, 'relid' => $serviceId], ['value' => $value]);
        }
    }
}
