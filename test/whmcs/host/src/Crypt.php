<?php

declare(strict_types=1);

namespace Host;

/**
 * Encryption of stored passwords.
 */
final class Crypt
{
    private const CIPHER = 'aes-256-cbc';

    /**
     * Encrypts; the same text gives another result each time.
     */
    public static function encrypt(string $plain): string
    {
        $iv = random_bytes(16);
        return base64_encode($iv . openssl_encrypt($plain, self::CIPHER, self::key(), OPENSSL_RAW_DATA, $iv));
    }

    /**
     * Decrypts; an empty text for what nobody has encrypted.
     */
    public static function decrypt(string $cipher): string
    {
        $raw = (string) base64_decode($cipher, true);
        if (strlen($raw) < 32) {
            return '';
        }
        return (string) openssl_decrypt(substr($raw, 16), self::CIPHER, self::key(), OPENSSL_RAW_DATA, substr($raw, 0, 16));
    }

    /**
     * The key of this WHMCS.
     */
    private static function key(): string
    {
        return (string) hex2bin(Setting::get('HostKey'));
    }
}
