<?php

declare(strict_types=1);

namespace WHMCS\Module\Server\Metalease\Running;

use WHMCS\Database\Capsule;
use WHMCS\Module\Server\Metalease\Module\Credentials;
use WHMCS\Module\Server\Metalease\Module\Guard;
use WHMCS\Module\Server\Metalease\Module\ServerEntry;
use WHMCS\Module\Server\Metalease\Module\Service;

defined('WHMCS') || die();

/**
 * What opens which door. All servers that a client has on one panel belong to one panel account, made with the username
 * and the password of the first of them. Each server has a root password of its own: the password of its service. So
 * the password of a service opens the panel only where that service made the account, and only until a reinstall.
 */
final class Login
{
    /**
     * @param string $panel    address of the panel; empty where nobody said it
     * @param string $account  the client's account on it
     * @param string $password of the account, where this service's opens it; empty for one that the client has already
     * @param string $user     of the server: root, or Administrator
     * @param string $root     its password, as of the last installation here
     */
    public function __construct(
        public readonly string $panel,
        public readonly string $account,
        public readonly string $password,
        public readonly string $user,
        public readonly string $root
    ) {
    }

    /**
     * The login data of a service.
     */
    public static function of(Service $service): self
    {
        $row = Capsule::table('tblhosting')->where('id', $service->id)->value('password');
        $own = (string) decrypt((string) $row);
        return new self(
            Guard::value(static fn () => ServerEntry::find($service->entry)->address, static fn () => ''),
            $service->username,
            self::opens($service) ? $own : '',
            Templates::user(Kept::find($service->id, 'template')?->value ?: Templates::own($service)),
            $own
        );
    }

    /**
     * Whether the password of a service opens the panel account: it made that account. Most accounts bear the name of
     * the service that made them, which need not be the oldest: the first that is paid is built first. Else no older
     * service of the client may have that account.
     */
    private static function opens(Service $service): bool
    {
        if ($service->username === '' || RootPassword::changed($service->id)) {
            return false;
        }
        $maker = Credentials::namedAfter($service->username);
        if (Capsule::table('tblhosting')->where('userid', $service->client)->where('id', $maker)->exists()) {
            return $maker === $service->id;
        }
        // Whatever became of it: an account outlives the service that made it.
        return !Capsule::table('tblhosting')->where('userid', $service->client)->where('id', '<', $service->id)
            ->where('username', $service->username)->exists();
    }
}
