<?php

declare(strict_types=1);

namespace Host\Api;

use Host\Api;
use Host\Clients;
use Host\Prices;
use Host\Setting;
use Host\Ways;
use WHMCS\Database\Capsule;

/**
 * Actions about clients, products, servers and WHMCS itself.
 */
final class Catalogue
{
    /**
     * GetClientsDetails.
     *
     * @param array<string, mixed> $post
     * @return array<string, mixed>
     */
    public static function client(array $post): array
    {
        if (($post['clientid'] ?? '') === '' && ($post['email'] ?? '') === '') {
            return Api::error('Either clientid Or email Is Required');
        }
        $id = (int) ($post['clientid'] ?? Capsule::table('tblclients')->where('email', $post['email'] ?? '')->value('id'));
        $details = Clients::details($id);
        return $details === [] ? Api::error('Client Not Found') : Api::success(['client' => $details] + $details);
    }

    /**
     * GetProducts.
     *
     * @param array<string, mixed> $post
     * @return array<string, mixed>
     */
    public static function products(array $post): array
    {
        $query = Capsule::table('tblproducts')->orderBy('id');
        if (($post['pid'] ?? '') !== '') {
            $query->whereIn('id', explode(',', (string) $post['pid']));
        }
        if (($post['module'] ?? '') !== '') {
            $query->where('servertype', $post['module']);
        }
        $rows = $query->get()->map(static fn (object $p) => [
            'pid' => (int) $p->id, 'gid' => (string) $p->gid, 'type' => $p->type, 'name' => $p->name, 'module' => $p->servertype,
            'paytype' => $p->paytype, 'slug' => strtolower(str_replace(' ', '-', (string) $p->name)), 'description' => $p->description, 'allowqty' => (int) $p->allowqty,
            'quantity_available' => $p->stockcontrol ? max(0, (int) $p->qty) : (int) Ways::get('quantity-without-stock-control'), 'pricing' => Prices::shown('product', (int) $p->id),
            'customfields' => self::fields((int) $p->id), 'configoptions' => self::options((int) $p->id),
        ])->all();
        return Api::success(['totalresults' => (string) count($rows), 'products' => ['product' => $rows]]);
    }

    /**
     * The custom fields that the order form shows; an empty text for none.
     *
     * @return array<string, mixed>|string
     */
    private static function fields(int $pid): array|string
    {
        $rows = Capsule::table('tblcustomfields')->where('type', 'product')->where('relid', $pid)->where('showorder', 'on')->get()->map(static fn (object $f) => [
            'id' => $f->id, 'name' => $f->fieldname, 'description' => $f->description, 'required' => $f->required,
        ])->all();
        return $rows === [] ? '' : ['customfield' => $rows];
    }

    /**
     * Configurable options with their choices and prices; an empty text for none.
     *
     * @return array<string, mixed>|string
     */
    private static function options(int $pid): array|string
    {
        $rows = Capsule::table('tblproductconfigoptions as o')->join('tblproductconfiglinks as l', 'l.gid', '=', 'o.gid')->where('l.pid', $pid)->orderBy('o.id')->get('o.*')
            ->map(static fn (object $o) => [
                'id' => $o->id, 'name' => $o->optionname, 'type' => $o->optiontype, 'minqty' => $o->qtyminimum, 'maxqty' => $o->qtymaximum,
                'options' => ['option' => Capsule::table('tblproductconfigoptionssub')->where('configid', $o->id)->orderBy('id')->get()->map(static fn (object $c) => [
                    'id' => $c->id, 'name' => explode('|', $c->optionname, 2)[1] ?? $c->optionname, 'rawName' => str_contains($c->optionname, '|') ? $c->optionname : null,
                    'recurring' => 0, 'required' => null, 'pricing' => Prices::shown('configoptions', (int) $c->id),
                ])->all()],
            ])->all();
        return $rows === [] ? '' : ['configoption' => $rows];
    }

    /**
     * GetServers.
     *
     * @param array<string, mixed> $post
     * @return array<string, mixed>
     */
    public static function servers(array $post): array
    {
        return Api::success(['servers' => Capsule::table('tblservers')->get()->map(static fn (object $s) => [
            'id' => $s->id, 'name' => $s->name, 'hostname' => $s->hostname, 'ipaddress' => $s->ipaddress, 'active' => $s->disabled === 0, 'module' => $s->type,
        ])->all()]);
    }

    /**
     * WhmcsDetails.
     *
     * @param array<string, mixed> $post
     * @return array<string, mixed>
     */
    public static function version(array $post): array
    {
        $version = Setting::get('Version');
        return Api::success(['whmcs' => ['version' => explode('-', $version)[0], 'canonicalversion' => $version]]);
    }

    /**
     * EncryptPassword.
     *
     * @param array<string, mixed> $post
     * @return array<string, mixed>
     */
    public static function encrypt(array $post): array
    {
        return Api::success(['password' => encrypt((string) ($post['password2'] ?? ''))]);
    }

    /**
     * GetConfigurationValue.
     *
     * @param array<string, mixed> $post
     * @return array<string, mixed>
     */
    public static function setting(array $post): array
    {
        $value = Setting::find((string) ($post['setting'] ?? ''));
        return $value === null ? Api::error('Invalid name for parameter setting') : Api::success(['setting' => $post['setting'], 'value' => $value]);
    }

    /**
     * DecryptPassword.
     *
     * @param array<string, mixed> $post
     * @return array<string, mixed>
     */
    public static function decrypt(array $post): array
    {
        return Api::success(['password' => decrypt((string) ($post['password2'] ?? ''))]);
    }
}
