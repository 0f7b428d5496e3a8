<?php

declare(strict_types=1);

namespace Host;

use WHMCS\Database\Capsule;

/**
 * A server module of this WHMCS, by its name.
 */
final class ServerModule
{
    /**
     * @param string $name such as metalease
     */
    public function __construct(private string $name)
    {
        $file = $this->folder() . '/' . $name . '.php';
        if ($name !== '' && is_file($file)) {
            require_once $file;
        }
    }

    /**
     * The module's folder.
     */
    public function folder(): string
    {
        return ROOTDIR . '/modules/servers/' . $this->name;
    }

    /**
     * Whether the module has a function.
     */
    public function has(string $function): bool
    {
        return $this->name !== '' && function_exists($this->name . '_' . $function);
    }

    /**
     * Calls a function and keeps a record of it. What it throws becomes its text.
     *
     * @param array<string, mixed> $params
     */
    public function call(string $function, array $params): mixed
    {
        $begun = hrtime(true);
        try {
            $result = ($this->name . '_' . $function)($params);
        } catch (\Throwable $fault) {
            error_log('Uncaught ' . $fault);
            $result = 'Uncaught ' . get_class($fault) . ': ' . $fault->getMessage();
        }
        Capsule::table('host_calls')->insert([
            'function' => $function, 'serviceid' => (int) ($params['serviceid'] ?? 0),
            'result' => is_string($result) ? $result : 'no text', // a page may show its reader a password
            'milliseconds' => intdiv(hrtime(true) - $begun, 1_000_000),
        ]);
        return $result;
    }
}
