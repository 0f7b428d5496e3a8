<?php

declare(strict_types=1);

namespace MetaleaseTest;

use Illuminate\Database\Schema\Blueprint;
use WHMCS\Database\Capsule;
use WHMCS\Module\Server\Metalease\Running\SignOnPage;
use WHMCS\User\Admin\Permission;

require_once __DIR__ . '/bootstrap.php';

/**
 * The way into the panel, and to a console.
 */
final class SignOnTest extends RunningCase
{
    private const KEY = 'a-one-use-key-of-the-panel"<b>';

    private const WAY = [
        'url' => 'https://dci.example.com:1500/dcimgr', 'expires_at' => '2026-03-10T08:01:00Z',
        'fields' => ['func' => 'auth', 'username' => 'u1', 'key' => self::KEY],
    ];

    public function testTheBrowserSendsTheKeyInABody(): void
    {
        $this->gateway([], ['sso' => [200, self::WAY]]);
        [$status, $html] = $this->open('panel');
        $this->assertSame(200, $status);
        $page = new \DOMDocument();
        @$page->loadHTML($html);
        $form = $page->getElementsByTagName('form')->item(0);
        $this->assertSame(['post', self::WAY['url']], [$form->getAttribute('method'), $form->getAttribute('action')]);
        $fields = [];
        foreach ($form->getElementsByTagName('input') as $input) {
            $fields[$input->getAttribute('name')] = $input->getAttribute('value');
        }
        $this->assertSame(self::WAY['fields'], $fields);
        $this->assertSame(1, $form->getElementsByTagName('button')->length, 'for a browser without scripts');
        $body = $this->body("POST /v1/services/{$this->id}/sso");
        $this->assertSame(['panel', ['kind' => 'client', 'name' => 'jane@example.com']], [$body['target'], $body['actor']]);
        $log = implode('', Remembered::$moduleLog);
        $this->assertStringContainsString('/sso', $log);
        $this->assertStringNotContainsString('a-one-use-key', $log);
    }

    public function testStaffComeAsThemselves(): void
    {
        $this->gateway([], ['sso' => [200, self::WAY]]);
        $this->assertSame(403, $this->open('console', 'staff')[0], 'a client is no staff');
        $_SESSION = ['adminid' => 3];
        $this->assertSame(200, $this->open('console', 'staff')[0]);
        $body = $this->body("POST /v1/services/{$this->id}/sso");
        $this->assertSame(['console', ['kind' => 'staff', 'name' => 'ada']], [$body['target'], $body['actor']]);
        $this->gateway([], ['sso' => self::notNow()]);
        $this->assertStringContainsString('server 12 is busy', $this->open('panel', 'staff')[1], 'staff read the reason');
    }

    public function testARoleThatOperatesNoServersOpensNoPanel(): void
    {
        $this->gateway([], ['sso' => [200, self::WAY]]);
        $_SESSION = ['adminid' => 3];
        Permission::$refused = ['Perform Server Operations'];
        [$status, $html] = $this->open('panel', 'staff');
        $this->assertSame(403, $status);
        $this->assertStringContainsString('Perform Server Operations', $html);
        $this->assertSame([], self::calls());
    }

    public function testAPersonWhoMayNotSignInToProductsComesInNowhere(): void
    {
        Capsule::schema()->create('tblusers_clients', static function (Blueprint $table): void {
            $table->increments('id');
            $table->unsignedInteger('auth_user_id');
            $table->unsignedInteger('client_id');
            $table->boolean('owner');
            $table->text('permissions');
        });
        $rows = Capsule::table('tblusers_clients');
        $rows->insert([
            ['auth_user_id' => 7, 'client_id' => 8, 'owner' => 1, 'permissions' => ''],
            ['auth_user_id' => 7, 'client_id' => 7, 'owner' => 0, 'permissions' => 'products,manageproducts,invoices'],
        ]);
        $this->gateway([], ['sso' => [200, self::WAY]]);
        $this->assertSame(403, $this->open('panel')[0]);
        $this->assertSame([], self::calls());
        $mine = Capsule::table('tblusers_clients')->where('client_id', 7);
        $mine->update(['permissions' => 'invoices,productsso']);
        $this->assertSame(200, $this->open('panel')[0]);
        $mine->update(['permissions' => '', 'owner' => 1]);
        $this->assertSame(200, $this->open('panel')[0]);
    }

    protected function tearDown(): void
    {
        Permission::$refused = [];
        parent::tearDown();
    }

    public function testNobodyElseComesIn(): void
    {
        $this->gateway([], ['sso' => [200, self::WAY]]);
        $_SESSION = ['uid' => 8];
        $this->assertSame(403, $this->open('panel')[0]);
        $_SESSION = ['uid' => 7];
        $this->assertSame(403, $this->open('panel', 'client', 'x')[0]);
        $this->assertSame(403, $this->open('elsewhere')[0]);
        $_SERVER['REQUEST_METHOD'] = 'GET';
        $this->assertSame(403, $this->open('panel')[0]);
        $this->assertSame([], self::calls());
    }

    public function testARefusalIsInWordsForTheCustomer(): void
    {
        $this->gateway(['phase' => 'blocked'], ['sso' => self::notNow()]);
        [$status, $html] = $this->open('panel');
        $this->assertSame(403, $status);
        $this->assertStringContainsString('the server is suspended', $html);
        $this->assertStringNotContainsString('fra1', $html);
        $this->gateway([], ['sso' => [200, ['url' => 'javascript:alert(1)'] + self::WAY]]);
        [$status, $html] = $this->open('panel');
        $this->assertSame(503, $status);
        $this->assertStringNotContainsString('javascript', $html);
        Shop::change('tblservers', Shop::ENTRY, ['port' => 1]);
        $this->assertSame(503, $this->open('panel')[0]);
    }

    /**
     * Sends the form of a page.
     *
     * @return array{0: int, 1: string}
     */
    private function open(string $target, string $as = 'client', string $token = 'the-token'): array
    {
        $_POST = ['id' => (string) $this->id, 'target' => $target, 'as' => $as, 'token' => $token];
        return SignOnPage::answer($_POST);
    }
}
