<?php

declare(strict_types=1);

namespace Host;

/**
 * Binds this program and what it starts to the life of its caller, who holds the other end of standard input.
 */
final class Tether
{
    /**
     * Makes this program the leader of a process group of its own.
     */
    public static function hold(): void
    {
        if (posix_getpgid(0) !== posix_getpid()) {
            posix_setpgid(0, 0);
        }
    }

    /**
     * Waits until standard input ends, then ends the group.
     */
    public static function wait(): never
    {
        while (fgets(STDIN) !== false) {
            continue;
        }
        self::cut();
    }

    /**
     * Ends the group, this program included.
     */
    public static function cut(): never
    {
        posix_kill(-posix_getpid(), SIGKILL);
        exit(1);
    }
}
