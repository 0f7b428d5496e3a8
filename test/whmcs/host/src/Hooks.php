<?php

declare(strict_types=1);

namespace Host;

/**
 * Hook points. Functions run by rising priority, inside the request.
 */
final class Hooks
{
    /** @var array<string, array<int, list<callable>>> */
    private static array $functions = [];

    /**
     * Loads the hook files of a WHMCS root and of its server modules.
     */
    public static function load(string $root): void
    {
        foreach ([...glob($root . '/includes/hooks/*.php') ?: [], ...glob($root . '/modules/servers/*/hooks.php') ?: []] as $file) {
            if (!str_starts_with(basename($file), '_')) {
                require_once $file;
            }
        }
    }

    /**
     * Registers a function.
     */
    public static function add(string $point, int $priority, callable $function): void
    {
        self::$functions[$point][$priority][] = $function;
    }

    /**
     * Runs a point; a fault in a function breaks the request, as it does in WHMCS.
     *
     * @param array<string, mixed> $vars
     * @return list<mixed> what is not null
     */
    public static function run(string $point, array $vars): array
    {
        $priorities = self::$functions[$point] ?? [];
        ksort($priorities);
        $results = [];
        foreach ($priorities as $functions) {
            foreach (array_merge(...array_fill(0, Ways::times($point), $functions)) as $function) {
                $result = $function($vars);
                if ($result !== null) {
                    $results[] = $result;
                }
            }
        }
        return $results;
    }

    /**
     * Runs a point whose functions may override values: one array of all of them.
     *
     * @param array<string, mixed> $vars
     * @return array<string, mixed>
     */
    public static function overrides(string $point, array $vars): array
    {
        return array_merge([], ...array_filter(self::run($point, $vars), 'is_array'));
    }

    /**
     * The points that have functions.
     *
     * @return list<string>
     */
    public static function points(): array
    {
        return array_keys(self::$functions);
    }
}
