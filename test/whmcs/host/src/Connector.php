<?php

declare(strict_types=1);

namespace Host;

use Illuminate\Database\Connectors\ConnectorInterface;

/**
 * Opens the SQLite file in a way that bears several writers.
 */
final class Connector implements ConnectorInterface
{
    /**
     * @param array<string, mixed> $config the connection's configuration
     */
    public function connect(array $config): \PDO
    {
        $pdo = new SharedFile('sqlite:' . $config['database'], null, null, [
            \PDO::ATTR_ERRMODE => \PDO::ERRMODE_EXCEPTION,
            \PDO::ATTR_STRINGIFY_FETCHES => false,
            \PDO::ATTR_TIMEOUT => 20,
        ]);
        $pdo->exec('PRAGMA busy_timeout = 20000');
        $pdo->exec('PRAGMA synchronous = OFF');
        Locks::offer($pdo);
        return $pdo;
    }
}
