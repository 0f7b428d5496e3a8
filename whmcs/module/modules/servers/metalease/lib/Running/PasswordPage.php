<?php

declare(strict_types=1);

namespace WHMCS\Module\Server\Metalease\Running;

use WHMCS\Module\Server\Metalease\Gateway\SignedPage;
use WHMCS\Module\Server\Metalease\Module\Service;

defined('WHMCS') || die();

/**
 * The page on which metalease's worker fetches the root password that a customer has typed for a reinstall, and says
 * that the install has ended well. WHMCS's API has no place for a password that is not the service's yet.
 */
final class PasswordPage
{
    /**
     * Answers the request.
     */
    public static function serve(): void
    {
        SignedPage::serve(self::answer(...));
    }

    /**
     * The answer to a request.
     *
     * @param array<string, mixed> $server as $_SERVER
     * @return array{0: int, 1: array<string, mixed>} HTTP status and JSON
     */
    public static function answer(array $server, string $body): array
    {
        return SignedPage::answer('password.php', $server, $body, self::password(...));
    }

    /**
     * The password of a service, or that it is the service's own now.
     *
     * @return array{0: int, 1: array<string, mixed>}
     */
    private static function password(mixed $asked): array
    {
        $id = is_array($asked) ? $asked['service'] ?? null : null;
        if (!is_int($id) || $id <= 0) {
            return SignedPage::problem(422, 'invalid-request', 'Ask for {"service": 101}');
        }
        $ours = Service::find($id) !== null;
        if (($asked['keep'] ?? false) === true) {
            return [200, ['kept' => $ours && RootPassword::keep($id)]];
        }
        $password = $ours ? RootPassword::fetch($id) : null;
        return [200, $password === null ? ['pending' => false] : ['pending' => true, 'password' => $password]];
    }
}
