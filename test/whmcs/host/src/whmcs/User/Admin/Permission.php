<?php

declare(strict_types=1);

namespace WHMCS\User\Admin;

/**
 * What the role of the administrator who is logged in allows: everything, but for what $refused names.
 */
class Permission
{
    /** @var list<string> */
    public static array $refused = [];

    /**
     * Whether the role allows something.
     */
    public static function currentAdminHasPermissionName(string $name): bool
    {
        return (int) ($_SESSION['adminid'] ?? 0) > 0 && !in_array($name, self::$refused, true);
    }
}
