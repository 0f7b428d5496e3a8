<?php

declare(strict_types=1);

namespace Host;

use WHMCS\Database\Capsule;

/**
 * Single sign-on: a token is good once, for 60 seconds (docs/whmcs-api.md 5.2).
 */
final class SignOn
{
    private const DESTINATIONS = [
        '' => 'clientarea.php', 'clientarea:services' => 'clientarea.php?action=services', 'clientarea:invoices' => 'clientarea.php?action=invoices',
        'clientarea:product_details' => 'clientarea.php?action=productdetails&id=',
    ];

    /**
     * Where a destination leads, below this WHMCS; null for an unknown one.
     *
     * @param array<string, mixed> $post service_id and sso_redirect_path
     */
    public static function path(string $destination, array $post): ?string
    {
        if ($destination === 'sso:custom_redirect') {
            return ltrim((string) ($post['sso_redirect_path'] ?? ''), '/');
        }
        $path = self::DESTINATIONS[$destination] ?? null;
        return $destination === 'clientarea:product_details' ? $path . (int) ($post['service_id'] ?? 0) : $path;
    }

    /**
     * A new token.
     *
     * @return array{access_token: string, redirect_url: string}
     */
    public static function token(int $clientId, string $path): array
    {
        $token = bin2hex(random_bytes(20));
        Capsule::table('host_tokens')->insert([
            'token' => $token, 'clientid' => $clientId, 'path' => $path, 'expires' => time() + (int) Setting::get('HostSignOnSeconds', '60'),
        ]);
        return ['access_token' => $token, 'redirect_url' => rtrim(Setting::get('SystemURL'), '/') . '/oauth/singlesignon.php?access_token=' . $token];
    }

    /**
     * Answers oauth/singlesignon.php: a token that is used or too old leads to the page to sign in.
     */
    public static function serve(): void
    {
        $given = Capsule::table('host_tokens')->where('token', (string) ($_GET['access_token'] ?? ''));
        $token = $given->first();
        header('Cache-Control: no-store');
        if ($token === null || $given->delete() !== 1 || (int) $token->expires <= time()) {
            header('Location: /login.php', true, 302);
            return;
        }
        $_SESSION['uid'] = (int) $token->clientid;
        header('Location: /' . $token->path, true, 302);
    }

    /**
     * Answers viewinvoice.php for the client whose invoice it is.
     */
    public static function invoice(): void
    {
        $invoice = Capsule::table('tblinvoices')->where('id', (int) ($_GET['id'] ?? 0))->where('userid', (int) ($_SESSION['uid'] ?? 0))->first();
        http_response_code($invoice === null ? 404 : 200);
        echo $invoice === null ? 'Invoice not found' : "<!doctype html><title>Invoice #{$invoice->id}</title><h1>Invoice #{$invoice->id}</h1><p>{$invoice->status}, {$invoice->total}</p>";
    }
}
