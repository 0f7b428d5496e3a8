<?php

declare(strict_types=1);

namespace Host\Api;

use Host\Api;
use Host\Clients;
use Host\Setting;
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
            'paytype' => $p->paytype, 'customfields' => '', 'configoptions' => '',
        ])->all();
        return Api::success(['totalresults' => (string) count($rows), 'products' => ['product' => $rows]]);
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
