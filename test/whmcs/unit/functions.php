<?php

/**
 * The functions of WHMCS that the module calls.
 */

declare(strict_types=1);

use MetaleaseTest\Remembered;

/**
 * A cipher that differs each time, as WHMCS's does.
 */
function encrypt(string $plain): string
{
    return bin2hex(random_bytes(4)) . ':' . base64_encode(strrev($plain));
}

/**
 * The text that was encrypted; empty for what is none.
 */
function decrypt(string $cipher): string
{
    return strrev((string) base64_decode(explode(':', $cipher . ':')[1]));
}

/**
 * Remembers a line of the module log, masked as WHMCS masks it.
 *
 * @param list<string> $secrets
 */
function logModuleCall(string $module, string $action, mixed $request, mixed $response, mixed $processed, array $secrets): void
{
    Remembered::$moduleLog[] = str_replace($secrets, '***', implode("\n", [$module, $action, (string) $request, (string) $response, (string) $processed]));
}

/**
 * Remembers a line of the activity log.
 */
function logActivity(string $text, int $clientId = 0): void
{
    Remembered::$activity[] = $text;
}

/**
 * Remembers a call of the API.
 *
 * @param array<string, mixed> $post
 * @return array<string, mixed>
 */
function localAPI(string $action, array $post = []): array
{
    Remembered::$api[] = [$action, $post];
    return ['result' => 'success'];
}

/**
 * Remembers a hook.
 */
function add_hook(string $point, int $priority, callable $function): void
{
    Remembered::$hooks[$point][] = $function;
}

/**
 * The token of the session.
 */
function generate_token(string $type = 'form'): string
{
    return 'the-token';
}

/**
 * Whether the request carries the token. WHMCS ends the request where it does not.
 */
function check_token(string $namespace = 'WHMCS.default'): bool
{
    return ($_POST['token'] ?? '') === 'the-token';
}
