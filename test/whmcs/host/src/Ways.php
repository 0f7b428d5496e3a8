<?php

declare(strict_types=1);

namespace Host;

/**
 * Ways in which WHMCSs may differ: what docs/whmcs-api.md 10 leaves open. The names stand in the table of facts
 * (whmcs/facts); a test turns them while the host runs, by POST /_host/way.
 */
final class Ways
{
    /** Names; a value is empty for what the host does unasked. */
    public const NAMES = [
        'refused-status', 'time-zone', 'missing-is-error', 'edit-hook', 'active-refuses-create', 'hooks-twice', 'status-after-hook', 'set-up', 'delete-terminates',
        'success-completes-row', 'refund-terminates', 'cancel-terminates', 'bare-name-servers', 'quantity-without-stock-control', 'cancel-keeps-invoice',
        'unchecked-buttons', 'bare-pages',
    ];

    /** Hooks that tell of something, and are asked for nothing. */
    private const TELLING = '/^(OrderPaid|InvoicePaid|InvoiceRefunded|AcceptOrder|CancelOrder|FraudOrder|DeleteOrder|ServiceDelete|AfterModule\w+|AfterCronJob)$/';

    /**
     * The value of a way; empty when it is not turned.
     */
    public static function get(string $name): string
    {
        return Setting::get('HostWay-' . $name);
    }

    /**
     * Whether a way is turned that is on or off.
     */
    public static function is(string $name): bool
    {
        return self::get($name) === 'true';
    }

    /**
     * Turns a way.
     */
    public static function set(string $name, string $value): void
    {
        if (!in_array($name, self::NAMES, true)) {
            throw new \InvalidArgumentException("there is no way $name");
        }
        Setting::set('HostWay-' . $name, $value);
    }

    /**
     * How often a hook runs.
     */
    public static function times(string $point): int
    {
        return preg_match(self::TELLING, $point) === 1 && self::is('hooks-twice') ? 2 : 1;
    }
}
