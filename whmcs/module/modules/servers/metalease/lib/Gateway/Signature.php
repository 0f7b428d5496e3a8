<?php

declare(strict_types=1);

namespace WHMCS\Module\Server\Metalease\Gateway;

defined('WHMCS') || die();

/**
 * The signature of a call, in both directions: HMAC-SHA256 over installation, the System URL where one is told, time,
 * method, path and body.
 */
final class Signature
{
    /** How far the clocks of both ends may be apart, in seconds. */
    public const TOLERANCE = 300;

    /**
     * The headers of a call.
     *
     * @param string $target path and query, as sent
     * @param string $system System URL of the WHMCS that calls; empty where it has none: then neither header nor line
     * @return array<string, string> name => value
     */
    public static function headers(
        string $secret,
        string $installation,
        string $method,
        string $target,
        string $body,
        int $now,
        string $system = ''
    ): array {
        $caller = $system === '' ? [$installation] : [$installation, $system];
        return ($system === '' ? [] : ['X-Metalease-System' => $system]) + [
            'X-Metalease-Installation' => $installation,
            'X-Metalease-Timestamp' => (string) $now,
            'X-Metalease-Signature' => self::sum($secret, ...$caller, ...[(string) $now, $method, $target, $body]),
        ];
    }

    /**
     * Whether the secret made the signature. Nothing that it covers is to be believed before.
     *
     * @param string $claimed value of X-Metalease-Signature
     */
    public static function matches(
        string $claimed,
        string $secret,
        string $installation,
        string $timestamp,
        string $method,
        string $target,
        string $body
    ): bool {
        // Everybody knows the empty secret.
        $right = self::sum($secret, $installation, $timestamp, $method, $target, $body);
        return $secret !== '' && hash_equals($right, $claimed);
    }

    /**
     * Whether a time of the other end, in unix seconds, is near enough to now.
     */
    public static function fresh(string $timestamp, int $now): bool
    {
        return ctype_digit($timestamp) && abs($now - (int) $timestamp) <= self::TOLERANCE;
    }

    /**
     * The signature of these parts.
     */
    private static function sum(string $secret, string ...$signed): string
    {
        return 'v1=' . hash_hmac('sha256', implode("\n", $signed), $secret);
    }
}
