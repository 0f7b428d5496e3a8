<?php

declare(strict_types=1);

namespace WHMCS\Config;

/**
 * tblconfiguration, as modules read and write it.
 */
class Setting
{
    /**
     * A setting's value; null when there is none.
     */
    public static function getValue(string $name): ?string
    {
        return \Host\Setting::find($name);
    }

    /**
     * Writes a setting.
     */
    public static function setValue(string $name, mixed $value): void
    {
        \Host\Setting::set($name, (string) $value);
    }
}
