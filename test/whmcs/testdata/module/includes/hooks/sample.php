<?php

/**
 * Writes each hook that it hears to the activity log.
 */

declare(strict_types=1);

defined('WHMCS') || die('This file cannot be accessed directly');

foreach (['OrderPaid', 'InvoicePaid', 'AcceptOrder', 'CancelOrder', 'AfterShoppingCartCheckout', 'AfterModuleCreate', 'AfterModuleCreateFailed', 'AfterCronJob'] as $point) {
    add_hook($point, 1, static function (array $vars) use ($point): void {
        logActivity("hook $point " . json_encode(array_diff_key($vars, ['params' => 1])));
    });
}
add_hook('ShoppingCartValidateProductUpdate', 1, static fn (array $vars) => ($vars['domain'] ?? '') === 'refused.example.com' ? ['not this one'] : null);
