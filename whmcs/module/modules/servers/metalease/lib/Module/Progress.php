<?php

declare(strict_types=1);

namespace WHMCS\Module\Server\Metalease\Module;

use WHMCS\Module\Server\Metalease\Gateway\Status;
use WHMCS\Module\Server\Metalease\Page\Steps;
use WHMCS\Module\Server\Metalease\Page\Time;

defined('WHMCS') || die();

/**
 * What goes on with a service, in a sentence for support staff.
 */
final class Progress
{
    /** Step => what it is, in the order in which they are done. */
    private const STEPS = [
        'account' => 'preparing the account', 'claim' => 'choosing a server',
        'addresses' => 'adding IP addresses', 'power' => 'switching the server on',
        'install' => 'installing the operating system', 'hand-over' => 'handing the server over',
    ];

    /** Signal => what it is called in WHMCS. */
    private const BUTTONS = [
        'retry' => 'Retry', 'accept' => 'Accept', 'hold' => 'Hold', 'unhold' => 'Unhold', 'terminate' => 'Release now',
    ];

    /**
     * What a service that is not ready is doing, and what to do.
     */
    public static function sentence(Status $status): string
    {
        return match ($status->text('phase')) {
            'pending' => self::pending($status),
            'waiting' => self::waiting($status),
            'attention' => self::attention($status),
            'releasing' => 'The server is being given back' . self::trouble($status) . '.',
            'released' => 'The server was given back.',
            'blocked' => 'The server is blocked: ' . self::blocks($status) . '.',
            default => 'metalease shows the phase "' . $status->text('phase') . '"' . self::trouble($status) . '.',
        };
    }

    /**
     * Why a server is blocked, and who said so.
     */
    public static function blocks(Status $status): string
    {
        $reasons = [];
        foreach ($status->each('blocks') as $block) {
            $reasons[] = sprintf(
                '%s (from %s, since %s)',
                $block->text('reason'),
                $block->text('source') ?: 'unknown',
                substr($block->text('since'), 0, 10)
            );
        }
        return implode('; ', $reasons);
    }

    /**
     * The step, and the time that is left.
     */
    private static function pending(Status $status): string
    {
        $step = $status->text('step');
        $number = array_search($step, array_keys(self::STEPS), true);
        $text = 'In progress: ' . (self::STEPS[$step] ?? 'the build begins');
        if ($number !== false) {
            $text .= sprintf(' (step %d of %d)', $number + 1, count(self::STEPS));
        }
        return $text . self::left($status) . self::trouble($status) . '. WHMCS turns the service Active by itself.';
    }

    /**
     * What is waited for, and the place in the queue.
     */
    private static function waiting(Status $status): string
    {
        $place = $status->number('position');
        [$package, $panel] = [$status->text('package'), $status->text('panel')];
        return "Waiting: no server of the package \"$package\" is free on the panel $panel"
            . ($place > 0 ? ", place $place in the queue" : '') . self::trouble($status)
            . '. It goes on by itself when one is.';
    }

    /**
     * The failure, and the buttons that help.
     */
    private static function attention(Status $status): string
    {
        $button = static fn (string $action) => self::BUTTONS[$action] ?? $action;
        $actions = implode(', ', array_map($button, $status->texts('attention.actions')));
        $message = rtrim($status->text('attention.message'), '.');
        return "Needs attention: $message." . ($actions === '' ? '' : " You can: $actions.");
    }

    /**
     * The install has a deadline of its own; before it the time is what all steps may take.
     */
    private static function left(Status $status): string
    {
        $deadline = $status->text('step') === 'install' ? $status->time('install.deadline') : null;
        $seconds = $deadline === null
            ? (new Steps($status, Time::now()))->left()
            : $deadline->getTimestamp() - time();
        return $seconds > 0 ? ', at most ' . Time::about($seconds) . ' left' : ', later than it should be';
    }

    /**
     * A call that fails and is repeated.
     */
    private static function trouble(Status $status): string
    {
        foreach ($status->each('trouble') as $trouble) {
            return "; {$trouble->text('where')} does not do what it is asked, which is repeated: "
                . rtrim($trouble->text('last_error'), '.');
        }
        return '';
    }
}
