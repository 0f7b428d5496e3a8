<?php

declare(strict_types=1);

namespace Host;

/**
 * A new WHMCS root: the module copied into it, and a database as it is after the installation.
 */
final class Install
{
    /**
     * Prepares a state folder; one that is prepared already keeps its database.
     *
     * @param string $state  folder of this WHMCS
     * @param string $module the tree that a host unpacks in its WHMCS root
     */
    public static function into(string $state, string $module): void
    {
        foreach (['root', 'root/includes/hooks', 'sessions', 'templates_c'] as $folder) {
            if (!is_dir($state . '/' . $folder)) {
                mkdir($state . '/' . $folder, 0700, true);
            }
        }
        self::copyTree($module, $state . '/root');
        $boot = var_export(dirname(__DIR__) . '/boot.php', true);
        file_put_contents($state . '/root/init.php', "<?php\n\nrequire " . $boot . ";\n");
        $pdo = Database::server();
        $name = Database::name($state);
        if ($pdo->query("SHOW DATABASES LIKE '$name'")->fetch() === false) {
            $charset = Database::charset();
            $pdo->exec("CREATE DATABASE `$name` CHARACTER SET $charset COLLATE {$charset}_unicode_ci");
            $pdo->exec("USE `$name`");
            $pdo->exec("SET NAMES $charset");
            array_map([$pdo, 'exec'], Schema::statements());
            self::fill($pdo);
        }
    }

    /**
     * What every WHMCS has before anybody touches it.
     */
    private static function fill(\PDO $pdo): void
    {
        $settings = [
            'SystemURL' => (string) getenv('WHMCS_URL'), 'Version' => '8.13.1-release.1', 'TimeZone' => 'UTC', 'CompanyName' => 'Test Host', 'Template' => 'twenty-one',
            'AutoSuspension' => 'on', 'AutoSuspensionDays' => '0', 'AutoUnsuspend' => 'on', 'AutoTermination' => '', 'AutoTerminationDays' => '30',
            'AutoCancellationRequests' => 'on', 'HostKey' => bin2hex(random_bytes(32)), 'HostClockDays' => '0',
            'ApiIdentifier' => (string) getenv('WHMCS_IDENTIFIER'), 'ApiSecret' => (string) getenv('WHMCS_SECRET'),
        ];
        $insert = $pdo->prepare('INSERT INTO tblconfiguration (setting, value) VALUES (?, ?)');
        foreach ($settings as $name => $value) {
            $insert->execute([$name, $value]);
        }
        $pdo->exec("INSERT INTO tbladmins (username, firstname, lastname, email) VALUES ('admin', 'Ada', 'Admin', 'admin@example.com')");
        $pdo->exec("INSERT INTO tblproductgroups (name, slug) VALUES ('Dedicated Servers', 'dedicated-servers')");
        $pdo->exec("INSERT INTO tblticketdepartments (name, email) VALUES ('Support', 'support@example.com')");
        $pdo->exec("INSERT INTO tblcurrencies (code, prefix, suffix, `default`) VALUES ('USD', '$', ' USD', 1), ('EUR', '', ' EUR', 0)");
        $pdo->exec("INSERT INTO tblpaymentgateways (gateway, setting, value) VALUES ('banktransfer', 'name', 'Bank Transfer'), ('stripe', 'name', 'Credit Card')");
        $pdo->exec("INSERT INTO tblemailtemplates (type, name) VALUES ('product', 'Dedicated/VPS Server Welcome Email')");
        // The numbers of a WHMCS with a past: a service is told apart from an order by its number.
        foreach (['tblclients' => 10, 'tblorders' => 500, 'tblinvoices' => 700, 'tblhosting' => 100] as $table => $last) {
            $pdo->exec("ALTER TABLE $table AUTO_INCREMENT = " . ($last + 1));
        }
    }

    /**
     * Copies a folder with everything in it.
     */
    private static function copyTree(string $from, string $to): void
    {
        $entries = new \RecursiveIteratorIterator(
            new \RecursiveDirectoryIterator($from, \FilesystemIterator::SKIP_DOTS),
            \RecursiveIteratorIterator::SELF_FIRST
        );
        foreach ($entries as $entry) {
            $target = $to . '/' . $entries->getSubPathname();
            if (!$entry->isDir()) {
                copy($entry->getPathname(), $target);
            } elseif (!is_dir($target)) {
                mkdir($target, 0700, true);
            }
        }
    }
}
