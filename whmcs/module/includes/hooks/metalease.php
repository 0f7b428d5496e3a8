<?php

/**
 * The events of WHMCS that matter to metalease. This file is read on every request: it only registers.
 */

declare(strict_types=1);

use WHMCS\Module\Server\Metalease\Hooks\Cron;
use WHMCS\Module\Server\Metalease\Hooks\Events;
use WHMCS\Module\Server\Metalease\Module\Credentials;
use WHMCS\Module\Server\Metalease\Module\Guard;

defined('WHMCS') || die('This file cannot be accessed directly');

(static function (string $autoload): void {
    if (!is_file($autoload)) {
        return; // the module was removed, and this file was left behind
    }
    require_once $autoload;

    /** Registers a function that answers nothing. */
    $on = static function (string $point, callable $function): void {
        add_hook($point, 1, static function (mixed $vars) use ($function): void {
            Guard::hook(static fn () => $function((array) $vars));
        });
    };

    // What starts a service.
    $on('OrderPaid', static fn (array $vars) => Events::orderPaid($vars));
    $on('InvoicePaid', static fn (array $vars) => Events::invoicePaid($vars));
    $on('AcceptOrder', static fn (array $vars) => Events::orderAccepted($vars));
    $on('PreShoppingCartCheckout', static fn () => Events::used());
    $on('AfterCronJob', static fn () => Cron::run());

    // What ends one that is not handed over, and needs attention after that.
    $on('CancelOrder', static fn (array $vars) => Events::orderEnds($vars, 'cancelled'));
    $on('FraudOrder', static fn (array $vars) => Events::orderEnds($vars, 'marked as fraud'));
    $on('CancelAndRefundOrder', static fn (array $vars) => Events::orderEnds($vars, 'cancelled and refunded'));
    $on('DeleteOrder', static fn (array $vars) => Events::orderEnds($vars, 'deleted'));
    $on('ServiceDelete', static fn (array $vars) => Events::serviceDeleted($vars));
    $on('InvoiceRefunded', static fn (array $vars) => Events::invoiceRefunded($vars));

    $on('AfterModuleCreate', static fn () => Cron::completeQueue());

    add_hook('OverrideModuleUsernameGeneration', 1, static function (mixed $vars): ?string {
        $params = (array) (((array) $vars)['params'] ?? []);
        $ours = ($params['moduletype'] ?? '') === 'metalease';
        return $ours ? Credentials::username((int) ($params['serviceid'] ?? 0)) : null;
    });
    add_hook('ClientAreaPageUpgrade', 1, static function (mixed $vars): array {
        return Guard::value(static fn () => Events::upgradePage((array) $vars), static fn () => []);
    });
})(dirname(__DIR__, 2) . '/modules/servers/metalease/autoload.php');
