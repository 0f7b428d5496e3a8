<?php

declare(strict_types=1);

namespace Host;

use WHMCS\Database\Capsule;

/**
 * The module log, as if an administrator had enabled it.
 */
final class ModuleLog
{
    /**
     * Writes one call. Each text of $secrets is replaced by stars, literally and
     * nowhere else: other encodings of it are the module's own care.
     *
     * @param array<mixed> $secrets
     */
    public static function add(string $module, string $action, mixed $request, mixed $response, mixed $processed, array $secrets): void
    {
        $secrets = array_values(array_filter(array_map('strval', $secrets), static fn (string $secret) => $secret !== ''));
        $stars = array_map(static fn (string $secret) => str_repeat('*', strlen($secret)), $secrets);
        $text = static fn (mixed $value) => str_replace($secrets, $stars, is_scalar($value) || $value === null ? (string) $value : print_r($value, true));
        Capsule::table('tblmodulelog')->insert([
            'date' => Clock::now(), 'module' => $module, 'action' => $action,
            'request' => $text($request), 'response' => $text($response), 'arrdata' => $text($processed),
        ]);
    }
}
