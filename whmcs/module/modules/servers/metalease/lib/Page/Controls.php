<?php

declare(strict_types=1);

namespace WHMCS\Module\Server\Metalease\Page;

use WHMCS\Module\Server\Metalease\Gateway\Status;
use WHMCS\Module\Server\Metalease\Module\Text;
use WHMCS\Module\Server\Metalease\Running\ClientActions;
use WHMCS\Module\Server\Metalease\Running\Login;
use WHMCS\Module\Server\Metalease\Running\RootPassword;
use WHMCS\Module\Server\Metalease\Running\State;
use WHMCS\Module\Server\Metalease\Running\Visitor;

defined('WHMCS') || die();

/**
 * What a customer can have done with a server, and what is known of it: the lower part of its page. Each form carries a
 * name for the click, so that a double click is one.
 */
final class Controls
{
    /** Texts that stand in the template. */
    private const FIXED = [
        'power_title', 'access_title', 'access_panel', 'access_account', 'access_account_password', 'access_user',
        'access_password', 'access_show', 'access_note', 'do_panel', 'do_console', 'reinstall_title', 'reinstall_lost',
        'reinstall_template', 'reinstall_password', 'reinstall_again', 'do_reinstall', 'names_title', 'names_note',
        'do_names', 'usage_title', 'usage_month', 'usage_in', 'usage_out', 'usage_p95', 'usage_part', 'usage_unknown',
    ];

    /** What is said while something runs, by its signal. */
    private const BUSY = ['power' => 'busy_power', 'reinstall' => 'busy_install'];

    /** What is said when something did not end well. */
    private const PROBLEMS = ['power' => 'problem_power', 'reinstall' => 'problem_install'];

    private State $state;

    /**
     * @param Status               $status    of the service
     * @param Status|null          $facts     of the machine; null where nobody knows
     * @param Login|null           $login     null where none is shown
     * @param array<string, string> $templates that may be installed, id => label
     * @param array<string, string> $names    of the addresses
     * @param list<array<string, mixed>> $months of traffic, as Usage has them
     * @param bool                 $changed   whether the root password is a later one than that of the panel account
     */
    public function __construct(
        private Status $status,
        private ?Status $facts,
        private ?Login $login,
        private array $templates,
        private array $names,
        private array $months,
        private bool $changed = false
    ) {
        $this->state = new State($status);
    }

    /**
     * The variables of the template.
     *
     * @param bool $installing whether the first install goes on, though the server was handed over
     * @return array<string, mixed>
     */
    public function of(Language $language, Time $time, bool $installing = false): array
    {
        $busy = $installing ? 'reinstall' : $this->state->runs();
        $free = $this->state->free();
        $open = $free && $busy === '';
        $said = ClientActions::said();
        return [
            'state' => ($open ? 'open' : 'closed') . ($this->templates === [] ? '' : ' install'),
            'said' => $said === '' ? '' : $language->text($said),
            'problem' => $free && $busy === '' ? $this->problem($language) : '',
            'busy' => $free && $busy !== '' ? $language->text(self::BUSY[$busy] ?? 'busy_other') : '',
            'power' => $free ? $this->power($language, $time) : '',
            'buttons' => $open ? ['on' => $language->text('do_on'), 'off' => $language->text('do_off'),
                'reboot' => $language->text('do_reboot')] : [],
            'doors' => $open,
            'login' => $free && $busy !== 'reinstall' ? $this->login($language) : null,
            'templates' => $open ? self::clean($this->templates) : [],
            'template' => $this->status->text('order.os_template'),
            'rules' => $language->text('reinstall_rules', RootPassword::rules()),
            'confirm' => $language->around('reinstall_confirm', 'name'),
            'host' => $this->status->text('server.hostname'),
            'shortest' => RootPassword::SHORTEST, 'longest' => RootPassword::LONGEST,
            'names' => $open ? self::clean($this->names) : [],
            'usage' => (new Traffic($language))->graph($this->months),
            'token' => Visitor::token(),
            'clicks' => [Visitor::newClick(), Visitor::newClick(), Visitor::newClick()],
            'text' => array_combine(self::FIXED, array_map($language->text(...), self::FIXED)),
        ];
    }

    /**
     * The power, and when it was looked at.
     */
    private function power(Language $language, Time $time): string
    {
        $word = $language->text(match ($this->facts?->text('power')) {
            'on' => 'power_on',
            'off' => 'power_off',
            'error' => 'power_error',
            default => 'power_unknown',
        });
        $seen = $this->facts?->time('as_of');
        $at = $seen === null ? '' : $time->local($seen)->format('H:i:s');
        return $at === '' ? $word : "$word (" . $language->text('power_seen', ['time' => $at]) . ')';
    }

    /**
     * What did not end well, of what was done last.
     */
    private function problem(Language $language): string
    {
        $kind = $this->status->text('action.kind');
        return $this->state->problem() === '' ? '' : $language->text(self::PROBLEMS[$kind] ?? 'problem_other');
    }

    /**
     * What opens which door.
     *
     * @return array<string, string>|null
     */
    private function login(Language $language): ?array
    {
        if ($this->login === null) {
            return null;
        }
        return self::clean([
            'panel' => $this->login->panel, 'account' => $this->login->account,
            'account_password' => $this->login->password,
            'account_had' => $language->text($this->changed ? 'access_account_changed' : 'access_account_had'),
            'user' => $this->login->user, 'password' => $this->login->root,
        ]);
    }

    /**
     * Texts of WHMCS's tables, which may hold anything.
     *
     * @param array<string, string> $texts
     * @return array<string, string>
     */
    private static function clean(array $texts): array
    {
        $names = array_map(static fn (int|string $name): string => Text::clean((string) $name), array_keys($texts));
        return array_combine($names, array_map(Text::clean(...), array_values($texts)));
    }
}
