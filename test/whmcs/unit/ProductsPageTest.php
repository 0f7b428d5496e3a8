<?php

declare(strict_types=1);

namespace MetaleaseTest;

use WHMCS\Module\Server\Metalease\Gateway\Signature;
use WHMCS\Module\Server\Metalease\Module\ProductsPage;

require_once __DIR__ . '/bootstrap.php';

/**
 * What WHMCS's API does not say of products.
 */
final class ProductsPageTest extends ModuleCase
{
    private const PATH = '/modules/servers/metalease/products.php';

    /**
     * @return array{0: int, 1: array<string, mixed>}
     */
    private function ask(string $body, string $secret = FakeGateway::SECRET): array
    {
        $server = ['REQUEST_METHOD' => 'POST', 'REQUEST_URI' => self::PATH];
        foreach (Signature::headers($secret, 'main', 'POST', self::PATH, $body, time()) as $name => $value) {
            $server['HTTP_' . strtoupper(strtr($name, '-', '_'))] = $value;
        }
        return ProductsPage::answer($server, $body);
    }

    public function testHiddenAndRetired(): void
    {
        $ask = fn () => $this->ask((string) json_encode(['products' => [Shop::PRODUCT, 4711]]));
        $row = ['id' => Shop::PRODUCT, 'hidden' => false, 'retired' => false];
        $this->assertSame([200, ['products' => [$row]]], $ask(), 'one that is not there is left out');
        Shop::change('tblproducts', Shop::PRODUCT, ['hidden' => 1, 'retired' => 1]);
        $this->assertSame([200, ['products' => [array_merge($row, ['hidden' => true, 'retired' => true])]]], $ask());
    }

    public function testWhatIsRefused(): void
    {
        $this->assertSame(401, $this->ask('{"products": [1]}', 'another secret of enough characters')[0]);
        foreach (['', '{}', '{"products": []}', '{"products": "1"}', '{"products": ["1"]}', '[1]'] as $body) {
            $this->assertSame(422, $this->ask($body)[0], $body);
        }
        $this->assertSame(422, $this->ask((string) json_encode(['products' => range(1, 501)]))[0]);
    }
}
