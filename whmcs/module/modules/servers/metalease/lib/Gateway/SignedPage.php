<?php

declare(strict_types=1);

namespace WHMCS\Module\Server\Metalease\Gateway;

use WHMCS\Module\Server\Metalease\Module\Guard;
use WHMCS\Module\Server\Metalease\Module\ServerEntry;
use WHMCS\Module\Server\Metalease\Module\Text;

defined('WHMCS') || die();

/**
 * A page that metalease's worker asks: a POST of JSON, signed as calls to the gateway are, with the password of a
 * server entry of this module. What it says is written to no log.
 */
final class SignedPage
{
    /** Far above every list of services that is asked for. */
    private const LARGEST = 65536;

    /**
     * Answers the request that PHP runs for.
     *
     * @param callable(array<string, mixed>, string): array{0: int, 1: array<string, mixed>} $answer
     */
    public static function serve(callable $answer): void
    {
        $body = (string) file_get_contents('php://input', false, null, 0, self::LARGEST + 1);
        [$status, $json] = $answer($_SERVER, $body);
        http_response_code($status);
        header('Content-Type: ' . ($status === 200 ? 'application/json' : 'application/problem+json'));
        header('Cache-Control: no-store');
        echo json_encode($json, JSON_THROW_ON_ERROR | JSON_UNESCAPED_SLASHES | JSON_INVALID_UTF8_SUBSTITUTE);
    }

    /**
     * The answer to a request.
     *
     * @param string               $name   of the page, for the activity log
     * @param array<string, mixed> $server as $_SERVER
     * @param callable(mixed): array{0: int, 1: array<string, mixed>} $found answers what was asked for
     * @return array{0: int, 1: array<string, mixed>} HTTP status and JSON
     */
    public static function answer(string $name, array $server, string $body, callable $found): array
    {
        try {
            if (($server['REQUEST_METHOD'] ?? '') !== 'POST') {
                return self::problem(405, 'wrong-method', 'Only POST is served');
            }
            return self::refused($server, $body) ?? $found(json_decode($body, true, 8));
        } catch (\Throwable $fault) {
            $where = get_class($fault) . ' in ' . basename($fault->getFile()) . ' line ' . $fault->getLine();
            Text::log("$name failed: $where");
            return self::problem(500, 'internal', 'WHMCS could not answer');
        }
    }

    /**
     * A problem as RFC 9457 has it.
     *
     * @return array{0: int, 1: array<string, mixed>}
     */
    public static function problem(int $status, string $slug, string $title): array
    {
        return [$status, ['type' => '/problems/' . $slug, 'title' => $title, 'status' => $status]];
    }

    /**
     * Why the call is refused; null when its signature is right.
     *
     * @param array<string, mixed> $server
     * @return array{0: int, 1: array<string, mixed>}|null
     */
    private static function refused(array $server, string $body): ?array
    {
        $header = static fn (string $name): string => (string) ($server['HTTP_X_METALEASE_' . $name] ?? '');
        [$installation, $timestamp, $signature] = [$header('INSTALLATION'), $header('TIMESTAMP'), $header('SIGNATURE')];
        $target = (string) ($server['REQUEST_URI'] ?? '');
        $entry = null;
        foreach (ServerEntry::ids() as $id) {
            $candidate = Guard::value(static fn () => ServerEntry::find($id), static fn () => null);
            $secret = $candidate->secret ?? '';
            if (Signature::matches($signature, $secret, $installation, $timestamp, 'POST', $target, $body)) {
                $entry = $candidate;
            }
        }
        return match (true) {
            $entry === null
                => self::problem(401, 'wrong-signature', 'No server entry of the type metalease has this secret'),
            !Signature::fresh($timestamp, time())
                => self::problem(401, 'stale', 'The time of the call is more than 5 minutes off: check both clocks'),
            $installation !== $entry->installation
                => self::problem(403, 'wrong-installation', "This WHMCS is the installation {$entry->installation}"),
            default => null,
        };
    }
}
