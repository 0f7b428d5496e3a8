<?php

/**
 * The global functions that WHMCS gives to modules and hooks (docs/whmcs-api.md 2.1, 3.5).
 */

declare(strict_types=1);

/**
 * Registers a hook.
 */
function add_hook(string $point, int $priority, callable $function): void
{
    Host\Hooks::add($point, $priority, $function);
}

/**
 * Runs a hook point and returns what the functions gave back.
 *
 * @param array<string, mixed> $vars
 * @return list<mixed>
 */
function run_hook(string $point, array $vars = []): array
{
    return Host\Hooks::run($point, $vars);
}

/**
 * The API inside the process: the same answers as includes/api.php.
 *
 * @param array<string, mixed> $post
 * @return array<string, mixed>
 */
function localAPI(string $action, array $post = [], string $adminUser = ''): array
{
    return Host\Api::run($action, $post);
}

/**
 * Writes to the module log, masking the given texts.
 *
 * @param mixed $replaceVars texts to mask in every field
 */
function logModuleCall(mixed $module, mixed $action, mixed $request, mixed $response, mixed $processed = '', mixed $replaceVars = []): void
{
    Host\ModuleLog::add((string) $module, (string) $action, $request, $response, $processed, (array) $replaceVars);
}

/**
 * Writes to the activity log.
 */
function logActivity(string $text, int $clientId = 0): void
{
    Host\Activity::add($text, $clientId);
}

/**
 * Encrypts as tblhosting.password and tblservers.password are: otherwise each time.
 */
function encrypt(string $plain): string
{
    return Host\Crypt::encrypt($plain);
}

/**
 * The text that was encrypted; an empty text for what is none.
 */
function decrypt(string $cipher): string
{
    return Host\Crypt::decrypt($cipher);
}

/**
 * The CSRF token of the session.
 */
function generate_token(string $type = 'form'): string
{
    $token = Host\Token::value();
    return match ($type) {
        'plain' => $token,
        'link' => '&token=' . $token,
        default => '<input type="hidden" name="token" value="' . $token . '" />',
    };
}

/**
 * Ends the request when it does not carry the session's token.
 */
function check_token(string $namespace = 'WHMCS.default'): bool
{
    return Host\Token::check();
}
