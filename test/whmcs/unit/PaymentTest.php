<?php

declare(strict_types=1);

namespace MetaleaseTest;

use WHMCS\Database\Capsule;
use WHMCS\Module\Server\Metalease\Gateway\Gateways;
use WHMCS\Module\Server\Metalease\Hooks\Cron;
use WHMCS\Module\Server\Metalease\Hooks\Ending;
use WHMCS\Module\Server\Metalease\Module\Payment;
use WHMCS\Module\Server\Metalease\Module\Service;

require_once __DIR__ . '/bootstrap.php';

/**
 * Paid is what invoices say of a service, whichever of them.
 */
final class PaymentTest extends ModuleCase
{
    public static function setUpBeforeClass(): void
    {
        require_once __DIR__ . '/../../../whmcs/module/includes/hooks/metalease.php';
    }

    /**
     * Adds an invoice with one item.
     */
    private static function invoice(string $status, string $type, int $about, string $paid = '2026-02-03 10:00:00'): int
    {
        $id = (int) Capsule::table('tblinvoices')->insertGetId(['status' => $status, 'date' => '2026-02-02', 'datepaid' => $status === 'Paid' ? $paid : '0000-00-00 00:00:00', 'total' => '50.00']);
        Capsule::table('tblinvoiceitems')->insert(['invoiceid' => $id, 'type' => $type, 'relid' => $about]);
        return $id;
    }

    /**
     * @dataProvider ways
     * @param callable(int): int $then what happens to the order; its last invoice
     */
    public function testAPaymentIsFoundHoweverItCame(array $order, array $invoice, callable $then, string $paid): void
    {
        $id = Shop::order([], $order, $invoice);
        $last = $then($id);
        $this->assertSame($paid, Payment::at(Service::find($id)));
        foreach (['InvoicePaid' => ['invoiceid' => $last], 'AfterCronJob' => []] as $point => $vars) {
            FakeGateway::answers(['POST /v1/services' => [201, []]]);
            foreach (Remembered::$hooks[$point] as $hook) {
                $hook($vars);
            }
            $this->assertSame($paid === '' ? 0 : 1, count(array_keys(self::calls(), 'POST /v1/services', true)), $point);
        }
        if ($paid !== '') {
            $this->assertSame(gmdate('Y-m-d\TH:i:s\Z', (int) strtotime($paid)), $this->body('POST /v1/services')['paid_at']);
        }
    }

    /**
     * @return array<string, array{0: array<string, mixed>, 1: array<string, mixed>, 2: callable, 3: string}>
     */
    public static function ways(): array
    {
        $unpaid = ['status' => 'Unpaid', 'datepaid' => '0000-00-00 00:00:00'];
        $move = static function (int $service, int $to): void {
            Capsule::table('tblinvoiceitems')->where('relid', $service)->where('type', 'Hosting')->update(['invoiceid' => $to]);
        };
        return [
            'cancelled and issued anew' => [[], ['status' => 'Cancelled'] + $unpaid, static fn (int $id) => self::invoice('Paid', 'Hosting', $id), '2026-02-03 10:00:00'],
            'issued anew, and not paid' => [[], ['status' => 'Cancelled'] + $unpaid, static fn (int $id) => self::invoice('Unpaid', 'Hosting', $id), ''],
            'ordered without an invoice, billed later' => [['invoiceid' => 0], $unpaid, static fn (int $id) => self::invoice('Paid', 'Hosting', $id), '2026-02-03 10:00:00'],
            'ordered without an invoice, billed, not paid' => [['invoiceid' => 0, 'amount' => '0.00', 'status' => 'Active'], $unpaid, static fn (int $id) => self::invoice('Unpaid', 'Hosting', $id), ''],
            'many invoices in one payment' => [[], $unpaid, static fn (int $id) => self::invoice('Paid', 'Invoice', 1), '2026-02-03 10:00:00'],
            'many invoices in one, of which this was cancelled' => [[], ['status' => 'Cancelled'] + $unpaid, static fn (int $id) => self::invoice('Paid', 'Invoice', 1), ''],
            'many invoices in one that is not paid' => [[], $unpaid, static fn (int $id) => self::invoice('Unpaid', 'Invoice', 1), ''],
            'merged into another invoice' => [[], ['status' => 'Cancelled'] + $unpaid, static function (int $id) use ($move): int {
                $move($id, $to = self::invoice('Paid', 'Item', 0));
                return $to;
            }, '2026-02-03 10:00:00'],
            'split off, and not paid' => [[], [], static function (int $id) use ($move): int {
                $move($id, $to = self::invoice('Unpaid', 'Item', 0));
                return $to;
            }, ''],
            'paid by credit' => [[], ['total' => '0.00'], static fn () => 1, '2026-02-01 09:30:00'],
            'paid in part' => [[], $unpaid, static fn () => 1, ''],
            'on its way' => [[], ['status' => 'Payment Pending'] + $unpaid, static fn () => 1, ''],
            'no date of payment' => [[], ['datepaid' => '0000-00-00 00:00:00', 'date' => '2026-02-01'], static fn () => 1, '2026-02-01'],
            'a renewal changes nothing' => [[], [], static fn (int $id) => self::invoice('Paid', 'Hosting', $id, '2026-03-01 10:00:00'), '2026-02-01 09:30:00'],
            'an invoice that names no service' => [[], [], static function (int $id): int {
                Capsule::table('tblinvoiceitems')->delete();
                return 1;
            }, '2026-02-01 09:30:00'],
            'another service was paid' => [[], $unpaid, static fn (int $id) => self::invoice('Paid', 'Hosting', $id + 1), ''],
            'an upgrade of the same number' => [[], $unpaid, static fn (int $id) => self::invoice('Paid', 'Upgrade', $id), ''],
        ];
    }
}
