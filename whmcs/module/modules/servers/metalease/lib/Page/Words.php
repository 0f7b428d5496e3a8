<?php

declare(strict_types=1);

namespace WHMCS\Module\Server\Metalease\Page;

use WHMCS\Module\Server\Metalease\Gateway\Status;

defined('WHMCS') || die();

/**
 * What a customer reads about a service. No code, no name of a panel and no text
 * of a vendor comes here: the only foreign text is the reason that staff gave in WHMCS,
 * which WHMCS shows to the customer as well.
 */
final class Words
{
    /** @var string colour of the page: info, warning, success or muted */
    public string $tone = 'info';

    public string $headline = '';

    /** @var list<string> why things are as they are */
    public array $reasons = [];

    /** Until when a blocked server is kept; empty when there is no such date. */
    public string $until = '';

    /** @var list<string> what follows for the customer */
    public array $sentences = [];

    /**
     * Words for a service that the gateway knows.
     *
     * @param bool $paid whether WHMCS shows it as paid
     */
    public static function of(Status $status, Time $time, bool $paid = false): self
    {
        $phase = $status->text('phase');
        return match (true) {
            $status->abandoned() && $phase !== 'active' && $phase !== 'blocked',
            $phase === 'attention' => self::delayed(),
            $phase === 'pending' => self::building(),
            $phase === 'waiting' => self::waiting(),
            $phase === 'active' => self::active($status, $time),
            $phase === 'blocked' => self::blocked($status, $time, $paid),
            $phase === 'releasing' => new self('muted', 'This service is ending', 'Your server is being taken back.'),
            $phase === 'released' => new self(
                'muted',
                'This service has ended',
                'The server is no longer yours, and what was on it cannot be restored.'
            ),
            default => self::unreachable(),
        };
    }

    /**
     * Words for a service of which the gateway knows nothing.
     *
     * @param string $status of the service in WHMCS
     */
    public static function unknown(string $status): self
    {
        return match ($status) {
            'Pending' => new self(
                'info',
                'Your order is being prepared',
                'The setup of your server begins when your order is confirmed and paid.'
            ),
            'Active', 'Suspended' => new self(
                'muted',
                'Your server',
                'There are no further details of your server here. If you need them, please ask our support.'
            ),
            default => new self('muted', 'This service has ended', 'There is no server for this service any more.'),
        };
    }

    /**
     * Words when nobody can say how things are.
     */
    public static function unreachable(): self
    {
        return new self(
            'muted',
            'The details cannot be shown right now',
            'Your service is not affected. Please look again in a few minutes.'
        );
    }

    /**
     * @param string $tone info, warning, success or muted
     */
    private function __construct(string $tone, string $headline, string ...$sentences)
    {
        [$this->tone, $this->headline, $this->sentences] = [$tone, $headline, array_values($sentences)];
    }

    /**
     * Words while the server is built.
     */
    private static function building(): self
    {
        return new self(
            'info',
            'Your server is being set up',
            'This goes on by itself. You can close this page; we send you an email when the server is ready.'
        );
    }

    /**
     * Words while no server is free.
     */
    private static function waiting(): self
    {
        return new self(
            'warning',
            'Your order is in the queue',
            'All servers of this kind are in use at the moment. '
                . 'Orders are served in the order in which they were paid.',
            'The setup begins by itself as soon as a server is free, and we send you an email when it is ready. '
                . 'You do not need to do anything.'
        );
    }

    /**
     * Words while a person has to look.
     */
    public static function delayed(): self
    {
        return new self(
            'warning',
            'The setup takes longer than usual',
            'Our team has been told and is looking after it. Your order is safe, and you do not need to do anything.'
        );
    }

    /**
     * Words for an order that our team has ended before there was a server.
     */
    public static function ended(): self
    {
        return new self(
            'muted',
            'This order was ended',
            'No server is being set up for it. If you did not expect this, please contact our support.'
        );
    }

    /**
     * Words for an order that something stops which the customer can know.
     *
     * @param string $why    stopped_name, stopped_choice, or empty
     * @param string $domain the host name that was ordered
     */
    public static function stopped(string $why, string $domain): self
    {
        $words = self::delayed();
        $words->reasons = match ($why) {
            'stopped_name' => ["The host name that was ordered, \"$domain\", cannot be the name of a server."],
            'stopped_choice' => ['A choice of your order has to be checked by our team.'],
            default => [],
        };
        return $words;
    }

    /**
     * Words for a customer who has the server.
     */
    private static function active(Status $status, Time $time): self
    {
        if (self::stillInstalling($status, $time)) {
            return new self(
                'info',
                'Your server is almost ready',
                'The operating system is still being installed. You can log in when that is done.'
            );
        }
        if ($status->is('order.dont_wait') && str_starts_with($status->text('attention.code'), 'install_')) {
            return new self(
                'warning',
                'Your server is almost ready',
                'The installation takes longer than usual. Our team has been told and is looking after it.'
            );
        }
        return new self('success', 'Your server is ready');
    }

    /**
     * Whether a server was handed over while its operating system is being installed.
     */
    public static function stillInstalling(Status $status, Time $time): bool
    {
        $deadline = $status->time('install.deadline');
        return $status->text('phase') === 'active' && $status->is('order.dont_wait') && !$status->has('attention')
            && $deadline !== null && $time->ahead($deadline) && $status->time('install.finished_at') === null;
    }

    /**
     * Words for a customer who cannot use the server.
     */
    private static function blocked(Status $status, Time $time, bool $paid): self
    {
        $expired = array_filter($status->each('blocks'), [self::class, 'expiry']) !== [];
        if ($paid && $expired && count($status->each('blocks')) === 1) {
            return new self(
                'info',
                'Your payment has arrived',
                'The server is being made available again. This goes on by itself and takes some minutes.'
            );
        }
        $words = new self('warning', 'Your server is suspended');
        $shown = array_filter($status->each('blocks'), static fn (Status $one): bool => !$paid || !self::expiry($one));
        $words->reasons = array_values(array_unique(array_map([self::class, 'reason'], $shown)));
        if ($expired && !$paid) {
            $words->keep($status, $time);
        } else {
            $words->sentences[] = 'What is on the server is kept. Please contact our support.';
        }
        return $words;
    }

    /**
     * Whether a block is that of a service that was not paid.
     */
    private static function expiry(Status $block): bool
    {
        return $block->text('reason') === 'expired' && $block->text('source') === 'whmcs';
    }

    /**
     * Why the server is blocked.
     */
    private static function reason(Status $block): string
    {
        $reason = $block->text('reason');
        return match (true) {
            self::expiry($block) => 'The service was not paid by its due date.',
            $block->text('source') === 'whmcs' && $reason !== '' && $reason !== 'suspended'
                => 'It was suspended by our team. Reason: ' . $reason,
            default => 'It was suspended by our team.',
        };
    }

    /**
     * Says until when a server that was not paid is kept.
     */
    private function keep(Status $status, Time $time): void
    {
        $end = $status->time('grace_ends_at');
        if ($end === null || $status->text('held') !== '') {
            $this->sentences[] = 'What is on the server is kept for now. '
                . 'Please pay the open invoice, or contact our support.';
            return;
        }
        if (!$time->ahead($end)) {
            $this->sentences[] = 'The time to pay is over. '
                . 'If you want to keep the server, please contact our support at once.';
            return;
        }
        $this->until = $time->date($end);
        $alone = count($status->each('blocks')) === 1;
        $this->sentences[] = sprintf('You have %s left. ', Time::about(-$time->passed($end))) . ($alone
            ? 'When you pay the open invoice in time, the server is available again by itself.'
            : 'Please pay the open invoice in time, and contact our support about the other reason.');
        $this->sentences[] = 'If it is not paid, the server is given back and everything on it is lost.';
    }
}
