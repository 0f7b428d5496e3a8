<?php

declare(strict_types=1);

namespace MetaleaseTest;

/**
 * PHP's own web server, on a free port, until the tests end.
 */
final class WebServer
{
    /**
     * Starts a server and waits until it answers.
     *
     * @param list<string>          $arguments   a router file, or -t and a folder
     * @param array<string, string> $environment
     * @return int its port
     */
    public static function start(array $arguments, array $environment = []): int
    {
        $probe = stream_socket_server('tcp://127.0.0.1:0');
        $port = (int) substr((string) strrchr((string) stream_socket_get_name($probe, false), ':'), 1);
        fclose($probe);
        $nowhere = ['file', '/dev/null', 'a'];
        $pipes = [];
        $process = proc_open([PHP_BINARY, '-S', "127.0.0.1:$port", ...$arguments], [1 => $nowhere, 2 => $nowhere], $pipes, null, $environment + getenv());
        register_shutdown_function(static function () use ($process): void {
            proc_terminate($process);
        });
        for ($end = microtime(true) + 10; microtime(true) < $end; usleep(5000)) {
            $connection = @fsockopen('127.0.0.1', $port);
            if ($connection !== false) {
                fclose($connection);
                return $port;
            }
        }
        throw new \RuntimeException('the web server does not answer');
    }

    /**
     * A new folder that is removed when the tests end.
     */
    public static function folder(): string
    {
        $folder = sys_get_temp_dir() . '/metalease-unit-' . bin2hex(random_bytes(6));
        mkdir($folder);
        register_shutdown_function(static function () use ($folder): void {
            $entries = new \RecursiveIteratorIterator(new \RecursiveDirectoryIterator($folder, \FilesystemIterator::SKIP_DOTS), \RecursiveIteratorIterator::CHILD_FIRST);
            foreach ($entries as $entry) {
                $entry->isDir() ? rmdir($entry->getPathname()) : unlink($entry->getPathname());
            }
            rmdir($folder);
        });
        return $folder;
    }
}
