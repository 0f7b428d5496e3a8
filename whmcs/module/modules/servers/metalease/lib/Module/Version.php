<?php

declare(strict_types=1);

namespace WHMCS\Module\Server\Metalease\Module;

defined('WHMCS') || die();

/**
 * The version of this tree.
 */
final class Version
{
    /** What is not packed has no version. */
    public const NONE = '0.0.0-dev';

    public const NUMBER = '0.0.0-dev';

    /**
     * What to do where the gateway is of another version; empty for nothing.
     *
     * @param string $gateway its version; empty when it told none
     * @param string $module  that of the module
     */
    public static function apart(string $gateway, string $module = self::NUMBER): string
    {
        if ($gateway === $module || $gateway === self::NONE || $module === self::NONE) {
            return '';
        }
        return "This module is version $module, the gateway " . ($gateway === '' ? 'an older one' : $gateway)
            . ': bring the older of both up to the newer. '
            . 'If you have just updated the module, PHP still runs the old files: reload PHP.';
    }
}
