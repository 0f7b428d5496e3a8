<?php

declare(strict_types=1);

namespace Host;

use WHMCS\Database\Capsule;
use WHMCS\Service\Service;

/**
 * What a module function gets (docs/whmcs-api.md 3.4).
 */
final class Params
{
    /**
     * The params of a service.
     *
     * @return array<string, mixed>
     */
    public static function of(Service $service): array
    {
        $product = (array) (Capsule::table('tblproducts')->where('id', $service->packageid)->first() ?? []);
        $params = [
            'whmcsVersion' => Setting::get('Version'), 'serviceid' => (int) $service->id, 'accountid' => (int) $service->id, 'addonId' => 0,
            'userid' => (int) $service->userid, 'pid' => (int) $service->packageid, 'packageid' => (int) $service->packageid,
            'domain' => $service->domain, 'username' => $service->username, 'password' => decrypt((string) $service->password),
            'status' => $service->domainstatus, 'qty' => (int) $service->qty,
            'type' => $product['type'] ?? '', 'producttype' => $product['type'] ?? '', 'moduletype' => $product['servertype'] ?? '',
            'configoptions' => self::options((int) $service->id), 'customfields' => self::fields($service),
            'clientsdetails' => Clients::details((int) $service->userid), 'model' => $service,
        ];
        for ($i = 1; $i <= 24; $i++) {
            $params['configoption' . $i] = (string) ($product['configoption' . $i] ?? '');
        }
        return $params + self::server((int) $service->server);
    }

    /**
     * What a server entry adds; also all that TestConnection gets.
     *
     * @return array<string, mixed>
     */
    public static function server(int $id): array
    {
        $server = Capsule::table('tblservers')->where('id', $id)->first();
        return [
            'server' => $server !== null, 'serverid' => $server === null ? 0 : (int) $server->id,
            'serverip' => $server->ipaddress ?? '', 'serverhostname' => $server->hostname ?? '', 'serverusername' => $server->username ?? '',
            'serverpassword' => $server === null ? '' : decrypt((string) $server->password), 'serveraccesshash' => $server->accesshash ?? '',
            'serversecure' => ($server->secure ?? '') === 'on', 'serverhttpprefix' => ($server->secure ?? '') === 'on' ? 'https' : 'http',
            'serverport' => (string) ($server->port ?? ''),
        ];
    }

    /**
     * Configurable options: name => quantity, or the text of the choice.
     *
     * @return array<string, int|string>
     */
    public static function options(int $serviceId): array
    {
        $options = [];
        $rows = Capsule::table('tblhostingconfigoptions as h')->join('tblproductconfigoptions as o', 'o.id', '=', 'h.configid')
            ->leftJoin('tblproductconfigoptionssub as s', 's.id', '=', 'h.optionid')->where('h.relid', $serviceId)
            ->get(['o.optionname as name', 'o.optiontype as type', 'h.qty', 's.optionname as choice']);
        foreach ($rows as $row) {
            $options[self::key($row->name)] = in_array((string) $row->type, ['3', '4'], true) ? (int) $row->qty : self::key((string) $row->choice);
        }
        return $options;
    }

    /**
     * Custom fields: name => value.
     *
     * @return array<string, string>
     */
    private static function fields(Service $service): array
    {
        $fields = [];
        foreach (Capsule::table('tblcustomfields')->where('type', 'product')->where('relid', $service->packageid)->get() as $field) {
            $fields[self::key($field->fieldname)] = (string) Capsule::table('tblcustomfieldsvalues')
                ->where('fieldid', $field->id)->where('relid', $service->id)->value('value');
        }
        return $fields;
    }

    /**
     * Names written as key|Label reach a module as key.
     */
    private static function key(string $name): string
    {
        return explode('|', $name)[0];
    }
}
