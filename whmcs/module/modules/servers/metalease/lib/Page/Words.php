<?php

declare(strict_types=1);

namespace WHMCS\Module\Server\Metalease\Page;

use WHMCS\Module\Server\Metalease\Gateway\Status;
use WHMCS\Module\Server\Metalease\Running\State;

defined('WHMCS') || die();

/**
 * What a customer reads about a service. No code, no name of a panel and no text of a vendor comes here: the only
 * foreign text is the reason that staff gave in WHMCS, which WHMCS shows to the customer as well.
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

    public function __construct(private Language $language)
    {
    }

    /**
     * Words for a service that the gateway knows.
     *
     * @param bool $paid whether WHMCS shows it as paid
     */
    public function of(Status $status, Time $time, bool $paid = false): self
    {
        $phase = $status->text('phase');
        return match (true) {
            $status->abandoned() && $phase !== 'active' && $phase !== 'blocked',
            $phase === 'attention' => $this->delayed(),
            $phase === 'pending' => $this->say('info', 'building_headline', 'building_text'),
            $phase === 'waiting' => $this->say('warning', 'waiting_headline', 'waiting_why', 'waiting_text'),
            $phase === 'active' => $this->active($status, $time),
            $phase === 'blocked' => $this->blocked($status, $time, $paid),
            $phase === 'releasing' => $this->say('muted', 'releasing_headline', 'releasing_text'),
            $phase === 'released' => $this->say('muted', 'released_headline', 'released_text'),
            default => $this->unreachable(),
        };
    }

    /**
     * Words for a service of which the gateway knows nothing.
     *
     * @param string $status of the service in WHMCS
     */
    public function unknown(string $status): self
    {
        return match ($status) {
            'Pending' => $this->say('info', 'unpaid_headline', 'unpaid_text'),
            'Active', 'Suspended' => $this->say('muted', 'plain_headline', 'plain_text'),
            default => $this->say('muted', 'released_headline', 'none_text'),
        };
    }

    /**
     * Words when nobody can say how things are.
     */
    public function unreachable(): self
    {
        return $this->say('muted', 'unreachable_headline', 'unreachable_text');
    }

    /**
     * Words while a person has to look.
     */
    public function delayed(): self
    {
        return $this->say('warning', 'delayed_headline', 'delayed_text');
    }

    /**
     * Words for an order that our team has ended before there was a server.
     */
    public function dropped(): self
    {
        return $this->say('muted', 'dropped_headline', 'dropped_text');
    }

    /**
     * Words for an order that something stops.
     *
     * @param string $why    key of what the customer can know of it; empty for nothing
     * @param string $domain the host name that was ordered
     */
    public function stopped(string $why, string $domain): self
    {
        $this->reasons = $why === '' ? [] : [$this->language->text($why, ['name' => $domain])];
        return $this->delayed();
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
     * Words for a customer who has the server.
     */
    private function active(Status $status, Time $time): self
    {
        $late = $status->is('order.dont_wait') && str_starts_with($status->text('attention.code'), 'install_');
        $again = (new State($status))->reinstalling();
        $over = $status->time('install.deadline');
        return match (true) {
            $again && $over !== null && !$time->ahead($over)
                => $this->say('warning', 'reinstalling_headline', 'reinstalling_late'),
            $again => $this->say('info', 'reinstalling_headline', 'reinstalling_text'),
            self::stillInstalling($status, $time) => $this->say('info', 'almost_headline', 'almost_text'),
            $late => $this->say('warning', 'almost_headline', 'almost_late'),
            default => $this->say('success', 'active_headline'),
        };
    }

    /**
     * Words for a customer who cannot use the server.
     */
    private function blocked(Status $status, Time $time, bool $paid): self
    {
        $expired = array_filter($status->each('blocks'), [self::class, 'expiry']) !== [];
        if ($paid && $expired && count($status->each('blocks')) === 1) {
            return $this->say('info', 'paid_headline', 'paid_text');
        }
        $this->say('warning', 'blocked_headline');
        $shown = array_filter($status->each('blocks'), static fn (Status $one): bool => !$paid || !self::expiry($one));
        $this->reasons = array_values(array_unique(array_map($this->reason(...), $shown)));
        return $expired && !$paid ? $this->keep($status, $time) : $this->add('blocked_kept');
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
    private function reason(Status $block): string
    {
        $reason = $block->text('reason');
        return match (true) {
            self::expiry($block) => $this->language->text('blocked_unpaid'),
            $block->text('source') === 'whmcs' && $reason !== '' && $reason !== 'suspended'
                => $this->language->text('blocked_reason', ['reason' => $reason]),
            default => $this->language->text('blocked_staff'),
        };
    }

    /**
     * Says until when a server that was not paid is kept.
     */
    private function keep(Status $status, Time $time): self
    {
        $end = $status->time('grace_ends_at');
        if ($end === null || $status->text('held') !== '') {
            return $this->add('kept_for_now');
        }
        if (!$time->ahead($end)) {
            return $this->add('kept_over');
        }
        $this->until = $this->language->date($time->local($end));
        $pay = count($status->each('blocks')) === 1 ? 'kept_pay' : 'kept_pay_and_ask';
        $left = $this->language->text('kept_left', ['time' => $this->language->about(-$time->passed($end))]);
        $this->sentences[] = $left . ' ' . $this->language->text($pay);
        return $this->add('kept_else');
    }

    /**
     * Sets what is said.
     *
     * @param string $headline key of the headline
     * @param string ...$sentences keys
     */
    private function say(string $tone, string $headline, string ...$sentences): self
    {
        [$this->tone, $this->headline] = [$tone, $this->language->text($headline)];
        return $this->add(...$sentences);
    }

    /**
     * Says more.
     *
     * @param string ...$sentences keys
     */
    private function add(string ...$sentences): self
    {
        array_push($this->sentences, ...array_map($this->language->text(...), array_values($sentences)));
        return $this;
    }
}
