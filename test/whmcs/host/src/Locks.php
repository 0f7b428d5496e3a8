<?php

declare(strict_types=1);

namespace Host;

/**
 * MySQL's GET_LOCK and RELEASE_LOCK, by files.
 */
final class Locks
{
    /** @var array<string, resource> */
    private static array $held = [];

    /**
     * Gives a connection both functions.
     */
    public static function offer(\PDO $pdo): void
    {
        $pdo->sqliteCreateFunction('GET_LOCK', [self::class, 'take'], 2);
        $pdo->sqliteCreateFunction('RELEASE_LOCK', [self::class, 'release'], 1);
    }

    /**
     * Takes a lock within some seconds: 1, or 0 when another holds it for longer.
     */
    public static function take(string $name, int|float $seconds): int
    {
        $file = fopen(HOST_STATE . '/lock-' . md5($name), 'c');
        for ($until = microtime(true) + $seconds; !flock($file, LOCK_EX | LOCK_NB); usleep(20_000)) {
            if (microtime(true) >= $until) {
                return 0;
            }
        }
        self::$held[$name] = $file;
        return 1;
    }

    /**
     * Gives a lock back: 1, or 0 when it was not held.
     */
    public static function release(string $name): int
    {
        if (!isset(self::$held[$name])) {
            return 0;
        }
        fclose(self::$held[$name]);
        unset(self::$held[$name]);
        return 1;
    }
}
