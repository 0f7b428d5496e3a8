<?php

declare(strict_types=1);

namespace WHMCS\Module\Server\Metalease\Module;

use WHMCS\Module\Server\Metalease\Gateway\Unreachable;

defined('WHMCS') || die();

/**
 * No fault leaves the module: WHMCS would show it on a page, or break the cron.
 */
final class Guard
{
    /** What is said of a fault of the module itself, whose own words may hold anything. */
    private const INTERNAL = 'metalease: an internal error; the activity log says which.';

    /**
     * Runs a module function and returns its text, or why it could not be done.
     *
     * @param callable(): string $function
     */
    public static function text(callable $function): string
    {
        try {
            return Text::plain($function());
        } catch (Refusal | Unreachable $fault) {
            return $fault->getMessage();
        } catch (\Throwable $fault) {
            return self::internal($fault);
        }
    }

    /**
     * Runs a function that answers something else than a text.
     *
     * @template T
     * @param callable(): T         $function
     * @param callable(string): T   $otherwise makes the answer of what went wrong
     * @return T
     */
    public static function value(callable $function, callable $otherwise): mixed
    {
        try {
            return $function();
        } catch (Refusal | Unreachable $fault) {
            return $otherwise($fault->getMessage());
        } catch (\Throwable $fault) {
            return $otherwise(self::internal($fault));
        }
    }

    /**
     * Runs a hook. Nobody waits for its words; the cron does later what it could not do.
     *
     * @param callable(): void $function
     */
    public static function hook(callable $function): void
    {
        try {
            $function();
        } catch (Refusal | Unreachable) {
            return;
        } catch (\Throwable $fault) {
            self::internal($fault);
        }
    }

    /**
     * Writes a fault of the module to the activity log.
     */
    private static function internal(\Throwable $fault): string
    {
        // The class and the place: the message of a fault may hold what somebody typed.
        $where = sprintf('%s in %s line %d', get_class($fault), basename($fault->getFile()), $fault->getLine());
        try {
            Text::log("internal error: $where");
        } catch (\Throwable) {
            error_log("metalease: internal error: $where");
        }
        return self::INTERNAL;
    }
}
