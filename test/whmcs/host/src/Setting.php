<?php

declare(strict_types=1);

namespace Host;

use WHMCS\Database\Capsule;

/**
 * Rows of tblconfiguration.
 */
final class Setting
{
    /**
     * A setting's value; null when there is none.
     */
    public static function find(string $name): ?string
    {
        return Capsule::table('tblconfiguration')->where('setting', $name)->value('value');
    }

    /**
     * A setting's value, or another when it is missing or empty.
     */
    public static function get(string $name, string $else = ''): string
    {
        $value = self::find($name);
        return $value === null || $value === '' ? $else : $value;
    }

    /**
     * Writes a setting.
     */
    public static function set(string $name, string $value): void
    {
        Capsule::table('tblconfiguration')->updateOrInsert(['setting' => $name], ['value' => $value]);
    }
}
