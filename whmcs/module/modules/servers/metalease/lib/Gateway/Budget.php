<?php

declare(strict_types=1);

namespace WHMCS\Module\Server\Metalease\Gateway;

defined('WHMCS') || die();

/**
 * The time that a slow gateway may cost one request of WHMCS, all calls together: a payment of ten services stands
 * behind it. What it does not reach is left to the cron. A gateway that answers quickly costs nothing.
 */
final class Budget
{
    /** Seconds of a request. */
    private const SECONDS = 6.0;

    private static ?self $request = null;

    /**
     * @param float $left  seconds
     * @param float $quick seconds in which an answer costs nothing
     */
    public function __construct(private float $left = self::SECONDS, private float $quick = 0.5)
    {
    }

    /**
     * The budget of this request, for all that WHMCS calls in it.
     */
    public static function ofRequest(): self
    {
        return self::$request ??= new self();
    }

    /**
     * Another request begins.
     */
    public static function begin(): void
    {
        self::$request = null;
    }

    /**
     * Seconds that a call may take.
     *
     * @throws Unreachable when nothing is left
     */
    public function allow(float $wanted): float
    {
        if ($this->left <= 0.0) {
            throw new Unreachable(
                "metalease's gateway is slow. Nothing is lost: the next cron run of WHMCS goes on with the rest."
            );
        }
        return min($wanted, $this->left + $this->quick);
    }

    /**
     * A call took this long.
     */
    public function spend(float $seconds): void
    {
        $this->left -= max(0.0, $seconds - $this->quick);
    }

    /**
     * A call had no answer in its time: nobody waits for that gateway twice in one request.
     */
    public function giveUp(): void
    {
        $this->left = 0.0;
    }
}
