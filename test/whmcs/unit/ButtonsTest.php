<?php

declare(strict_types=1);

namespace MetaleaseTest;

use WHMCS\Module\Server\Metalease\Module\Records;

require_once __DIR__ . '/bootstrap.php';

/**
 * The buttons that WHMCS does not have itself.
 */
final class ButtonsTest extends ModuleCase
{
    /**
     * @dataProvider buttons
     * @param array<string, mixed> $wanted
     */
    public function testWhatIsSent(string $function, string $signal, array $wanted): void
    {
        $id = Shop::order();
        FakeGateway::answers(["POST /v1/services/$id/$signal" => self::signalled('applied')]);
        $this->assertSame('success', ('metalease_' . $function)($this->params($id)));
        $body = $this->body("POST /v1/services/$id/$signal");
        $this->assertSame('whmcs', $body['source']);
        foreach ($wanted as $field => $value) {
            $this->assertSame($value, $body[$field] ?? null, $field);
        }
    }

    /**
     * @return array<string, array{0: string, 1: string, 2: array<string, mixed>}>
     */
    public static function buttons(): array
    {
        return [
            'Retry' => ['retry', 'retry', ['server_id' => '', 'replace' => null]],
            'Retry on another server' => ['replace', 'retry', ['replace' => true]],
            'Accept' => ['accept', 'accept', ['server_id' => null]],
            'Hold' => ['hold', 'hold', ['reason' => 'held in WHMCS']],
            'Unhold' => ['unhold', 'unhold', []],
        ];
    }

    public function testRetrySendsTheCurrentValues(): void
    {
        $id = Shop::order();
        Shop::change('tblproducts', Shop::PRODUCT, ['configoption2' => 'REPO__Alma-9', 'configoption4' => 'on']);
        Shop::choose($id, 'IP', 4);
        Records::nameServer($id, ' 44 ');
        FakeGateway::answers(["POST /v1/services/$id/retry" => self::signalled('applied')]);
        metalease_retry($this->params($id));
        $body = $this->body("POST /v1/services/$id/retry");
        $this->assertSame('44', $body['server_id']);
        $this->assertSame(
            ['E3-16G', 'REPO__Alma-9', 4, true, '44'],
            [$body['order']['package'], $body['order']['os_template'], $body['order']['ipv4'], $body['order']['dont_wait'], $body['order']['server_id']]
        );
        $this->assertArrayNotHasKey('paid_at', $body['order']);
    }

    public function testANamedServerIsAskedFor(): void
    {
        $id = Shop::order();
        Records::nameServer($id, '44');
        FakeGateway::answers(['POST /v1/services' => [201, []], "POST /v1/services/$id/accept" => self::signalled('applied')]);
        metalease_CreateAccount($this->params($id));
        metalease_accept($this->params($id));
        $this->assertSame('44', $this->body('POST /v1/services')['server_id']);
        $this->assertSame('44', $this->body("POST /v1/services/$id/accept")['server_id']);
        Records::nameServer($id, '');
        $this->assertSame('', Records::namedServer($id));
    }

    public function testWhatIsNotAppliedIsSaid(): void
    {
        $id = Shop::order();
        FakeGateway::answers(["POST /v1/services/$id/retry" => self::signalled('ignored', [], 'nothing waits for a person')]);
        $this->assertStringContainsString('nothing waits for a person', metalease_retry($this->params($id)));
    }

    public function testThePagesAreShown(): void
    {
        $id = Shop::order();
        $this->assertNotSame([], metalease_AdminServicesTabFields($this->params($id)));
        $this->assertArrayHasKey('templateVariables', metalease_ClientArea($this->params($id)));
        $_REQUEST['metalease_server_id'] = '17';
        metalease_AdminServicesTabFieldsSave($this->params($id));
        unset($_REQUEST['metalease_server_id']);
        $this->assertSame('17', Records::namedServer($id));
    }
}
