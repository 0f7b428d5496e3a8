<?php

declare(strict_types=1);

namespace WHMCS\Module\Server\Metalease\Running;

use Carbon\Carbon;
use WHMCS\Database\Capsule;
use WHMCS\Module\Server\Metalease\Gateway\Gateways;
use WHMCS\Module\Server\Metalease\Gateway\Status;
use WHMCS\Module\Server\Metalease\Gateway\Unreachable;
use WHMCS\Module\Server\Metalease\Module\Clock;
use WHMCS\Module\Server\Metalease\Module\Option;
use WHMCS\Module\Server\Metalease\Module\ServerEntry;
use WHMCS\Module\Server\Metalease\Module\Service;
use WHMCS\Module\Server\Metalease\Module\Text;

defined('WHMCS') || die();

/**
 * UsageUpdate: what the servers of an entry have sent and received this month, into WHMCS's own column, in its MB. Only
 * what is known in full is written. Disks are none of ours: the panel does not see them.
 */
final class UsageUpdate
{
    /** Bytes of an MB of WHMCS. */
    private const MB = 1048576;

    /** Seconds of one call: all services of a panel are in it, and nobody waits but the cron. */
    private const SECONDS = 30;

    public function __construct(private Gateways $gateways)
    {
    }

    /**
     * Updates the services of a server entry.
     */
    public function entry(int $entryId): void
    {
        $entry = ServerEntry::find($entryId);
        $month = Carbon::now()->utc()->format('Y-m');
        foreach ($this->panels($entryId) as $override => $ids) {
            $gateway = $this->gateways->forEntry($entry, (string) $override);
            $panel = rawurlencode($gateway->panel());
            try {
                $reply = $gateway->call('GET', "/v1/panels/$panel/usage?month=$month", null, self::SECONDS);
            } catch (Unreachable $fault) {
                Text::log('the usage is not updated: ' . $fault->getMessage());
                return;
            }
            if (!$reply->ok()) {
                Text::log("the usage of the panel {$gateway->panel()} is not updated: " . $reply->problem());
                continue;
            }
            $this->write($ids, is_array($reply->body['services'] ?? null) ? $reply->body['services'] : [], $month);
        }
    }

    /**
     * The services of an entry by the panel that goes before the entry's own.
     *
     * @return array<string, list<int>>
     */
    private function panels(int $entryId): array
    {
        $found = [];
        $rows = Service::ours()->where('h.server', $entryId)->whereIn('h.domainstatus', ['Active', 'Suspended'])
            ->orderBy('h.id')->get(['h.id', 'p.' . Option::Panel->key() . ' as panel']);
        foreach ($rows as $row) {
            $found[trim((string) $row->panel)][] = (int) $row->id;
        }
        return $found;
    }

    /**
     * Writes what is known of these services, and of no others. The months of the graph are kept by the way.
     *
     * @param list<int>    $ids
     * @param array<mixed> $rows of the gateway
     */
    private function write(array $ids, array $rows, string $month): void
    {
        foreach (array_filter($rows, is_array(...)) as $row) {
            $usage = Usage::read(new Status($row));
            $id = (new Status($row))->number('service_id');
            if (!in_array($id, $ids, true)) {
                continue;
            }
            Usage::remember($id, $month, $row);
            if ($usage['complete'] && $usage['in'] !== null && $usage['out'] !== null) {
                Capsule::table('tblhosting')->where('id', $id)->update([
                    'bwusage' => intdiv($usage['in'] + $usage['out'], self::MB), 'lastupdate' => Clock::now(),
                ]);
            }
        }
    }
}
