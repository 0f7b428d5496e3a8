<?php

declare(strict_types=1);

namespace Host;

use Illuminate\Database\Connection;
use WHMCS\Database\Capsule;

/**
 * The database of this WHMCS: one of those that a MariaDB holds.
 */
final class Database
{
    /**
     * Its name, by the state folder: several hosts may share a server.
     */
    public static function name(string $state): string
    {
        return 'whmcs_' . substr(md5((string) realpath($state)), 0, 12);
    }

    /**
     * What WHMCS's configuration.php calls $mysql_charset: utf8, of three bytes, unless somebody has changed it.
     */
    public static function charset(): string
    {
        return getenv('WHMCS_DB_CHARSET') ?: 'utf8';
    }

    /**
     * A connection to the server, to make the database.
     */
    public static function server(): \PDO
    {
        return new \PDO('mysql:unix_socket=' . getenv('WHMCS_DB_SOCKET'), null, null, [\PDO::ATTR_ERRMODE => \PDO::ERRMODE_EXCEPTION]);
    }

    /**
     * Connects Capsule.
     */
    public static function connect(string $state): void
    {
        Connection::resolverFor('mysql', static fn (...$of) => new Queries(...$of));
        $capsule = new Capsule();
        $capsule->addConnection([
            'driver' => 'mysql', 'unix_socket' => getenv('WHMCS_DB_SOCKET'), 'database' => self::name($state), 'username' => '', 'password' => '',
            'charset' => self::charset(), 'collation' => self::charset() . '_unicode_ci', 'modes' => [], 'prefix' => '',
        ]);
        $capsule->setAsGlobal();
        $capsule->bootEloquent();
    }
}
