<?php

declare(strict_types=1);

namespace WHMCS\Module\Server\Metalease\Running;

use Carbon\Carbon;
use Illuminate\Database\QueryException;
use Illuminate\Database\Schema\Blueprint;
use WHMCS\Database\Capsule;

defined('WHMCS') || die();

/**
 * What the module keeps for a while about a running server, by service and name: a password that is on its way, facts
 * that were read, clicks that were made. Losing it costs a read, or a password that is typed once more.
 */
final class Kept
{
    private const TABLE = 'mod_metalease_kept';

    /**
     * @param string $value what is kept
     * @param int    $at    unix seconds
     */
    private function __construct(public readonly string $value, public readonly int $at)
    {
    }

    /**
     * What is kept by a name; null for nothing.
     */
    public static function find(int $serviceId, string $name): ?self
    {
        $row = Capsule::schema()->hasTable(self::TABLE) ? self::rows($serviceId, $name)->first() : null;
        return $row === null ? null : new self((string) $row->value, (int) $row->at);
    }

    /**
     * Keeps a text in place of what was kept by that name.
     */
    public static function put(int $serviceId, string $name, string $value): void
    {
        self::make();
        $columns = ['value' => $value, 'at' => self::now()];
        if (self::rows($serviceId, $name)->update($columns) === 0 && !self::add($serviceId, $name, $value)) {
            self::rows($serviceId, $name)->update($columns); // another request was faster
        }
    }

    /**
     * Keeps a text where nothing is kept by that name; false where something is.
     */
    public static function add(int $serviceId, string $name, string $value): bool
    {
        self::make();
        try {
            $row = ['serviceid' => $serviceId, 'name' => $name, 'value' => $value, 'at' => self::now()];
            return Capsule::table(self::TABLE)->insert($row);
        } catch (QueryException $fault) {
            return self::rows($serviceId, $name)->exists() ? false : throw $fault;
        }
    }

    /**
     * Changes a text, unless it is another one by now.
     */
    public function replace(int $serviceId, string $name, string $value): bool
    {
        return self::rows($serviceId, $name)->where('value', $this->value)->update(['value' => $value]) === 1;
    }

    /**
     * Keeps nothing by that name any more.
     */
    public static function drop(int $serviceId, string $name): void
    {
        if (Capsule::schema()->hasTable(self::TABLE)) {
            self::rows($serviceId, $name)->delete();
        }
    }

    /**
     * Seconds since it was kept.
     */
    public function age(): int
    {
        return max(0, self::now() - $this->at);
    }

    /**
     * What is kept as JSON; an empty list for what is none.
     *
     * @return array<mixed>
     */
    public function json(): array
    {
        $value = json_decode($this->value, true, 16);
        return is_array($value) ? $value : [];
    }

    /**
     * The row of a name.
     */
    private static function rows(int $serviceId, string $name): \Illuminate\Database\Query\Builder
    {
        return Capsule::table(self::TABLE)->where('serviceid', $serviceId)->where('name', $name);
    }

    /**
     * The present, in unix seconds.
     */
    private static function now(): int
    {
        return (int) Carbon::now()->getTimestamp();
    }

    /**
     * Makes the table when it is missing.
     */
    private static function make(): void
    {
        if (Capsule::schema()->hasTable(self::TABLE)) {
            return;
        }
        try {
            Capsule::schema()->create(self::TABLE, static function (Blueprint $table): void {
                $table->unsignedInteger('serviceid');
                $table->string('name', 64);
                $table->mediumText('value');
                $table->unsignedBigInteger('at');
                $table->primary(['serviceid', 'name']);
            });
        } catch (\Throwable $fault) {
            if (!Capsule::schema()->hasTable(self::TABLE)) { // another request was faster
                throw $fault;
            }
        }
    }
}
