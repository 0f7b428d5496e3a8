<?php

declare(strict_types=1);

namespace WHMCS\Module\Server\Metalease\Module;

defined('WHMCS') || die();

/**
 * What starts a service.
 */
enum StartOn: string
{
    /** The invoice is Paid; or there is nothing to pay, and the order is accepted. */
    case Payment = 'payment';
    /** An administrator accepts the order. */
    case Acceptance = 'acceptance';
    /** Somebody presses Create. */
    case Button = 'create';

    /**
     * The setting of a product; old products have an empty one.
     */
    public static function of(string $setting): self
    {
        return self::tryFrom(strtolower(trim($setting))) ?? self::Payment;
    }

    /**
     * The choices of the setting.
     *
     * @return array<string, string>
     */
    public static function labels(): array
    {
        return ['payment' => 'Payment', 'acceptance' => 'Acceptance of the order', 'create' => 'Create button'];
    }

    /**
     * Whether an order in this state starts its services.
     */
    public function due(bool $paid, bool $free, bool $accepted): bool
    {
        return match ($this) {
            self::Payment => $paid || $free && $accepted,
            self::Acceptance => $accepted,
            self::Button => false,
        };
    }
}
