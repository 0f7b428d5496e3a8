<?php

declare(strict_types=1);

namespace Host\Api;

use Host\Api;
use Host\Clock;
use Host\Hooks;
use Host\Ways;
use WHMCS\Database\Capsule;
use WHMCS\Service\Service;

/**
 * Actions about services (docs/whmcs-api.md 1.4).
 */
final class Services
{
    /** Request name => column of tblhosting. */
    private const COLUMNS = [
        'pid' => 'packageid', 'serverid' => 'server', 'regdate' => 'regdate', 'nextduedate' => 'nextduedate', 'terminationdate' => 'termination_date',
        'domain' => 'domain', 'recurringamount' => 'amount', 'paymentmethod' => 'paymentmethod', 'billingcycle' => 'billingcycle',
        'subscriptionid' => 'subscriptionid', 'status' => 'domainstatus', 'notes' => 'notes', 'serviceusername' => 'username',
        'servicepassword' => 'password', 'overidesuspenduntil' => 'overidesuspenduntil', 'ns1' => 'ns1', 'ns2' => 'ns2',
        'dedicatedip' => 'dedicatedip', 'assignedips' => 'assignedips', 'suspendreason' => 'suspendreason',
    ];

    private const CLEARABLE = ['domain', 'serviceusername', 'servicepassword', 'subscriptionid', 'ns1', 'ns2', 'dedicatedip', 'assignedips', 'notes', 'suspendreason'];

    /**
     * GetClientsProducts: an empty list is an empty text.
     *
     * @param array<string, mixed> $post
     * @return array<string, mixed>
     */
    public static function read(array $post): array
    {
        $query = Service::query()->orderBy('id');
        foreach (['serviceid' => 'id', 'clientid' => 'userid', 'pid' => 'packageid', 'domain' => 'domain', 'username2' => 'username'] as $filter => $column) {
            if (($post[$filter] ?? '') !== '') {
                $query->where($column, $post[$filter]);
            }
        }
        $found = $query->get()->all();
        if ($found === [] && ($post['serviceid'] ?? '') !== '' && Ways::is('missing-is-error')) {
            return Api::error('Service ID Not Found');
        }
        [$rows, $counts] = Api::page($found, $post);
        $echo = [];
        foreach (['clientid', 'serviceid', 'pid', 'domain'] as $filter) {
            $echo[$filter] = $post[$filter] ?? null;
        }
        $products = $rows === [] ? '' : ['product' => array_map([self::class, 'row'], $rows)];
        return Api::success($echo + $counts + ['products' => $products]);
    }

    /**
     * UpdateClientProduct: a plain change of data; an empty value is ignored.
     *
     * @param array<string, mixed> $post
     * @return array<string, mixed>
     */
    public static function update(array $post): array
    {
        $service = Service::query()->find((int) ($post['serviceid'] ?? 0));
        if ($service === null) {
            return Api::error('Service ID Not Found');
        }
        $columns = [];
        foreach (self::COLUMNS as $name => $column) {
            if ((string) ($post[$name] ?? '') !== '') {
                $columns[$column] = $name === 'servicepassword' ? encrypt((string) $post[$name]) : (string) $post[$name];
            }
        }
        if (isset($post['overideautosuspend'])) {
            $columns['overideautosuspend'] = $post['overideautosuspend'] === 'on' ? 1 : 0;
        }
        foreach (array_intersect((array) ($post['unset'] ?? []), self::CLEARABLE) as $name) {
            $columns[self::COLUMNS[$name]] = '';
        }
        if ($columns !== []) {
            Capsule::table('tblhosting')->where('id', $service->id)->update($columns);
        }
        if (Ways::is('edit-hook')) {
            Hooks::run('ServiceEdit', ['userid' => (int) $service->userid, 'serviceid' => (int) $service->id]);
        }
        foreach (self::serialized($post['customfields'] ?? '') as $field => $value) {
            Capsule::table('tblcustomfieldsvalues')->updateOrInsert(['fieldid' => $field, 'relid' => $service->id], ['value' => (string) $value]);
        }
        return Api::success(['serviceid' => $service->id]);
    }

    /**
     * GetModuleQueue: an empty queue is an empty list.
     *
     * @param array<string, mixed> $post
     * @return array<string, mixed>
     */
    public static function queue(array $post): array
    {
        $query = Capsule::table('tblmodulequeue')->where('completed', 0)->orderBy('id');
        foreach (['relatedId' => 'service_id', 'serviceType' => 'service_type', 'moduleName' => 'module_name', 'moduleAction' => 'module_action'] as $filter => $column) {
            if (($post[$filter] ?? '') !== '') {
                $query->where($column, $post[$filter]);
            }
        }
        $rows = $query->get()->map(static fn (object $row) => [
            'id' => $row->id, 'serviceType' => $row->service_type, 'serviceId' => (string) $row->service_id, 'moduleName' => $row->module_name,
            'moduleAction' => $row->module_action, 'lastAttempt' => $row->last_attempt, 'lastAttemptError' => $row->last_attempt_error,
            'numRetries' => (string) $row->num_retries, 'completed' => (bool) $row->completed,
        ])->all();
        return Api::success(['count' => count($rows), 'queue' => $rows]);
    }

    /**
     * AddCancelRequest: states an intent; the daily cron acts on it.
     *
     * @param array<string, mixed> $post
     * @return array<string, mixed>
     */
    public static function cancel(array $post): array
    {
        $service = Service::query()->find((int) ($post['serviceid'] ?? 0));
        if ($service === null) {
            return Api::error('Service ID Not Found');
        }
        if (Capsule::table('tblcancelrequests')->where('relid', $service->id)->exists()) {
            return Api::error('Existing Cancellation Request Exists');
        }
        $request = ['reason' => (string) ($post['reason'] ?? ''), 'type' => (string) ($post['type'] ?? 'Immediate')];
        Capsule::table('tblcancelrequests')->insert($request + ['date' => Clock::now(), 'relid' => $service->id]);
        Hooks::run('CancellationRequest', $request + ['userid' => (int) $service->userid, 'relid' => (int) $service->id]);
        return Api::success(['serviceid' => $service->id, 'userid' => $service->userid]);
    }

    /**
     * A service as GetClientsProducts shows it: numbers as text here and there.
     *
     * @return array<string, mixed>
     */
    private static function row(Service $s): array
    {
        $product = Capsule::table('tblproducts')->where('id', $s->packageid)->first();
        $server = Capsule::table('tblservers')->where('id', $s->server)->first();
        $name = (string) ($product->name ?? '');
        return [
            'id' => (int) $s->id, 'qty' => (string) $s->qty, 'clientid' => (string) $s->userid, 'orderid' => (string) $s->orderid,
            'ordernumber' => (string) Capsule::table('tblorders')->where('id', $s->orderid)->value('ordernum'), 'pid' => (string) $s->packageid,
            'regdate' => $s->regdate, 'name' => $name, 'translated_name' => $name, 'groupname' => 'Dedicated Servers', 'translated_groupname' => 'Dedicated Servers',
            'domain' => $s->domain, 'dedicatedip' => $s->dedicatedip, 'serverid' => (string) $s->server, 'servername' => $server->name ?? '',
            'serverip' => $server->ipaddress ?? null, 'serverhostname' => $server->hostname ?? null, 'suspensionreason' => $s->suspendreason,
            'firstpaymentamount' => $s->firstpaymentamount, 'recurringamount' => $s->amount, 'paymentmethod' => $s->paymentmethod,
            'paymentmethodname' => 'Bank Transfer', 'billingcycle' => $s->billingcycle, 'nextduedate' => $s->nextduedate, 'status' => $s->domainstatus,
            'username' => $s->username, 'password' => decrypt((string) $s->password), 'subscriptionid' => $s->subscriptionid, 'promoid' => (int) $s->promoid,
            'overideautosuspend' => (int) $s->overideautosuspend === 1 ? 'on' : '0', 'overidesuspenduntil' => $s->overidesuspenduntil,
            'ns1' => $s->ns1, 'ns2' => $s->ns2, 'assignedips' => $s->assignedips, 'notes' => $s->notes, 'diskusage' => '0', 'disklimit' => '0',
            'bwusage' => '0', 'bwlimit' => '0', 'lastupdate' => $s->lastupdate, 'customfields' => ['customfield' => self::fields($s)],
            'configoptions' => ['configoption' => self::options($s)],
        ];
    }

    /**
     * @return list<array<string, mixed>>
     */
    private static function fields(Service $s): array
    {
        return Capsule::table('tblcustomfields')->where('type', 'product')->where('relid', $s->packageid)->get()->map(static function (object $field) use ($s): array {
            $value = Capsule::table('tblcustomfieldsvalues')->where('fieldid', $field->id)->where('relid', $s->id)->value('value');
            return ['id' => (int) $field->id, 'name' => $field->fieldname, 'translated_name' => $field->fieldname, 'value' => (string) $value];
        })->all();
    }

    /**
     * @return list<array<string, mixed>>
     */
    private static function options(Service $s): array
    {
        return Capsule::table('tblhostingconfigoptions as h')->join('tblproductconfigoptions as o', 'o.id', '=', 'h.configid')
            ->leftJoin('tblproductconfigoptionssub as u', 'u.id', '=', 'h.optionid')->where('h.relid', $s->id)
            ->get(['o.id', 'o.optionname', 'o.optiontype', 'h.qty', 'u.optionname as choice'])->map(static fn (object $row) => [
                'id' => (int) $row->id, 'option' => $row->optionname, 'type' => array_search((string) $row->optiontype, \Host\Catalogue::TYPES, true),
                'value' => (int) $row->optiontype >= 3 ? (int) $row->qty : (string) $row->choice,
            ])->all();
    }

    /**
     * A parameter that is base64 of PHP's serialization.
     *
     * @return array<int|string, mixed>
     */
    public static function serialized(mixed $value): array
    {
        $text = (string) base64_decode((string) $value, true);
        $decoded = $text === '' ? [] : unserialize($text, ['allowed_classes' => false]);
        return is_array($decoded) ? $decoded : [];
    }
}
