<?php

declare(strict_types=1);

namespace WHMCS\Module\Server\Metalease\Module;

use Illuminate\Database\Query\Builder;
use Illuminate\Database\QueryException;
use Illuminate\Database\Schema\Blueprint;
use WHMCS\Database\Capsule;

defined('WHMCS') || die();

/**
 * What was paid or lifted while the gateway was not there to take it: the cron says it again. Blocks are not kept:
 * WHMCS's own cron asks for them every day, and staff see that theirs failed.
 */
final class Untold
{
    private const TABLE = 'mod_metalease_untold';

    /** Signals that are kept. */
    private const KEPT = ['renew', 'unsuspend'];

    /** Signal that arrived => what need not be said again. */
    private const SETTLES = [
        'renew' => ['renew'], 'unsuspend' => ['unsuspend'],
        'suspend' => ['unsuspend'], 'expire' => ['renew', 'unsuspend'],
    ];

    /**
     * A signal did not arrive, as far as is known.
     */
    public static function add(int $serviceId, string $signal): void
    {
        if (in_array($signal, self::KEPT, true)) {
            try {
                $row = ['serviceid' => $serviceId, 'sent' => $signal];
                self::table()->updateOrInsert($row, ['at' => Clock::now()]);
            } catch (QueryException) { // another request inserted the row in between
                return;
            }
        }
    }

    /**
     * A signal arrived.
     */
    public static function arrived(int $serviceId, string $signal): void
    {
        if (isset(self::SETTLES[$signal]) && Capsule::schema()->hasTable(self::TABLE)) {
            self::table()->where('serviceid', $serviceId)->whereIn('sent', self::SETTLES[$signal])->delete();
        }
    }

    /**
     * Nothing is to be said of a service any more.
     */
    public static function forget(int $serviceId): void
    {
        self::table()->where('serviceid', $serviceId)->delete();
    }

    /**
     * What is to be said again, by service: unsuspend where both are, for it renews as well.
     *
     * @return array<int, string>
     */
    public static function all(): array
    {
        $rows = Capsule::schema()->hasTable(self::TABLE) ? self::table()->orderBy('sent')->get() : [];
        $all = [];
        foreach ($rows as $row) {
            $all[(int) $row->serviceid] = (string) $row->sent;
        }
        return $all;
    }

    /**
     * The table, made when it is missing.
     */
    private static function table(): Builder
    {
        if (!Capsule::schema()->hasTable(self::TABLE)) {
            try {
                Capsule::schema()->create(self::TABLE, static function (Blueprint $table): void {
                    $table->unsignedInteger('serviceid');
                    $table->string('sent', 20);
                    $table->string('at', 19)->default('');
                    $table->primary(['serviceid', 'sent']);
                });
            } catch (\Throwable $fault) {
                if (!Capsule::schema()->hasTable(self::TABLE)) { // another request was faster
                    throw $fault;
                }
            }
        }
        return Capsule::table(self::TABLE);
    }
}
