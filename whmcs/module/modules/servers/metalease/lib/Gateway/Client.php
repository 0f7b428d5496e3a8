<?php

declare(strict_types=1);

namespace WHMCS\Module\Server\Metalease\Gateway;

use WHMCS\Module\Server\Metalease\Module\ServerEntry;
use WHMCS\Module\Server\Metalease\Module\Settings;
use WHMCS\Module\Server\Metalease\Module\Version;

defined('WHMCS') || die();

/**
 * metalease's gateway as one server entry names it. Every call is signed and written to the module log. Gateways makes
 * one.
 */
final class Client
{
    /** Seconds for the connection; a page or the cron waits behind it. */
    private const CONNECT = 2;

    private const JSON = JSON_THROW_ON_ERROR | JSON_INVALID_UTF8_SUBSTITUTE
        | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE;

    /** What servers say to a call without TLS on a port that has it: Go's, nginx, Apache. */
    private const WANTS_TLS = '/HTTP request (to an HTTPS server|was sent to HTTPS port)'
        . '|plain HTTP to an SSL-enabled server/i';

    /** Errors of curl for an answer that is none: no HTTP/1, nothing at all, closed. */
    private const NO_HTTP = [
        CURLE_UNSUPPORTED_PROTOCOL, CURLE_FTP_WEIRD_SERVER_REPLY, CURLE_GOT_NOTHING, CURLE_RECV_ERROR,
    ];

    private string $panel;

    /** Whether the answer to the present call is shown in no log. */
    private bool $hidden = false;

    /**
     * @param string       $override a panel that goes before the entry's own; empty for none
     * @param list<string> $secrets  what no log may show, beside the shared secret
     * @param Budget|null  $budget   of the calls; null where nobody waits but staff or the cron
     */
    public function __construct(
        private ServerEntry $entry,
        string $override = '',
        private array $secrets = [],
        private ?Budget $budget = null
    ) {
        $this->panel = $override !== '' ? $override : $entry->panel;
    }

    /**
     * The panel's name in metalease's configuration.
     */
    public function panel(): string
    {
        return $this->panel;
    }

    /**
     * Where the gateway answers.
     */
    public function url(): string
    {
        return $this->entry->url;
    }

    /**
     * Calls the gateway: a problem is an answer too.
     *
     * @param string                    $path    with its query, such as /v1/services/101
     * @param array<string, mixed>|null $body    sent as JSON
     * @param int                       $timeout seconds for all of it
     * @param bool                      $secret  whether the answer opens a door: then no log shows it
     * @throws Unreachable when there is no answer, or one that is not metalease's
     */
    public function call(
        string $method,
        string $path,
        ?array $body = null,
        int $timeout = 5,
        bool $secret = false
    ): Reply {
        $this->hidden = $secret;
        $now = time();
        $reply = $this->once($method, $path, $body, $timeout, $now);
        // Another request sent the very same in this second: the gateway cannot tell it from a copy. Signed as of a
        // while ago it is another call.
        return $reply->is('replayed')
            ? $this->once($method, $path, $body, $timeout, $now - random_int(1, 60))
            : $reply;
    }

    /**
     * Sends a call, signed as of a moment.
     *
     * @param array<string, mixed>|null $body
     * @param int                       $moment unix seconds
     * @throws Unreachable
     */
    private function once(string $method, string $path, ?array $body, int $timeout, int $moment): Reply
    {
        $sent = $body === null ? '' : json_encode($body, self::JSON);
        $answer = '';
        try {
            $allowed = $this->budget?->allow($timeout) ?? $timeout;
            $began = microtime(true);
            try {
                [$status, $told, $answer] = $this->send($method, $path, $sent, $allowed, $moment);
            } finally {
                $this->budget?->spend(microtime(true) - $began);
            }
            $decoded = json_decode($answer, true, 64);
            if (!is_array($decoded)) {
                throw new Unreachable($this->stranger($status, $told['location'] ?? '', $answer));
            }
            $this->log($method, $path, $sent, $answer, "HTTP status $status");
            $clock = (int) strtotime($told['date'] ?? '');
            return new Reply($status, $decoded, $clock, $told['x-metalease-version'] ?? '');
        } catch (Unreachable $fault) {
            $this->log($method, $path, $sent, substr($answer, 0, 500), $fault->getMessage());
            throw $fault;
        }
    }

    /**
     * Sends a call and takes the answer as it is.
     *
     * @return array{0: int, 1: array<string, string>, 2: string} HTTP status, headers by their small names, body
     */
    private function send(string $method, string $path, string $body, float $timeout, int $moment): array
    {
        $headers = ['Accept: application/json', 'Content-Type: application/json', 'Expect:'];
        [$secret, $installation] = [$this->entry->secret, $this->entry->installation];
        $system = Settings::systemUrl(); // a copy of this WHMCS has another one, and is refused
        $signed = Signature::headers($secret, $installation, $method, $path, $body, $moment, $system);
        foreach ($signed as $name => $value) {
            $headers[] = "$name: $value";
        }
        $told = [];
        $curl = curl_init($this->entry->url . $path);
        curl_setopt_array($curl, [
            CURLOPT_CUSTOMREQUEST => $method, CURLOPT_HTTPHEADER => $headers, CURLOPT_RETURNTRANSFER => true,
            CURLOPT_CONNECTTIMEOUT => self::CONNECT, CURLOPT_TIMEOUT_MS => (int) ($timeout * 1000),
            CURLOPT_FOLLOWLOCATION => false,
            CURLOPT_PROTOCOLS => CURLPROTO_HTTP | CURLPROTO_HTTPS,
            CURLOPT_SSL_VERIFYPEER => true, CURLOPT_SSL_VERIFYHOST => 2,
            CURLOPT_USERAGENT => 'metalease-whmcs/' . Version::NUMBER, CURLOPT_NOSIGNAL => true,
            CURLOPT_HEADERFUNCTION => static function ($curl, string $line) use (&$told): int {
                [$name, $value] = explode(':', $line, 2) + [1 => ''];
                $told[strtolower($name)] = trim($value);
                return strlen($line);
            },
        ]);
        if ($body !== '') {
            curl_setopt($curl, CURLOPT_POSTFIELDS, $body);
        }
        if ($this->entry->ca !== '') {
            curl_setopt($curl, CURLOPT_CAINFO, $this->entry->ca);
        }
        $answer = curl_exec($curl);
        if (!is_string($answer)) {
            if (curl_errno($curl) === CURLE_OPERATION_TIMEDOUT) {
                $this->budget?->giveUp();
            }
            throw new Unreachable($this->unreachable(curl_errno($curl), curl_error($curl)));
        }
        return [(int) curl_getinfo($curl, CURLINFO_RESPONSE_CODE), $told, $answer];
    }

    /**
     * What to look at when something else answers. A port that wants TLS says so in its own way, or by a redirect.
     */
    private function stranger(int $status, string $location, string $answer): string
    {
        $plain = str_starts_with($this->entry->url, 'http:');
        if ($plain && (preg_match(self::WANTS_TLS, $answer) === 1 || str_starts_with($location, 'https://'))) {
            return $this->wantsTls();
        }
        return "What answers at {$this->entry->url} is not metalease's gateway: HTTP status $status, and no JSON."
            . ($location === '' ? '' : " It sends calls on to $location.");
    }

    /**
     * What is to be done where Secure is off, and the gateway has a certificate.
     */
    private function wantsTls(): string
    {
        return "What answers at {$this->entry->url} wants TLS: turn \"Secure\" on in the server entry.";
    }

    /**
     * The fault behind curl's error, and what to look at.
     */
    private function unreachable(int $code, string $words): string
    {
        $where = "metalease's gateway at {$this->entry->url}";
        $plain = str_starts_with($this->entry->url, 'http:');
        if ($plain && in_array($code, self::NO_HTTP, true)) {
            return "What answers at {$this->entry->url} does not speak HTTP without TLS, or closes the connection: "
                . "is \"Secure\" right on the server entry? ($words)";
        }
        return match ($code) {
            CURLE_COULDNT_RESOLVE_HOST => "$where cannot be found: there is no such host name.",
            CURLE_COULDNT_CONNECT
                => $where . ' cannot be reached: is "starter serve" running, and does a firewall let WHMCS through?',
            CURLE_OPERATION_TIMEDOUT => "$where did not answer in time. Nothing is lost: ask again in a minute.",
            CURLE_SSL_CACERT, CURLE_SSL_PEER_CERTIFICATE, CURLE_SSL_CACERT_BADFILE
                => "The certificate of $where is not trusted: $words.",
            CURLE_SSL_CONNECT_ERROR => "$where does not speak TLS: is \"Secure\" right on the server entry? ($words)",
            default => "$where cannot be reached: $words.",
        };
    }

    /**
     * Writes to the module log, which an administrator has to enable.
     */
    private function log(string $method, string $path, string $request, string $response, string $outcome): void
    {
        logModuleCall(
            ServerEntry::MODULE,
            $method . ' ' . explode('?', $path)[0],
            trim("$method $path\n$request"),
            $this->hidden ? '(not shown)' : $response,
            $outcome,
            Secrets::forms($this->entry->secret, ...$this->secrets)
        );
    }
}
