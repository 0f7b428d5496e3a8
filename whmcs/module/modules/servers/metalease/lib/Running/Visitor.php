<?php

declare(strict_types=1);

namespace WHMCS\Module\Server\Metalease\Running;

use WHMCS\Authentication\CurrentUser;
use WHMCS\Database\Capsule;
use WHMCS\Module\Server\Metalease\Module\Text;
use WHMCS\User\Admin\Permission;

defined('WHMCS') || die();

/**
 * Who sits in front of the page, and how the timeline names them. An actor is {kind, name}, as the gateway takes it.
 */
final class Visitor
{
    /** Permission of a role, by its name in WHMCS. */
    public const OPERATES = 'Perform Server Operations';

    /**
     * The client who is signed in; 0 for none.
     */
    public static function client(): int
    {
        if (class_exists(CurrentUser::class)) {
            return (int) ((new CurrentUser())->client()->id ?? 0);
        }
        return (int) ($_SESSION['uid'] ?? 0);
    }

    /**
     * The administrator who is signed in; 0 for none.
     */
    public static function admin(): int
    {
        return (int) ($_SESSION['adminid'] ?? 0);
    }

    /**
     * Whether the person who is signed in for a client may sign in to the client's products. An account may have
     * several people, of whom some look after invoices or tickets alone; WHMCS checks that on its own pages.
     */
    public static function maySignOn(int $client): bool
    {
        $person = class_exists(CurrentUser::class) ? (int) ((new CurrentUser())->user()->id ?? 0) : 0;
        if ($person === 0 || !Capsule::schema()->hasTable('tblusers_clients')) {
            return true; // WHMCS knows of no one but the client
        }
        $row = Capsule::table('tblusers_clients')->where('auth_user_id', $person)->where('client_id', $client)->first();
        return $row === null || (int) $row->owner === 1
            || preg_match('/\bproductsso\b/', (string) $row->permissions) === 1;
    }

    /**
     * Whether the administrator's role allows what WHMCS's own buttons for servers need. WHMCS checks it for those
     * alone: a page of ours is open to every role.
     */
    public static function mayOperate(): bool
    {
        return self::admin() > 0 && class_exists(Permission::class)
            && Permission::currentAdminHasPermissionName(self::OPERATES);
    }

    /**
     * A client as an actor.
     *
     * @return array{kind: string, name: string}
     */
    public static function asClient(int $client): array
    {
        $mail = Text::clean((string) Capsule::table('tblclients')->where('id', $client)->value('email'));
        return ['kind' => 'client', 'name' => $mail ?: "client $client"];
    }

    /**
     * The administrator as an actor; without one it is WHMCS itself, such as its API or its cron.
     *
     * @return array{kind: string, name: string}
     */
    public static function asStaff(): array
    {
        $admin = self::admin();
        $name = $admin === 0 ? '' : (string) Capsule::table('tbladmins')->where('id', $admin)->value('username');
        return $admin === 0 ? ['kind' => 'staff', 'name' => 'WHMCS']
            : ['kind' => 'staff', 'name' => Text::clean($name) ?: "admin $admin"];
    }

    /**
     * Whether the request carries the token of a form of this session. WHMCS ends the request of another one itself.
     */
    public static function sentTheForm(): bool
    {
        return ($_SERVER['REQUEST_METHOD'] ?? '') === 'POST'
            && function_exists('check_token') && check_token('WHMCS.default') !== false;
    }

    /**
     * The token for a form of this session.
     */
    public static function token(): string
    {
        return function_exists('generate_token') ? (string) generate_token('plain') : '';
    }

    /**
     * A new name of a click. It stands in a form: sent twice, it is one click.
     */
    public static function newClick(): string
    {
        return bin2hex(random_bytes(16));
    }

    /**
     * The click of a form that was sent; a new one where it carries none.
     */
    public static function click(mixed $typed): string
    {
        return is_string($typed) && preg_match('/^[0-9a-f]{32}$/D', $typed) === 1 ? $typed : self::newClick();
    }
}
