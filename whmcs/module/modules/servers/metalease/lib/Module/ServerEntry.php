<?php

declare(strict_types=1);

namespace WHMCS\Module\Server\Metalease\Module;

use WHMCS\Database\Capsule;

defined('WHMCS') || die();

/**
 * A server entry of WHMCS stands for one panel.
 *
 * | field of the entry | what it is |
 * | --- | --- |
 * | Hostname (or IP Address), Port, Secure | where metalease's gateway answers |
 * | Username | the panel's name in metalease's configuration |
 * | Password | the secret that WHMCS and the gateway share |
 * | Access Hash | lines, all optional, see below |
 *
 * A line `installation=NAME` in Access Hash is how this WHMCS is named in metalease's configuration (default: main),
 * `ca=/path/to/ca.pem` a private certificate authority, `panel=https://dci.example.com:1500/` the address of the panel
 * that clients are told. A line without a name is the secret, when Password is empty.
 */
final class ServerEntry
{
    /** The module's name, as WHMCS stores it in tblservers.type. */
    public const MODULE = 'metalease';

    /** Ports where the entry names none: the gateway's own, and the usual one beside it with TLS. */
    public const PORT = 8080;
    public const TLS_PORT = 8443;

    /**
     * @param int    $id           id in tblservers; 0 for one that is not saved yet
     * @param string $url          of the gateway, without a slash at its end
     * @param string $installation how this WHMCS is named in metalease's configuration
     * @param string $ca           file of a private certificate authority; empty for the system's
     * @param string $address      of the panel, for clients; empty for none
     */
    private function __construct(
        public readonly int $id,
        public readonly string $url,
        public readonly string $panel,
        public readonly string $secret,
        public readonly string $installation,
        public readonly string $ca,
        public readonly string $address
    ) {
    }

    /**
     * The entry as WHMCS hands it to module functions.
     *
     * @param array<string, mixed> $params
     * @throws Refusal naming the field that is empty
     */
    public static function fromParams(array $params): self
    {
        $host = trim((string) ($params['serverhostname'] ?? '')) ?: trim((string) ($params['serverip'] ?? ''));
        if ($host === '') {
            throw new Refusal("The server entry has no Hostname: it is where metalease's gateway answers.");
        }
        [$lines, $bare] = self::accessHash((string) ($params['serveraccesshash'] ?? ''));
        $secret = html_entity_decode((string) ($params['serverpassword'] ?? ''), ENT_QUOTES) ?: $bare;
        if ($secret === '') {
            throw new Refusal('The server entry has no Password: it is the secret that WHMCS and the gateway share.');
        }
        return new self(
            (int) ($params['serverid'] ?? 0),
            self::url($host, (string) ($params['serverport'] ?? ''), (bool) ($params['serversecure'] ?? false)),
            trim((string) ($params['serverusername'] ?? '')),
            $secret,
            $lines['installation'] ?? Settings::installation(),
            $lines['ca'] ?? '',
            preg_match('~^https?://~i', $lines['panel'] ?? '') === 1 ? $lines['panel'] : ''
        );
    }

    /**
     * An entry by its id.
     *
     * @throws Refusal when it is not one of this module: nothing is sent to it
     */
    public static function find(int $id): self
    {
        $row = $id > 0 ? Capsule::table('tblservers')->where('id', $id)->first() : null;
        if ($row === null) {
            throw new Refusal('No server entry: choose one of the type metalease in the service\'s field "Server".');
        }
        if ($row->type !== self::MODULE) {
            throw new Refusal(sprintf(
                'The server entry "%s" is of the type "%s", not metalease: '
                    . 'choose another in the service\'s field "Server".',
                $row->name,
                $row->type
            ));
        }
        return self::fromParams([
            'serverid' => $id, 'serverhostname' => $row->hostname, 'serverip' => $row->ipaddress,
            'serverport' => $row->port, 'serversecure' => $row->secure === 'on', 'serverusername' => $row->username,
            'serverpassword' => decrypt((string) $row->password), 'serveraccesshash' => $row->accesshash,
        ]);
    }

    /**
     * The ids of all entries of this module.
     *
     * @return list<int>
     */
    public static function ids(): array
    {
        $ids = Capsule::table('tblservers')->where('type', self::MODULE)->orderBy('id')->pluck('id')->all();
        return array_map('intval', $ids);
    }

    /**
     * Reads the lines of Access Hash.
     *
     * @return array{0: array<string, string>, 1: string} the named lines, and the last line without a name
     */
    private static function accessHash(string $text): array
    {
        $named = [];
        $bare = '';
        foreach (preg_split('/\R/', $text) ?: [] as $line) {
            $line = trim($line);
            if (preg_match('/^(installation|ca|panel)\s*=\s*(.+)$/', $line, $found) === 1) {
                $named[$found[1]] = $found[2];
            } elseif ($line !== '') {
                $bare = $line;
            }
        }
        return [$named, $bare];
    }

    /**
     * Where the gateway answers. People put more than a host name into Hostname: what contradicts another field is
     * refused, or the fault would be sought elsewhere.
     *
     * @throws Refusal naming the fields
     */
    private static function url(string $typed, string $port, bool $secure): string
    {
        $scheme = $secure ? 'https' : 'http';
        $v6 = filter_var($typed, FILTER_VALIDATE_IP, FILTER_FLAG_IPV6) !== false;
        $form = '~^(?:(https?)://)?([^\s/:\[\]@?\#]+|\[[0-9a-f:.]+\])(?::(\d{1,5}))?/?$~i';
        if (preg_match($form, $v6 ? "[$typed]" : $typed, $found) !== 1) {
            throw new Refusal(
                "Hostname of the server entry, \"$typed\", is no host name: only the name or the address of the machine"
                . ' on which metalease\'s gateway answers belongs there.'
            );
        }
        [, $said, $host, $own] = $found + [3 => ''];
        if ($said !== '' && strtolower($said) !== $scheme) {
            throw new Refusal(sprintf(
                'Hostname of the server entry says %s, but "Secure" is %s: correct one of them.',
                strtolower($said),
                $secure ? 'on' : 'off'
            ));
        }
        if ($own !== '' && (int) $port !== 0 && (int) $own !== (int) $port) {
            throw new Refusal(
                "Hostname of the server entry names the port $own, the field Port $port: "
                . 'leave the port out of Hostname.'
            );
        }
        $default = $secure ? self::TLS_PORT : self::PORT;
        return "$scheme://$host:" . ((int) $own ?: (int) $port ?: $default);
    }
}
