<?php

declare(strict_types=1);

namespace WHMCS\Module\Server\Metalease\Migration;

use Illuminate\Database\Query\Builder;
use Illuminate\Database\QueryException;
use WHMCS\Database\Capsule;
use WHMCS\Module\Server\Metalease\Module\Records;
use WHMCS\Module\Server\Metalease\Module\ServerEntry;
use WHMCS\Module\Server\Metalease\Module\Text;

defined('WHMCS') || die();

/**
 * The table of ISPsystem's module. It is kept current, so that a host can go back; where it is missing nothing is
 * written.
 */
final class IspsystemTable
{
    private const TABLE = 'mod_ispsystem';

    /** Columns that the old module fills from the panel by itself. */
    private const DETAILS = ['ipmi_ip', 'switch_port', 'mac'];

    /**
     * Writes which server a service has. A table that does not take it keeps nobody from getting a server.
     */
    public static function handOver(int $serviceId, string $serverId, string $label): void
    {
        $there = ['external_id' => $serverId, 'label' => $label];
        try {
            if (self::table()?->where('serviceid', $serviceId)->exists() === true) {
                self::table()->where('serviceid', $serviceId)->update($there);
            } else { // MySQL may insist on a value for every column
                $details = array_intersect(Capsule::schema()->getColumnListing(self::TABLE), self::DETAILS);
                self::table()?->insert(['serviceid' => $serviceId] + $there + array_fill_keys($details, ''));
            }
        } catch (QueryException $fault) {
            $what = self::TABLE . " does not take server $serverId (SQL state {$fault->getCode()})";
            Text::log("service $serviceId: the table $what");
        }
    }

    /**
     * The service has no server any more. With an id there the old module would install that server again, whoever
     * has it.
     */
    public static function release(int $serviceId): void
    {
        self::table()?->where('serviceid', $serviceId)->update(['external_id' => '']);
    }

    /**
     * The server of a service; empty for none.
     */
    public static function server(int $serviceId): string
    {
        return (string) self::table()?->where('serviceid', $serviceId)->value('external_id');
    }

    /**
     * Services of this module that are over in WHMCS and still have a server here; some of them.
     *
     * @return list<int>
     */
    public static function over(): array
    {
        $ids = self::table()?->join('tblhosting as h', 'h.id', '=', self::TABLE . '.serviceid')
            ->join('tblproducts as p', 'p.id', '=', 'h.packageid')->where('p.servertype', ServerEntry::MODULE)
            ->whereIn('h.domainstatus', ['Terminated', 'Cancelled', 'Fraud'])->where('external_id', '!=', '')
            ->whereNotIn('h.id', Records::endedIds())->orderByDesc('h.id')->limit(20)->pluck('h.id')->all();
        return array_map('intval', $ids ?? []);
    }

    /**
     * What the old module knows of services, with what WHMCS shows of them; no password.
     *
     * @param list<int> $services ids; or
     * @param int|null  $product  all services of a product
     * @return list<array<string, mixed>>
     */
    public static function records(array $services, ?int $product): array
    {
        $rows = self::table()?->join('tblhosting as h', 'h.id', '=', self::TABLE . '.serviceid')
            ->leftJoin('tblservers as s', 's.id', '=', 'h.server')
            ->whereIn($product === null ? 'h.id' : 'h.packageid', $product === null ? $services : [$product])
            ->orderBy('h.id')->get([
                'h.id', 'h.userid', 'h.packageid', 'h.domainstatus', 'h.username',
                self::TABLE . '.external_id', self::TABLE . '.label',
                's.name', 's.hostname', 's.ipaddress', 's.username as account',
            ])->all();
        return array_map(static fn (object $row): array => [
            'service_id' => (int) $row->id, 'client_id' => (int) $row->userid, 'product_id' => (int) $row->packageid,
            'status' => (string) $row->domainstatus, 'username' => (string) $row->username,
            'server_id' => (string) $row->external_id, 'label' => (string) $row->label,
            'server_entry' => [
                'name' => (string) $row->name, 'hostname' => (string) $row->hostname,
                'ip' => (string) $row->ipaddress, 'username' => (string) $row->account,
            ],
        ], $rows ?? []);
    }

    /**
     * The table; null where the old module never was.
     */
    private static function table(): ?Builder
    {
        return Capsule::schema()->hasTable(self::TABLE) ? Capsule::table(self::TABLE) : null;
    }
}
