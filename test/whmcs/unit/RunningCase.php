<?php

declare(strict_types=1);

namespace MetaleaseTest;

use WHMCS\Database\Capsule;
use WHMCS\Module\Server\Metalease\Running\ClientActions;

/**
 * A test of what is done with a server that its customer has: service of client 7, who is signed in.
 */
abstract class RunningCase extends ModuleCase
{
    protected const CLICK = '0123456789abcdef0123456789abcdef';

    protected int $id = 0;

    protected function setUp(): void
    {
        parent::setUp();
        Capsule::table('tblclients')->insert(['id' => 7, 'email' => 'jane@example.com', 'language' => '']);
        Capsule::table('tbladmins')->insert(['id' => 3, 'username' => 'ada']);
        $this->id = Shop::order(['domainstatus' => 'Active', 'username' => 'u1', 'password' => encrypt('Old-Passw0rd'), 'regdate' => '2026-02-01']);
        $_SESSION = ['uid' => 7];
        $_SERVER['REQUEST_METHOD'] = 'POST';
        ClientActions::begin();
    }

    protected function tearDown(): void
    {
        [$_SESSION, $_POST, $_REQUEST] = [[], [], []];
        unset($_SERVER['REQUEST_METHOD'], $_SERVER['SCRIPT_NAME']);
        ClientActions::begin();
        parent::tearDown();
    }

    /**
     * Says what the gateway answers: the status, and to signals.
     *
     * @param array<string, mixed>             $status  of the service
     * @param array<string, array<int, mixed>> $replies by the end of the path of a POST
     * @param array<string, array<int, mixed>> $others  by method and path
     */
    protected function gateway(array $status = [], array $replies = [], array $others = []): void
    {
        $path = "/v1/services/{$this->id}";
        $all = ["GET $path" => [200, $this->seen($status)]];
        foreach ($replies as $name => $reply) {
            $all["POST $path/$name"] = $reply;
        }
        FakeGateway::answers($all + $others);
    }

    /**
     * The status of the service.
     *
     * @param array<string, mixed> $more
     * @return array<string, mixed>
     */
    protected function seen(array $more = []): array
    {
        $order = ['package' => 'E3-16G', 'os_template' => 'ISPsystem__Debian-12', 'ipv4' => 0];
        return $more + ['service_id' => $this->id, 'order' => $order] + self::STATUS;
    }

    /**
     * Sends a form of the client's page.
     *
     * @param array<string, mixed> $form
     */
    protected function submit(string $function, array $form): string
    {
        $_POST = $form + ['token' => 'the-token', 'click' => self::CLICK];
        return ('metalease_' . $function)($this->params($this->id));
    }

    /**
     * The signals that the gateway got.
     *
     * @return list<string>
     */
    protected static function sent(): array
    {
        return array_values(array_filter(self::calls(), static fn (string $call) => str_starts_with($call, 'POST ')));
    }

    /**
     * An answer to a wish: what runs since.
     *
     * @param array<string, mixed> $status
     * @return array{0: int, 1: array<string, mixed>}
     */
    protected function taken(array $status = []): array
    {
        return self::signalled('pending', $this->seen($status));
    }

    /**
     * The refusal of the gateway.
     *
     * @return array{0: int, 1: array<string, mixed>}
     */
    protected static function notNow(): array
    {
        return self::problem(409, 'not-now', 'It is not done now', 'panel fra1: server 12 is busy');
    }
}
