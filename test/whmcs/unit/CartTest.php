<?php

declare(strict_types=1);

namespace MetaleaseTest;

use WHMCS\Database\Capsule;

require_once __DIR__ . '/bootstrap.php';

/**
 * What the cart refuses while the client can still correct it.
 */
final class CartTest extends ModuleCase
{
    public static function setUpBeforeClass(): void
    {
        require_once __DIR__ . '/../../../whmcs/module/includes/hooks/metalease.php';
    }

    /**
     * @dataProvider carts
     */
    public function testTheCartRefusesWhatIsNoHostName(string $template, string $zone, string $typed, int $product, bool $refused): void
    {
        Shop::change('tblproducts', Shop::PRODUCT, ['configoption5' => $template]);
        Capsule::table('tblconfiguration')->insert(['setting' => 'MetaleaseZone', 'value' => $zone]);
        $_SESSION['cart']['products'][3]['pid'] = $product;
        [$hook] = Remembered::$hooks['ShoppingCartValidateProductUpdate'];
        $said = $hook(['i' => '3', 'hostname' => $typed]);
        $_SESSION['cart']['products'][3]['server'] = ['hostname' => $typed];
        $_SESSION['cart']['products'][4] = 'broken';
        [$checkout] = Remembered::$hooks['ShoppingCartValidateCheckout'];
        $this->assertSame($said, $checkout([]), 'of a cart that was filled by a link as well');
        unset($_SESSION['cart']);
        $this->assertCount($refused ? 1 : 0, $said);
        $this->assertSame([], $checkout([]));
    }

    /**
     * @return array<string, array{0: string, 1: string, 2: string, 3: int, 4: bool}>
     */
    public static function carts(): array
    {
        return [
            'words' => ['', '', 'my web server', Shop::PRODUCT, true],
            'words, in a template' => ['s@ID@.@DOMAIN@', '', 'server1', Shop::PRODUCT, true],
            'what can be mended' => ['', '', 'http://Shop.example.com./', Shop::PRODUCT, false],
            'a zone is there' => ['', 'servers.example.net', 'my web server', Shop::PRODUCT, false],
            'the template decides' => ['s@ID@.example.com', '', 'my web server', Shop::PRODUCT, false],
            'nothing was typed' => ['', '', '', Shop::PRODUCT, false],
            'another module' => ['', '', 'my web server', 99, false],
        ];
    }
}
