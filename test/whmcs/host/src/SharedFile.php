<?php

declare(strict_types=1);

namespace Host;

/**
 * A transaction takes the write lock at its start: one that reads first and
 * writes later would fail in SQLite where it waits in MySQL.
 */
final class SharedFile extends \PDO
{
    private bool $open = false;

    /**
     * {@inheritDoc}
     */
    public function beginTransaction(): bool
    {
        $this->exec('BEGIN IMMEDIATE');
        return $this->open = true;
    }

    /**
     * {@inheritDoc}
     */
    public function commit(): bool
    {
        $this->exec('COMMIT');
        $this->open = false;
        return true;
    }

    /**
     * {@inheritDoc}
     */
    public function rollBack(): bool
    {
        $this->exec('ROLLBACK');
        $this->open = false;
        return true;
    }

    /**
     * {@inheritDoc}
     */
    public function inTransaction(): bool
    {
        return $this->open;
    }
}
