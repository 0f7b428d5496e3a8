<?php

declare(strict_types=1);

namespace MetaleaseTest;

use Illuminate\Container\Container;
use WHMCS\Database\Capsule;

/**
 * A WHMCS with a server entry and a product of the module, to which tests add orders.
 */
final class Shop
{
    public const ENTRY = 1;
    public const PRODUCT = 1;

    /**
     * An empty database with the entry and the product.
     *
     * @param int|null $port of the gateway; the fake one's when null
     */
    public static function open(?int $port = null): void
    {
        $capsule = new Capsule(new Container());
        $capsule->addConnection(['driver' => 'sqlite', 'database' => ':memory:']);
        $capsule->setAsGlobal();
        $capsule->bootEloquent();
        Capsule::connection()->getPdo()->exec(\Host\Schema::forSqlite());
        Capsule::table('tblservers')->insert([
            'id' => self::ENTRY, 'name' => 'Frankfurt', 'type' => 'metalease', 'hostname' => '127.0.0.1', 'port' => $port ?? FakeGateway::port(),
            'username' => 'fra1', 'password' => encrypt(FakeGateway::SECRET),
        ]);
        Capsule::table('tblproducts')->insert([
            'id' => self::PRODUCT, 'name' => 'Server', 'servertype' => 'metalease', 'paytype' => 'recurring',
            'configoption1' => 'E3-16G', 'configoption2' => 'ISPsystem__Debian-12', 'configoption5' => 's@ID@.example.com',
        ]);
        Capsule::table('tblconfiguration')->insert(['setting' => 'MetaleaseActivated', 'value' => '2026-01-01 00:00:00']);
    }

    /**
     * A paid order with one service; the columns given go first. An order of the invoice 0 has none.
     *
     * @param array<string, mixed> $service columns of tblhosting
     * @param array<string, mixed> $order   columns of tblorders
     * @param array<string, mixed> $invoice columns of tblinvoices
     */
    public static function order(array $service = [], array $order = [], array $invoice = []): int
    {
        $invoiceId = Capsule::table('tblinvoices')->insertGetId($invoice + ['status' => 'Paid', 'datepaid' => '2026-02-01 09:30:00', 'total' => '50.00']);
        $orderId = Capsule::table('tblorders')->insertGetId($order + ['invoiceid' => $invoiceId, 'date' => '2026-02-01 09:00:00', 'amount' => '50.00', 'userid' => 7]);
        $id = (int) Capsule::table('tblhosting')->insertGetId($service + [
            'orderid' => $orderId, 'userid' => 7, 'packageid' => self::PRODUCT, 'server' => self::ENTRY, 'domain' => 'ordered.example.com',
            'username' => 'cust7', 'password' => encrypt('Old-Passw0rd'), 'nextduedate' => '2026-03-01', 'billingcycle' => 'Monthly', 'domainstatus' => 'Pending',
        ]);
        if (($order['invoiceid'] ?? $invoiceId) !== 0) {
            Capsule::table('tblinvoiceitems')->insert(['invoiceid' => $invoiceId, 'type' => 'Hosting', 'relid' => $id]);
        }
        return $id;
    }

    /**
     * A configurable option that the client chose: a number is a quantity.
     */
    public static function choose(int $service, string $name, int|string $choice, string $price = '0.00'): void
    {
        $config = Capsule::table('tblproductconfigoptions')->insertGetId(['optionname' => $name, 'optiontype' => is_int($choice) ? '4' : '1']);
        $sub = Capsule::table('tblproductconfigoptionssub')->insertGetId(['configid' => $config, 'optionname' => is_int($choice) ? $name : $choice]);
        Capsule::table('tblhostingconfigoptions')->insert(['relid' => $service, 'configid' => $config, 'optionid' => $sub, 'qty' => is_int($choice) ? $choice : 0]);
        Capsule::table('tblpricing')->insert(['type' => 'configoptions', 'relid' => $sub, 'monthly' => $price]);
    }

    /**
     * Changes a row.
     *
     * @param array<string, mixed> $columns
     */
    public static function change(string $table, int $id, array $columns): void
    {
        Capsule::table($table)->where('id', $id)->update($columns);
    }

    /**
     * A row of tblhosting.
     */
    public static function service(int $id): object
    {
        return Capsule::table('tblhosting')->where('id', $id)->first();
    }
}
