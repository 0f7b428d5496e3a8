<?php

/**
 * Registers the events of WHMCS that matter to metalease. It is read on every request, by includes/hooks/metalease.php.
 */

declare(strict_types=1);

use WHMCS\Module\Server\Metalease\Gateway\Budget;
use WHMCS\Module\Server\Metalease\Gateway\Gateways;
use WHMCS\Module\Server\Metalease\Hooks\Cron;
use WHMCS\Module\Server\Metalease\Hooks\Ending;
use WHMCS\Module\Server\Metalease\Hooks\Events;
use WHMCS\Module\Server\Metalease\Hooks\ModuleQueue;
use WHMCS\Module\Server\Metalease\Hooks\Starting;
use WHMCS\Module\Server\Metalease\Hooks\Upgrade;
use WHMCS\Module\Server\Metalease\Hooks\WelcomeMail;
use WHMCS\Module\Server\Metalease\Module\Credentials;
use WHMCS\Module\Server\Metalease\Module\Guard;

defined('WHMCS') || die('This file cannot be accessed directly');

require_once __DIR__ . '/autoload.php';

(static function (): void {
    // What the events run on; made when one comes.
    $events = static function (): Events {
        $gateways = new Gateways(Budget::ofRequest()); // somebody waits for the page, or a payment for its answer
        return new Events(new Starting($gateways), new Ending($gateways));
    };
    $cron = static fn (): Cron => new Cron(new Gateways(), new Ending(new Gateways()));

    /** Registers a function that answers nothing. */
    $on = static function (string $point, callable $function): void {
        add_hook($point, 1, static function (mixed $vars) use ($function): void {
            Guard::hook(static fn () => $function((array) $vars));
        });
    };

    // What starts a service.
    $on('OrderPaid', static fn (array $vars) => $events()->orderPaid($vars));
    $on('InvoicePaid', static fn (array $vars) => $events()->invoicePaid($vars));
    $on('AcceptOrder', static fn (array $vars) => $events()->orderAccepted($vars));
    $on('PreShoppingCartCheckout', static fn () => $events()->used());
    $on('AfterCronJob', static fn () => $cron()->run());

    // What ends one that is not handed over, and needs attention after that.
    $on('CancelOrder', static fn (array $vars) => $events()->orderEnds($vars, 'cancelled'));
    $on('FraudOrder', static fn (array $vars) => $events()->orderEnds($vars, 'marked as fraud'));
    $on('CancelAndRefundOrder', static fn (array $vars) => $events()->orderEnds($vars, 'cancelled and refunded'));
    $on('DeleteOrder', static fn (array $vars) => $events()->orderEnds($vars, 'deleted'));
    $on('ServiceDelete', static fn (array $vars) => $events()->serviceDeleted($vars));
    $on('InvoiceRefunded', static fn (array $vars) => $events()->invoiceRefunded($vars));

    // What was done makes rows of the module queue pointless.
    $on('AfterModuleCreate', static fn () => ModuleQueue::complete());
    $did = static fn (string ...$functions): callable => static function (array $vars) use ($functions): void {
        if (($vars['params']['moduletype'] ?? '') === 'metalease') {
            ModuleQueue::did((int) ($vars['params']['serviceid'] ?? 0), ...$functions);
        }
    };
    $on('AfterModuleSuspend', $did('SuspendAccount', 'UnsuspendAccount'));
    $on('AfterModuleUnsuspend', $did('SuspendAccount', 'UnsuspendAccount'));
    $all = ['CreateAccount', 'SuspendAccount', 'UnsuspendAccount', 'TerminateAccount', 'Renew'];
    $on('AfterModuleTerminate', $did(...$all));

    add_hook('OverrideModuleUsernameGeneration', 1, static function (mixed $vars): ?string {
        $params = (array) (((array) $vars)['params'] ?? []);
        $ours = ($params['moduletype'] ?? '') === 'metalease';
        return $ours ? Credentials::username((int) ($params['serviceid'] ?? 0)) : null;
    });
    add_hook('ShoppingCartValidateProductUpdate', 1, static function (mixed $vars) use ($events): array {
        return Guard::value(static fn () => $events()->configured((array) $vars), static fn () => []);
    });
    add_hook('ShoppingCartValidateCheckout', 1, static function () use ($events): array {
        return Guard::value(static fn () => $events()->checkedOut(), static fn () => []);
    });

    add_hook('ClientAreaPageUpgrade', 1, static function (mixed $vars): array {
        return Guard::value(static fn () => Upgrade::page((array) $vars, $_REQUEST), static fn () => []);
    });
    // No hook comes between the form of an upgrade and its invoice, so the form is looked at before WHMCS does.
    $elsewhere = Guard::value(static fn () => Upgrade::refusal($_SERVER, $_POST + $_GET), static fn () => '');
    if ($elsewhere !== '') {
        header("Location: $elsewhere", true, 303);
        exit;
    }

    add_hook('EmailPreSend', 1, static function (mixed $vars): array {
        return Guard::value(static fn () => WelcomeMail::fields((array) $vars), static fn () => []);
    });
})();
