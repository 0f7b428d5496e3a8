<?php

declare(strict_types=1);

namespace WHMCS\Module\Server\Metalease\Migration;

use WHMCS\Module\Server\Metalease\Gateway\SignedPage;

defined('WHMCS') || die();

/**
 * The page that metalease's worker asks before it adopts services of ISPsystem's module. It only reads.
 */
final class IspsystemPage
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
        return SignedPage::answer('ispsystem.php', $server, $body, self::records(...));
    }

    /**
     * What was asked for.
     *
     * @return array{0: int, 1: array<string, mixed>}
     */
    private static function records(mixed $asked): array
    {
        $services = $asked['services'] ?? null;
        $product = $asked['product'] ?? null;
        $strange = array_filter((array) $services, static fn (mixed $id) => !is_int($id));
        if (!is_array($asked) || is_array($services) === is_int($product) || $strange !== []) {
            return SignedPage::problem(
                422,
                'invalid-request',
                'Ask for {"services": [101, 102]} or for {"product": 7}'
            );
        }
        return [200, ['records' => IspsystemTable::records((array) $services, $product)]];
    }
}
