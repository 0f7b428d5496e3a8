<?php

declare(strict_types=1);

namespace WHMCS\Module\Server\Metalease\Gateway;

defined('WHMCS') || die();

/**
 * The forms in which a secret may stand in a log.
 */
final class Secrets
{
    /**
     * Every form of every secret, longest first, so that no mask leaves a rest.
     *
     * @return list<string>
     */
    public static function forms(string ...$secrets): array
    {
        $forms = [];
        foreach ($secrets as $secret) {
            if ($secret !== '') {
                array_push($forms, ...self::of($secret));
            }
        }
        $forms = array_values(array_unique($forms));
        usort($forms, static fn (string $a, string $b) => strlen($b) <=> strlen($a));
        return $forms;
    }

    /**
     * The text without the secrets.
     */
    public static function mask(string $text, string ...$secrets): string
    {
        return str_replace(self::forms(...$secrets), '***', $text);
    }

    /**
     * The forms of one secret.
     *
     * @return list<string>
     */
    private static function of(string $secret): array
    {
        $base64 = rtrim(base64_encode($secret), '=');
        return [
            $secret, urlencode($secret), rawurlencode($secret), addslashes($secret),
            htmlspecialchars($secret, ENT_QUOTES), htmlspecialchars($secret, ENT_QUOTES | ENT_HTML5),
            htmlentities($secret, ENT_QUOTES), self::json($secret, 0), self::json($secret, JSON_UNESCAPED_SLASHES),
            self::json($secret, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES),
            self::json($secret, JSON_HEX_TAG | JSON_HEX_AMP | JSON_HEX_APOS | JSON_HEX_QUOT),
            $base64, strtr($base64, '+/', '-_'), bin2hex($secret), strtoupper(bin2hex($secret)),
        ];
    }

    /**
     * The secret inside of a JSON text.
     */
    private static function json(string $secret, int $flags): string
    {
        return substr((string) json_encode($secret, $flags | JSON_INVALID_UTF8_SUBSTITUTE), 1, -1);
    }
}
