<?php

declare(strict_types=1);

namespace MetaleaseTest;

/**
 * What the module asked of WHMCS.
 */
final class Remembered
{
    /** @var list<string> */
    public static array $moduleLog = [];

    /** @var list<string> */
    public static array $activity = [];

    /** @var list<array{0: string, 1: array<string, mixed>}> */
    public static array $api = [];

    /** @var array<string, list<callable>> hooks stay registered, as in a WHMCS */
    public static array $hooks = [];

    /**
     * Forgets all but the hooks.
     */
    public static function nothing(): void
    {
        self::$moduleLog = self::$activity = self::$api = [];
    }
}
