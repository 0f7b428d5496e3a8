<?php

declare(strict_types=1);

namespace WHMCS\Module\Server\Metalease\Page;

use WHMCS\Module\Server\Metalease\Gateway\Status;

defined('WHMCS') || die();

/**
 * The facts of a service as HTML for staff, one method for each; empty where there is nothing to tell.
 */
final class Facts
{
    /** So many entries of the timeline are enough to see what is going on. */
    private const LINES = 12;

    /** What the buttons do that an attention asks for. */
    private const ACTIONS = [
        'retry' => 'Retry: tries again, with the present values of this product and service',
        'accept' => 'Accept: a technician did it by hand; the install is skipped',
        'terminate' => 'Release now: gives the server back; before one is claimed, it just ends',
        'unhold' => 'Unhold: lets it go on',
    ];

    /** Marks of the steps. */
    private const MARKS = [Steps::DONE => '✓', Steps::NOW => '▸', Steps::LATER => '·'];

    /**
     * @param Status $status the service
     * @param Time   $time   the present
     */
    public function __construct(private Status $status, private Time $time)
    {
    }

    /**
     * The state in plain words, as the gateway says it to everybody; no HTML.
     */
    public function summary(): string
    {
        return $this->status->text('summary');
    }

    /**
     * What waits for a person, and what can be done.
     */
    public function attention(): string
    {
        $status = $this->status;
        if (!$status->has('attention')) {
            return '';
        }
        $doing = [];
        foreach ($status->texts('attention.actions') as $action) {
            $doing[] = self::ACTIONS[$action] ?? $action;
            if ($action === 'retry' && $status->building() && $status->text('server.id') !== '') {
                $doing[] = 'Retry on another server: this one goes into quarantine, another one is claimed';
            }
        }
        $about = $status->text('attention.code') . $this->since($status->time('attention.since'));
        return Html::note('bad', $status->text('attention.message'), $about, $doing);
    }

    /**
     * What is done with the running server, or was done last, and by whom.
     */
    public function action(): string
    {
        $status = $this->status;
        if (!$status->has('action')) {
            return '';
        }
        $by = trim($status->text('action.by.kind') . ' ' . $status->text('action.by.name'));
        $what = $status->text('action.what') ?: $status->text('action.kind');
        $about = ltrim(($by === '' ? '' : "by $by") . $this->since($status->time('action.since')), ', ');
        $problem = $status->text('action.problem');
        return $problem === ''
            ? Html::text($what) . ' ' . Html::dim("($about)")
            : Html::note('bad', "$what: $problem", $about);
    }

    /**
     * Calls that fail and are repeated.
     */
    public function trouble(): string
    {
        $html = '';
        foreach ($this->status->each('trouble') as $trouble) {
            [$where, $error] = [$trouble->text('where'), $trouble->text('last_error')];
            $named = $where !== '' && str_starts_with($error, $where);
            $text = $named ? $error : $where . ': ' . ($error === '' ? 'no answer' : $error);
            $next = $trouble->time('next_attempt_at');
            $about = $trouble->text('activity') . ', attempt ' . $trouble->number('attempt')
                . $this->since($trouble->time('since')) . match (true) {
                    $next === null => ', running',
                    $this->time->ahead($next) => ', again in ' . Time::length(-$this->time->passed($next)),
                    default => '',
                };
            $html .= Html::note('look', $text, $about);
        }
        return $html;
    }

    /**
     * Reasons for which the server is blocked.
     */
    public function blocks(): string
    {
        $rows = [];
        foreach ($this->status->each('blocks') as $block) {
            $source = $block->text('source');
            $rows[] = [
                $block->text('reason'),
                'from ' . ($source === '' ? 'nobody named' : $source),
                ltrim($this->since($block->time('since')), ', '),
            ];
        }
        return $rows === [] ? '' : Html::rows($rows);
    }

    /**
     * The end of the grace period.
     */
    public function grace(): string
    {
        $end = $this->status->time('grace_ends_at');
        return match (true) {
            $end === null => '',
            $this->time->ahead($end)
                => Html::text("ends {$this->time->clock($end)}, in " . Time::length(-$this->time->passed($end))),
            default => Html::text('over since ' . $this->time->clock($end)),
        };
    }

    /**
     * Why nothing happens to the service by itself.
     */
    public function held(): string
    {
        $held = $this->status->text('held');
        return $held === '' ? '' : Html::text($held . ': nothing is blocked or released by itself');
    }

    /**
     * A pause of the whole panel.
     */
    public function paused(): string
    {
        if (!$this->status->has('panel_paused')) {
            return '';
        }
        [$reason, $by] = [$this->status->text('panel_paused.reason'), $this->status->text('panel_paused.by')];
        $about = 'panel ' . $this->status->text('panel') . $this->since($this->status->time('panel_paused.since'))
            . ($by === '' ? '' : ' by ' . $by);
        $why = $reason === '' ? 'no reason was given' : $reason;
        return Html::note('look', $why . '; nothing is blocked or released meanwhile', $about);
    }

    /**
     * The server, the customer's account and the panel.
     */
    public function server(): string
    {
        $status = $this->status;
        $id = $status->text('server.id');
        $on = $status->text('package') . ' on panel ' . $status->text('panel');
        if ($id === '') {
            return Html::text('none yet') . ' ' . Html::dim('(' . $on . ')');
        }
        $label = $status->text('server.label');
        [$hostname, $account] = [$status->text('server.hostname'), $status->text('account')];
        $words = $id . ($label === '' ? '' : ' (' . $label . ')')
            . ', ' . ($hostname === '' ? 'no name yet' : $hostname);
        $about = $on . ', account ' . ($account === '' ? 'not known yet' : $account);
        return Html::text($words) . ' ' . Html::dim('(' . $about . ')');
    }

    /**
     * The main address and the extra ones.
     */
    public function addresses(): string
    {
        $all = array_filter([$this->status->text('server.ip'), ...$this->status->texts('server.extra_ips')], 'strlen');
        return Html::text(implode('  ', $all));
    }

    /**
     * The steps of the build, with their times.
     */
    public function steps(): string
    {
        if (!$this->status->has('steps')) {
            return '';
        }
        $rows = [];
        foreach ((new Steps($this->status, $this->time))->all() as $step) {
            $began = $step['began'] === null ? '' : $this->time->clock($step['began']);
            $took = $step['state'] === Steps::LATER ? '' : Time::length($step['seconds']);
            $remark = $step['name'] === 'install' ? $this->install($step['state']) : '';
            $rows[] = [self::MARKS[$step['state']], $step['name'], $began, $took, $remark];
        }
        return Html::rows($rows);
    }

    /**
     * How long the running install has, beside its step.
     */
    private function install(string $state): string
    {
        [$accepted, $deadline] = [$this->status->time('install.accepted_at'), $this->status->time('install.deadline')];
        if ($state !== Steps::NOW || $accepted === null || $deadline === null) {
            return '';
        }
        $attempt = $this->status->number('install.attempt');
        return ($this->time->ahead($deadline) ? '' : 'late, ') . Time::length($this->time->passed($accepted)) . ' of '
            . Time::length($deadline->getTimestamp() - $accepted->getTimestamp())
            . ($attempt > 1 ? ', attempt ' . $attempt : '');
    }

    /**
     * The last entries of the timeline, and the time zone of all times on the page.
     */
    public function timeline(): string
    {
        $rows = [];
        foreach (array_slice($this->status->each('timeline'), -self::LINES) as $entry) {
            $at = $entry->time('at');
            $rows[] = [$at === null ? '' : $this->time->clock($at), $entry->text('what')];
        }
        return $rows === [] ? '' : Html::rows($rows) . Html::dim('Times are those of ' . $this->time->zone() . '.');
    }

    /**
     * A moment as the end of a list of remarks.
     */
    private function since(?\DateTimeImmutable $moment): string
    {
        return $moment === null ? '' : ', since ' . $this->time->clock($moment);
    }
}
