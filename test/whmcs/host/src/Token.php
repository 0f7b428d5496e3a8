<?php

declare(strict_types=1);

namespace Host;

/**
 * The CSRF token of a session.
 */
final class Token
{
    /**
     * The token, made when the session has none.
     */
    public static function value(): string
    {
        return $_SESSION['tkval'] ??= bin2hex(random_bytes(20));
    }

    /**
     * True for the right token; ends the request for another, as WHMCS does.
     */
    public static function check(): bool
    {
        if (hash_equals(self::value(), (string) ($_REQUEST['token'] ?? ''))) {
            return true;
        }
        http_response_code(403);
        echo 'Invalid Token';
        exit;
    }
}
