<?php

declare(strict_types=1);

namespace MetaleaseTest;

require_once __DIR__ . '/bootstrap.php';

/**
 * What every function refuses, before anything is sent.
 */
final class RefusalTest extends ModuleCase
{
    private const FUNCTIONS = [
        'CreateAccount', 'SuspendAccount', 'UnsuspendAccount', 'TerminateAccount', 'Renew', 'retry', 'replace', 'accept', 'hold', 'unhold', 'releasenow',
    ];

    /**
     * @dataProvider refused
     * @param array<string, mixed> $params
     */
    public function testNothingIsSent(array $params, string $words): void
    {
        $id = Shop::order(['domainstatus' => 'Active']);
        foreach (['virtfusion' => 2, 'dcimanager' => 3] as $type => $entry) {
            \WHMCS\Database\Capsule::table('tblservers')->insert(['id' => $entry, 'type' => $type, 'name' => 'Other', 'hostname' => '127.0.0.1', 'port' => FakeGateway::port()]);
        }
        foreach (self::FUNCTIONS as $function) {
            $said = ('metalease_' . $function)($params + $this->params($id));
            $this->assertStringContainsString($words, $said, $function);
        }
        $this->assertSame([], self::calls());
    }

    /**
     * @return array<string, array{0: array<string, mixed>, 1: string}>
     */
    public static function refused(): array
    {
        return [
            'a product addon' => [['addonId' => 4], 'product addons'],
            'a quantity' => [['qty' => 2], 'Multiple services'],
            'no server entry' => [['serverid' => 0], 'No server entry'],
            'a server entry that is gone' => [['serverid' => 99], 'No server entry'],
            'a server entry of another module' => [['serverid' => 2], 'of the type "virtfusion"'],
            'a server entry of the old module' => [['serverid' => 3], 'of the type "dcimanager"'],
        ];
    }

    public function testFunctionsSurviveNoParams(): void
    {
        foreach ([...self::FUNCTIONS, 'ChangePackage'] as $function) {
            $said = ('metalease_' . $function)([]);
            $this->assertIsString($said, $function);
            $this->assertNotSame('success', $said, $function);
            $this->assertStringNotContainsString('internal error', $said, $function);
        }
        $this->assertFalse(metalease_TestConnection([])['success']);
        $this->assertSame([], metalease_ClientArea([]));
        $this->assertStringContainsString('No server entry', implode('', metalease_AdminServicesTabFields([])));
        $this->assertNull(metalease_AdminServicesTabFieldsSave([]));
        $this->assertSame('metalease', metalease_MetaData()['DisplayName']);
        foreach (metalease_AdminCustomButtonArray([]) as $function) {
            $this->assertTrue(function_exists('metalease_' . $function), $function);
        }
    }

    public function testChangesAreNotSupportedAndSaySo(): void
    {
        $id = Shop::order(['domainstatus' => 'Active']);
        $before = Shop::service($id);
        $this->assertFalse(function_exists('metalease_ChangePassword'), 'WHMCS would show a form that always fails');
        FakeGateway::answers(["GET /v1/services/$id" => [200, ['service_id' => $id, 'order' => ['package' => 'E5-32G']] + self::STATUS]]);
        $this->assertStringContainsString('nothing was changed', metalease_ChangePackage($this->params($id)));
        $this->assertSame(["GET /v1/services/$id"], self::calls());
        $this->assertEquals($before, Shop::service($id));
    }

    public function testAFaultShowsNothingOfItself(): void
    {
        $id = Shop::order();
        $params = $this->params($id);
        \WHMCS\Database\Capsule::schema()->drop('tblhosting');
        $said = metalease_CreateAccount($params);
        $this->assertStringContainsString('internal error', $said);
        $this->assertStringNotContainsString('SQL', $said);
        $this->assertStringContainsString('QueryException', implode('', Remembered::$activity));
        $this->assertStringNotContainsString('select', implode('', Remembered::$activity));
    }
}
