<?php

/**
 * php mariadb.php FOLDER
 *
 * Runs a MariaDB for several test hosts until standard input ends, and says "ready" when FOLDER/socket answers.
 */

declare(strict_types=1);

require __DIR__ . '/src/MariaDB.php';
require __DIR__ . '/src/Tether.php';

Host\Tether::hold();
Host\MariaDB::start($argv[1]);
echo "ready\n";
Host\Tether::wait();
