<?php

declare(strict_types=1);

namespace WHMCS\Module\Server\Metalease\Module;

use WHMCS\Database\Capsule;
use WHMCS\Module\Server\Metalease\Gateway\SignedPage;

defined('WHMCS') || die();

/**
 * The page on which metalease reads whether WHMCS still sells a product. WHMCS's API does not say, and AddOrder leaves
 * out what is retired without a word. The page writes nothing.
 */
final class ProductsPage
{
    /** Products in one question. */
    private const MOST = 500;

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
        return SignedPage::answer('products.php', $server, $body, self::products(...));
    }

    /**
     * What was asked for. A product that is not there is left out.
     *
     * @return array{0: int, 1: array<string, mixed>}
     */
    private static function products(mixed $asked): array
    {
        $ids = is_array($asked) ? $asked['products'] ?? null : null;
        $strange = array_filter((array) $ids, static fn (mixed $id) => !is_int($id));
        if (!is_array($ids) || $ids === [] || $strange !== [] || count($ids) > self::MOST) {
            $title = 'Ask for {"products": [1, 2]}, at most ' . self::MOST;
            return SignedPage::problem(422, 'invalid-request', $title);
        }
        $rows = Capsule::table('tblproducts')->whereIn('id', $ids)->orderBy('id')->get(['id', 'hidden', 'retired']);
        $found = [];
        foreach ($rows as $row) {
            $found[] = ['id' => (int) $row->id, 'hidden' => (bool) $row->hidden, 'retired' => (bool) $row->retired];
        }
        return [200, ['products' => $found]];
    }
}
