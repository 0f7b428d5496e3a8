<?php

declare(strict_types=1);

namespace Host;

use Illuminate\Database\MySqlConnection;
use Illuminate\Database\QueryException;

/**
 * Runs queries, and writes each that fails to PHP's log: a module may swallow the fault.
 */
final class Queries extends MySqlConnection
{
    /**
     * {@inheritDoc}
     */
    protected function runQueryCallback($query, $bindings, \Closure $callback)
    {
        try {
            return parent::runQueryCallback($query, $bindings, $callback);
        } catch (QueryException $fault) {
            error_log('Query failed: ' . $fault->getPrevious()?->getMessage() . ' in ' . $query . ' at ' . self::caller());
            throw $fault;
        }
    }

    /**
     * The place outside of Illuminate that ran the query.
     */
    private static function caller(): string
    {
        foreach (debug_backtrace(DEBUG_BACKTRACE_IGNORE_ARGS) as $frame) {
            if (isset($frame['file']) && !str_contains($frame['file'], '/Illuminate/') && $frame['file'] !== __FILE__) {
                return basename($frame['file']) . ' line ' . $frame['line'];
            }
        }
        return 'an unknown place';
    }
}
