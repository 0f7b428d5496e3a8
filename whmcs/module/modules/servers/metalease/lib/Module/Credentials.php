<?php

declare(strict_types=1);

namespace WHMCS\Module\Server\Metalease\Module;

use WHMCS\Database\Capsule;

defined('WHMCS') || die();

/**
 * The name and the password of the panel account that a service may get. What is there is never replaced.
 */
final class Credentials
{
    private const LENGTH = 16;

    /** One of each at least; what looks alike, and what a form or a URL would change, is left out. */
    private const CLASSES = ['ABCDEFGHJKLMNPQRSTUVWXYZ', 'abcdefghijkmnopqrstuvwxyz', '23456789', '-_.!@*'];

    /**
     * Fills an empty username and an empty password of a service, in WHMCS.
     */
    public static function fill(Service $service): void
    {
        if ($service->username === '') {
            Capsule::table('tblhosting')->where('id', $service->id)->where('username', '')
                ->update(['username' => self::username($service->id)]);
        }
        $stored = (string) Capsule::table('tblhosting')->where('id', $service->id)->value('password');
        if ($stored === '' || decrypt($stored) === '') {
            // Only over what was read: two requests at once must not each show another password.
            Capsule::table('tblhosting')->where('id', $service->id)->where('password', $stored)
                ->update(['password' => encrypt(self::password())]);
        }
    }

    /**
     * The username of a service that has none.
     */
    public static function username(int $serviceId): string
    {
        return 'u' . $serviceId;
    }

    /**
     * The service after which a username is named; 0 for none.
     */
    public static function namedAfter(string $username): int
    {
        $id = (int) substr($username, 1);
        return $id > 0 && self::username($id) === $username ? $id : 0;
    }

    /**
     * A new password: 16 characters of four classes.
     */
    public static function password(): string
    {
        $all = implode('', self::CLASSES);
        $characters = array_map(self::pick(...), self::CLASSES);
        while (count($characters) < self::LENGTH) {
            $characters[] = self::pick($all);
        }
        // The classes must not stand in a known order, and shuffle() is no CSPRNG.
        for ($i = self::LENGTH - 1; $i > 0; $i--) {
            $j = random_int(0, $i);
            [$characters[$i], $characters[$j]] = [$characters[$j], $characters[$i]];
        }
        return implode('', $characters);
    }

    /**
     * One character.
     */
    private static function pick(string $from): string
    {
        return $from[random_int(0, strlen($from) - 1)];
    }
}
