<?php

declare(strict_types=1);

namespace Host;

/**
 * A MariaDB of its own, on a socket in its folder: no network, no accounts, and no care for power cuts. Whoever starts it
 * ends it with its process group.
 */
final class MariaDB
{
    /** Seconds that it may take to answer, on a machine that builds on all cores meanwhile. */
    private const PATIENCE = 60;

    /** @var resource the process; PHP would wait for its end when this went away */
    private static $process;

    /**
     * Starts the server on a folder, which may hold its data already.
     *
     * @return string the socket
     */
    public static function start(string $folder): string
    {
        if (!is_dir($folder . '/data')) {
            mkdir($folder . '/data', 0700, true);
        }
        $socket = $folder . '/socket';
        $log = ['file', $folder . '/mariadb.log', 'a'];
        $process = proc_open([
            self::program(), '--no-defaults', '--datadir=' . $folder . '/data', '--socket=' . $socket, '--pid-file=' . $folder . '/pid',
            '--user=' . posix_getpwuid(posix_geteuid())['name'], '--skip-networking', '--skip-grant-tables', '--skip-log-bin',
            '--performance-schema=OFF', '--innodb-buffer-pool-size=32M', '--innodb-log-file-size=16M', '--innodb-flush-log-at-trx-commit=0',
            '--innodb-doublewrite=OFF', '--innodb-flush-method=nosync', '--innodb-file-per-table=OFF', '--sync-frm=OFF', '--key-buffer-size=1M', '--aria-pagecache-buffer-size=1M', '--max-connections=200',
            // WHMCS wants no mode at all: what does not fit is cut, what is missing is empty, and 0000-00-00 is a date.
            '--sql-mode=', '--character-set-server=utf8mb3', '--collation-server=utf8mb3_unicode_ci',
        ], [['file', '/dev/null', 'r'], $log, $log], $pipes);
        if ($process === false) {
            throw new \RuntimeException('MariaDB did not start');
        }
        self::$process = $process;
        for ($until = microtime(true) + self::PATIENCE; !self::answers($socket); usleep(50_000)) {
            if (microtime(true) > $until || !proc_get_status($process)['running']) {
                throw new \RuntimeException('MariaDB does not answer, see ' . $log[1]);
            }
        }
        return $socket;
    }

    /**
     * The server program; Debian keeps it where only administrators look.
     */
    private static function program(): string
    {
        foreach ([...explode(':', (string) getenv('PATH')), '/usr/sbin', '/usr/libexec'] as $folder) {
            foreach (['mariadbd', 'mysqld'] as $name) {
                if (is_executable("$folder/$name")) {
                    return "$folder/$name";
                }
            }
        }
        throw new \RuntimeException('There is no mariadbd: install mariadb-server');
    }

    private static function answers(string $socket): bool
    {
        try {
            return file_exists($socket) && new \PDO('mysql:unix_socket=' . $socket) instanceof \PDO;
        } catch (\PDOException) {
            return false;
        }
    }
}
