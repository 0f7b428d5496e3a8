<?php

declare(strict_types=1);

namespace MetaleaseTest;

/**
 * A web server that answers as a test says, and only to calls whose signature is right.
 */
final class FakeGateway
{
    public const SECRET = 'a+b/c "d" & <é>';
    public const INSTALLATION = 'main';

    /** Stands for every call that is not named. */
    public const ANY = '*';

    private static int $port = 0;
    private static string $folder = '';

    /**
     * The port of the server; it is started when it is first needed, and ends with the tests.
     */
    public static function port(): int
    {
        if (self::$port === 0) {
            self::$folder = WebServer::folder();
            self::$port = WebServer::start(
                [__DIR__ . '/gateway-router.php'],
                ['FAKE_FOLDER' => self::$folder, 'FAKE_SECRET' => self::SECRET, 'FAKE_INSTALLATION' => self::INSTALLATION]
            );
        }
        return self::$port;
    }

    /**
     * Says what is answered: "METHOD path" without the query => [status, body, seconds that it takes], or a list of such, of which the last stays.
     * ANY stands for all others.
     *
     * @param array<string, array<int, mixed>> $replies
     */
    public static function answers(array $replies): void
    {
        self::port();
        file_put_contents(self::$folder . '/replies.json', json_encode($replies, JSON_THROW_ON_ERROR));
        file_put_contents(self::$folder . '/calls.jsonl', '');
    }

    /**
     * The calls since then.
     *
     * @return list<array{call: string, query: string, body: mixed, raw: string, system: string, signed: int}>
     */
    public static function calls(): array
    {
        $lines = array_filter(explode("\n", (string) file_get_contents(self::$folder . '/calls.jsonl')));
        return array_map(static fn (string $line) => json_decode($line, true, 64, JSON_THROW_ON_ERROR), array_values($lines));
    }
}
