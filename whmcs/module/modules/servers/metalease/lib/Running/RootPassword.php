<?php

declare(strict_types=1);

namespace WHMCS\Module\Server\Metalease\Running;

use WHMCS\Database\Capsule;

defined('WHMCS') || die();

/**
 * The root password that a customer types for a reinstall. It waits here, encrypted by WHMCS, until the worker fetches
 * it, and becomes the service's own when the install has ended well. It never travels with a call to the gateway.
 */
final class RootPassword
{
    public const SHORTEST = 10;
    public const LONGEST = 32;

    /** Characters beside letters and digits: those that no form, URL or shell of an installer changes. */
    public const SIGNS = '-_.,:=+!@*';

    /** Seconds that it waits for an install to begin; a wish that old is not begun any more. */
    private const WAITS = 3600;

    /** Seconds that it is kept for an install that has fetched it and may end late. */
    private const LASTS = 3 * 86400;

    /** Seconds after which an install that was asked for is known to run, or never will. */
    private const MOMENT = 60;

    private const NAME = 'root-password';

    /** Since when the service's password is no longer the one of the panel account that it may have made. */
    private const CHANGED = 'root-changed';

    /**
     * Whether the rules that the form shows allow it.
     */
    public static function allowed(string $password): bool
    {
        $all = '[A-Za-z0-9' . preg_quote(self::SIGNS, '/') . ']{' . self::SHORTEST . ',' . self::LONGEST . '}';
        return preg_match("/^$all$/D", $password) === 1
            && preg_match('/[A-Z]/', $password) === 1 && preg_match('/[a-z]/', $password) === 1
            && preg_match('/[0-9]/', $password) === 1;
    }

    /**
     * The rules, as the words of a text.
     *
     * @return array<string, string|int>
     */
    public static function rules(): array
    {
        return [
            'shortest' => self::SHORTEST, 'longest' => self::LONGEST,
            'signs' => implode(' ', str_split(self::SIGNS)),
        ];
    }

    /**
     * Leaves a password for the install that this click asks for, while no install is known to run. One that was left
     * a moment ago by another click stays: its install may be about to begin. One that an install has fetched is on the
     * server, although WHMCS does not have it yet: it stays beside the new one.
     *
     * @return bool false while another one is on its way
     */
    public static function leave(int $serviceId, string $click, string $password): bool
    {
        $there = self::waiting($serviceId);
        if ($there !== null && $there['click'] === $click) {
            return true;
        }
        if ($there !== null && (Kept::find($serviceId, self::NAME)?->age() ?? 0) <= self::MOMENT) {
            return false;
        }
        Kept::drop($serviceId, self::NAME);
        $before = match (true) {
            $there === null => '',
            $there['fetched'] => $there['text'],
            default => $there['before'],
        };
        $row = ['click' => $click, 'text' => encrypt($password), 'fetched' => false, 'before' => $before];
        return Kept::add($serviceId, self::NAME, (string) json_encode($row))
            || (self::waiting($serviceId)['click'] ?? '') === $click;
    }

    /**
     * The install that this click asked for was refused. Without a click: whatever waits is for no install any more.
     * The one that an install before has fetched waits on.
     */
    public static function forget(int $serviceId, string $click = ''): void
    {
        $there = self::waiting($serviceId);
        if ($there === null || ($click !== '' && $there['click'] !== $click)) {
            return;
        }
        Kept::drop($serviceId, self::NAME);
        if ($there['before'] !== '') {
            $row = ['click' => '', 'text' => $there['before'], 'fetched' => true, 'before' => ''];
            Kept::add($serviceId, self::NAME, (string) json_encode($row));
        }
    }

    /**
     * The password that waits, for the worker; null for none.
     */
    public static function fetch(int $serviceId): ?string
    {
        $kept = Kept::find($serviceId, self::NAME);
        $there = self::waiting($serviceId);
        if ($kept === null || $there === null) {
            return null;
        }
        if (!$there['fetched']) {
            $kept->replace($serviceId, self::NAME, (string) json_encode(['fetched' => true] + $there));
        }
        return decrypt($there['text']);
    }

    /**
     * The install has ended well: the password becomes the service's own. Again, it is that already.
     *
     * @return bool false when there is none that an install has fetched
     */
    public static function keep(int $serviceId): bool
    {
        $there = self::waiting($serviceId);
        if ($there === null) {
            return Kept::find($serviceId, self::CHANGED) !== null;
        }
        $text = $there['fetched'] ? $there['text'] : $there['before'];
        if ($text === '') {
            return false;
        }
        Capsule::table('tblhosting')->where('id', $serviceId)->update(['password' => encrypt(decrypt($text))]);
        Kept::put($serviceId, self::CHANGED, '');
        if ($there['fetched']) {
            Kept::drop($serviceId, self::NAME);
        } else {
            $row = (string) json_encode(['before' => ''] + $there);
            Kept::find($serviceId, self::NAME)?->replace($serviceId, self::NAME, $row);
        }
        return true;
    }

    /**
     * Whether the service's password in WHMCS was ever changed by a reinstall: then it opens the server, and not the
     * panel account that was made with the one before it.
     */
    public static function changed(int $serviceId): bool
    {
        return Kept::find($serviceId, self::CHANGED) !== null;
    }

    /**
     * What waits and is not too old; what is too old is dropped.
     *
     * @return array{click: string, text: string, fetched: bool, before: string}|null
     */
    private static function waiting(int $serviceId): ?array
    {
        $kept = Kept::find($serviceId, self::NAME);
        if ($kept === null) {
            return null;
        }
        $there = $kept->json() + ['click' => '', 'text' => '', 'fetched' => false];
        if ($kept->age() > ($there['fetched'] === true ? self::LASTS : self::WAITS)) {
            Kept::drop($serviceId, self::NAME);
            return null;
        }
        return [
            'click' => (string) $there['click'], 'text' => (string) $there['text'],
            'fetched' => $there['fetched'] === true, 'before' => (string) ($there['before'] ?? ''),
        ];
    }
}
