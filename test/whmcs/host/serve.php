<?php

/**
 * php serve.php ADDRESS STATE_DIR MODULE_TREE
 *
 * Unpacks the module into a new WHMCS root, as a host does, and serves it until
 * standard input ends: so that no worker outlives the test that started it. It
 * ends the process group that it leads. What PHP complains about is in php.log of
 * the state folder.
 *
 * WHMCS_DB_SOCKET is the socket of a MariaDB that runs already; without it one is
 * started in the state folder.
 */

declare(strict_types=1);

[, $address, $state, $module] = $argv + [1 => '127.0.0.1:8080', 2 => sys_get_temp_dir() . '/whmcs', 3 => __DIR__ . '/../../../whmcs/module'];
foreach (['Database', 'Install', 'MariaDB', 'Schema', 'Tether'] as $class) {
    require __DIR__ . "/src/$class.php";
}

Host\Tether::hold();
try {
    putenv('WHMCS_STATE=' . $state);
    putenv('WHMCS_DB_SOCKET=' . (getenv('WHMCS_DB_SOCKET') ?: Host\MariaDB::start($state . '/mariadb')));
    putenv('PHP_CLI_SERVER_WORKERS=' . (getenv('PHP_CLI_SERVER_WORKERS') ?: '4'));
    Host\Install::into($state, $module);
    $server = proc_open(
        [PHP_BINARY, '-d', 'display_errors=0', '-d', 'log_errors=1', '-d', 'error_log=' . $state . '/php.log', '-q', '-S', $address,
            '-t', $state . '/root', __DIR__ . '/router.php'],
        [0 => ['file', '/dev/null', 'r'], 1 => STDOUT, 2 => STDERR],
        $pipes
    );
} catch (Throwable $fault) {
    fwrite(STDERR, $fault->getMessage() . "\n");
    Host\Tether::cut();
}
Host\Tether::wait();
