<?php

declare(strict_types=1);

namespace WHMCS\Module\Server\Metalease\Module;

use Illuminate\Database\Query\Builder;
use Illuminate\Database\QueryException;
use Illuminate\Database\Schema\Blueprint;
use WHMCS\Database\Capsule;

defined('WHMCS') || die();

/**
 * The module's own table: what WHMCS has no column for. It is made when it is first needed.
 *
 * Nothing here decides what a service is: that is the gateway's to say.
 */
final class Records
{
    private const TABLE = 'mod_metalease';

    /** Seconds that WHMCS may take to turn a service Active after it was told. */
    private const TELLING = 30;

    /**
     * The server that an administrator named for a service; empty for any that matches.
     */
    public static function namedServer(int $serviceId): string
    {
        return self::value($serviceId, 'server_id');
    }

    /**
     * Names a server for a service before it is set up; empty takes the name back.
     */
    public static function nameServer(int $serviceId, string $serverId): void
    {
        self::put($serviceId, ['server_id' => trim($serverId)]);
    }

    /**
     * When a service was first asked for: it stands for the time of payment where nothing was paid.
     */
    public static function asked(int $serviceId): string
    {
        $at = self::askedAt($serviceId);
        if ($at === '') {
            $at = Clock::now();
            self::put($serviceId, ['asked_at' => $at]);
        }
        return $at;
    }

    /**
     * When a service was first asked for; empty when it never was.
     */
    public static function askedAt(int $serviceId): string
    {
        return self::value($serviceId, 'asked_at');
    }

    /**
     * A terminated service is asked for anew.
     */
    public static function askedAnew(int $serviceId): string
    {
        $past = ['asked_at', 'started_at', 'handed_over_at', 'ended_at', 'ending', 'notice'];
        self::put($serviceId, array_fill_keys($past, ''));
        return self::asked($serviceId);
    }

    /**
     * The gateway has the order. The entry and the panel are kept: the service's row may be deleted one day.
     */
    public static function started(int $serviceId, int $entry, string $panel): void
    {
        $at = self::value($serviceId, 'started_at') ?: Clock::now();
        self::put($serviceId, ['started_at' => $at, 'entry' => $entry, 'panel' => $panel, 'ended_at' => '']);
    }

    /**
     * WHMCS is about to be told that the service is ready. False when it was told a moment ago: each time it is told,
     * it sends a welcome mail.
     */
    public static function handOver(int $serviceId): bool
    {
        self::put($serviceId, ['ending' => '']);
        return self::table()->where('serviceid', $serviceId)->where('handed_over_at', '<', Clock::now(-self::TELLING))
            ->update(['handed_over_at' => Clock::now()]) === 1;
    }

    /**
     * Whether the client ever got a server by this module.
     */
    public static function wasHandedOver(int $serviceId): bool
    {
        return self::value($serviceId, 'handed_over_at') !== '';
    }

    /**
     * The service is over, as far as the module knows.
     */
    public static function ended(int $serviceId): void
    {
        self::put($serviceId, ['ended_at' => Clock::now(), 'ending' => '']);
    }

    /**
     * When a service was over, as far as the module knows; empty for one that was not, or that was asked for anew.
     */
    public static function endedAt(int $serviceId): string
    {
        return self::value($serviceId, 'ended_at');
    }

    /**
     * The services that are over, as a subquery.
     */
    public static function endedIds(): Builder
    {
        return self::table()->where('ended_at', '!=', '')->select('serviceid');
    }

    /**
     * The services whose order the gateway has, as a subquery.
     */
    public static function startedIds(): Builder
    {
        return self::table()->where('started_at', '!=', '')->select('serviceid');
    }

    /**
     * An end that WHMCS wants and the gateway has not taken: the cron sends it again.
     */
    public static function wantEnd(int $serviceId, string $reason): void
    {
        self::put($serviceId, ['ending' => $reason]);
    }

    /**
     * Nothing is to be ended any more.
     */
    public static function endTaken(int $serviceId): void
    {
        self::put($serviceId, ['ending' => '']);
    }

    /**
     * The ends that the gateway has not taken.
     *
     * @return array<int, object> rows by service id: ending, entry, panel
     */
    public static function wantedEnds(): array
    {
        return self::table()->where('ending', '!=', '')->orderBy('serviceid')->get()->keyBy('serviceid')->all();
    }

    /**
     * What a person should know about a service that WHMCS alone knows; empty takes it back.
     */
    public static function note(int $serviceId, string $notice): void
    {
        self::put($serviceId, ['notice' => $notice, 'notice_at' => $notice === '' ? '' : Clock::now()]);
    }

    /**
     * What a person should know about a service; empty for nothing.
     */
    public static function notice(int $serviceId): string
    {
        return self::value($serviceId, 'notice');
    }

    /**
     * An old order, which the cron does not start, was told of.
     */
    public static function list(int $serviceId): void
    {
        self::put($serviceId, ['listed_at' => Clock::now()]);
    }

    /**
     * Whether an old order was told of.
     */
    public static function listed(int $serviceId): bool
    {
        return self::value($serviceId, 'listed_at') !== '';
    }

    /**
     * Whether the module has ever had to do with a service.
     */
    public static function known(int $serviceId): bool
    {
        return self::table()->where('serviceid', $serviceId)->exists();
    }

    /**
     * The server entry and the panel by which a service was started.
     *
     * @return array{0: int, 1: string}
     */
    public static function origin(int $serviceId): array
    {
        return [(int) self::value($serviceId, 'entry'), self::value($serviceId, 'panel')];
    }

    /**
     * One value; empty when there is none.
     */
    private static function value(int $serviceId, string $column): string
    {
        return (string) self::table()->where('serviceid', $serviceId)->value($column);
    }

    /**
     * Writes values of a service.
     *
     * @param array<string, string|int> $columns
     */
    private static function put(int $serviceId, array $columns): void
    {
        try {
            self::table()->updateOrInsert(['serviceid' => $serviceId], $columns);
        } catch (QueryException) { // another request inserted the row in between
            self::table()->where('serviceid', $serviceId)->update($columns);
        }
    }

    /**
     * The table, made when it is missing.
     */
    private static function table(): Builder
    {
        if (!Capsule::schema()->hasTable(self::TABLE)) {
            try {
                Capsule::schema()->create(self::TABLE, self::columns(...));
            } catch (\Throwable $fault) {
                if (!Capsule::schema()->hasTable(self::TABLE)) { // another request was faster
                    throw $fault;
                }
            }
        }
        return Capsule::table(self::TABLE);
    }

    /**
     * The columns; times are as WHMCS writes them, empty for never.
     */
    private static function columns(Blueprint $table): void
    {
        $table->unsignedInteger('serviceid')->primary();
        $table->unsignedInteger('entry')->default(0);
        foreach (['panel', 'server_id', 'ending'] as $name) {
            $table->string($name, 191)->default('');
        }
        foreach (['asked_at', 'started_at', 'handed_over_at', 'ended_at', 'listed_at', 'notice_at'] as $name) {
            $table->string($name, 19)->default('');
        }
        $table->string('notice', 500)->default('');
    }
}
