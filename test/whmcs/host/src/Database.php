<?php

declare(strict_types=1);

namespace Host;

use Illuminate\Container\Container;
use Illuminate\Database\Connection;
use WHMCS\Database\Capsule;

/**
 * The database: Illuminate over SQLite, shared by several server processes.
 */
final class Database
{
    /**
     * Connects Capsule to a file.
     */
    public static function connect(string $file): void
    {
        $container = new Container();
        $container->bind('db.connector.sqlite', static fn () => new Connector());
        Connection::resolverFor('sqlite', static fn (...$of) => new Queries(...$of));
        $capsule = new Capsule($container);
        $capsule->addConnection(['driver' => 'sqlite', 'database' => $file]);
        $capsule->setAsGlobal();
        $capsule->bootEloquent();
    }
}
