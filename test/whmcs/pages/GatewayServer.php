<?php

declare(strict_types=1);

namespace Pages;

use WHMCS\Module\Server\Metalease\Gateway\Client;
use WHMCS\Module\Server\Metalease\Module\ServerEntry;

/**
 * A process that answers over HTTP what a test wants the gateway to answer.
 */
final class GatewayServer
{
    /** @var resource */
    private $process;

    private string $file;

    private int $port;

    /**
     * Starts the process and waits until it listens.
     */
    public function __construct()
    {
        $this->file = (string) tempnam(sys_get_temp_dir(), 'metalease-gateway-');
        $this->port = self::freePort();
        $command = [PHP_BINARY, '-S', '127.0.0.1:' . $this->port, __DIR__ . '/gateway.php'];
        $quiet = ['file', '/dev/null', 'w'];
        $pipes = [];
        $this->process = proc_open($command, [['file', '/dev/null', 'r'], $quiet, $quiet], $pipes, null, ['GATEWAY_ANSWER' => $this->file] + getenv());
        $until = microtime(true) + 10;
        while (($there = @fsockopen('127.0.0.1', $this->port)) === false) {
            if (microtime(true) > $until) {
                throw new \RuntimeException('the gateway of the test does not listen');
            }
            usleep(5000);
        }
        fclose($there);
    }

    /**
     * Ends the process.
     */
    public function stop(): void
    {
        proc_terminate($this->process);
        proc_close($this->process);
        array_map('unlink', (array) glob($this->file . '*'));
    }

    /**
     * What is answered from now on; a text is sent as it is.
     *
     * @param array<mixed>|string $body
     */
    public function answers(int $status, array|string $body): void
    {
        file_put_contents($this->file, json_encode(['status' => $status, 'body' => $body], JSON_THROW_ON_ERROR));
    }

    /**
     * Method and path of the last call.
     */
    public function asked(): string
    {
        return (string) file_get_contents($this->file . '.asked');
    }

    /**
     * The module's own client of this process.
     */
    public function gateway(): Client
    {
        return self::at($this->port);
    }

    /**
     * A client of a port at which nothing listens.
     */
    public static function nobody(): Client
    {
        return self::at(self::freePort());
    }

    private static function at(int $port): Client
    {
        return new Client(ServerEntry::fromParams([
            'serverid' => 1, 'serverhostname' => '127.0.0.1', 'serverport' => (string) $port, 'serverusername' => 'fra1',
            'serverpassword' => 'a-shared-secret-of-the-test', 'serveraccesshash' => 'installation=main',
        ]));
    }

    private static function freePort(): int
    {
        $socket = stream_socket_server('tcp://127.0.0.1:0') ?: throw new \RuntimeException('no port is free');
        $name = (string) stream_socket_get_name($socket, false);
        fclose($socket);
        return (int) substr($name, (int) strrpos($name, ':') + 1);
    }
}
