<?php

declare(strict_types=1);

namespace WHMCS\Module\Server\Metalease\Page;

use WHMCS\Module\Server\Metalease\Gateway\Client;
use WHMCS\Module\Server\Metalease\Gateway\Status;
use WHMCS\Module\Server\Metalease\Gateway\Unreachable;
use WHMCS\Module\Server\Metalease\Module\Records;
use WHMCS\Module\Server\Metalease\Module\Start;
use WHMCS\Module\Server\Metalease\Module\Text;
use WHMCS\Module\Server\Metalease\Running\Facts as MachineFacts;

defined('WHMCS') || die();

/**
 * What staff see of a service on its page in the admin area: the status that the
 * command line draws, in the same words.
 */
final class AdminArea
{
    /** Name of the input that names a server before set-up. */
    public const FIELD = 'metalease_server_id';

    /** Colours of the phases. */
    private const TONES = [
        'pending' => 'busy', 'waiting' => 'look', 'attention' => 'bad', 'active' => 'good',
        'blocked' => 'look', 'releasing' => 'busy', 'released' => 'plain',
    ];

    /**
     * @param Client $gateway of the service's server entry
     */
    public function __construct(private Client $gateway)
    {
    }

    /**
     * The rows of the service of these parameters.
     *
     * @param array<string, mixed> $params what WHMCS tells the module
     *
     * @return array<string, string> label => HTML
     */
    public function fields(array $params): array
    {
        $id = (int) ($params['serviceid'] ?? 0);
        $rows = $this->answered($id, (string) ($params['status'] ?? ''));
        $notice = Records::notice($id); // which may have been that of a service that runs
        return $notice === '' ? $rows : array_slice($rows, 0, 1) + ['Notice' => Html::note('look', $notice)] + $rows;
    }

    /**
     * The rows as the gateway's answer has it.
     *
     * @return array<string, string>
     */
    private function answered(int $id, string $shown): array
    {
        try {
            $reply = $this->gateway->call('GET', '/v1/services/' . $id);
        } catch (Unreachable $fault) {
            return self::silent('The status is not known: ' . $fault->getMessage());
        }
        $status = new Status($reply->body);
        return match (true) {
            $reply->status === 404
                => self::unknown($shown, Records::namedServer($id), Start::stopped($id) !== '', Records::endedAt($id)),
            $reply->status !== 200 => self::silent('The gateway cannot tell the status: ' . $reply->problem()),
            $status->number('service_id') !== $id => self::silent('The gateway told of another service.'),
            default => $this->running($id, $status),
        };
    }

    /**
     * The rows of a service that the gateway knows. What stopped it, if something did, is over.
     *
     * @return array<string, string>
     */
    private function running(int $id, Status $status): array
    {
        if (!$status->is('closed')) {
            Start::goesOn($id);
        }
        $rows = self::known($id, $status, Time::now(), Records::namedServer($id));
        if ($status->is('closed') || $status->text('server.id') === '') {
            return $rows;
        }
        $facts = new MachineFacts($this->gateway, $id, $status->text('server.id'));
        // Kept until somebody wants to know it anew: a page must open fast.
        $anew = isset($_REQUEST[Machine::FRESH]);
        $seen = $facts->get($anew ? -1 : PHP_INT_MAX, $anew);
        $client = $status->number('client_id');
        return $rows + Machine::rows($id, $client, $seen, Time::now(), $facts->fault);
    }

    /**
     * Stores the server id that was typed. What is no id is stored as well: the page then says so.
     *
     * @param array<string, mixed> $params  what WHMCS tells the module
     * @param array<string, mixed> $request the form
     */
    public static function save(array $params, array $request): void
    {
        $typed = $request[self::FIELD] ?? null;
        if (is_string($typed)) {
            Records::nameServer((int) ($params['serviceid'] ?? 0), mb_substr(Text::clean($typed), 0, 32));
        }
    }

    /**
     * The rows of a service that the gateway knows.
     *
     * @return array<string, string> label => HTML
     */
    public static function known(int $id, Status $status, Time $time, string $named): array
    {
        $facts = new Facts($status, $time);
        $tone = $status->abandoned() ? 'bad' : self::TONES[$status->text('phase')] ?? 'plain';
        $nameable = $status->building() && $status->text('server.id') === '';
        $rows = [
            'Lifecycle' => Html::style() . Html::tag($status->text('phase'), $tone) . ' '
                . Html::text($facts->summary()) . Confirm::script(),
            'Attention' => $facts->attention(),
            'Action' => $facts->action(),
            'Trouble' => $facts->trouble(),
            'Blocked' => $facts->blocks(),
            'Grace period' => $facts->grace(),
            'Held' => $facts->held(),
            'Panel paused' => $facts->paused(),
            'Panel server' => $facts->server(),
            'Addresses' => $facts->addresses(),
            'Build steps' => $facts->steps(),
            'Timeline' => $facts->timeline(),
            'Workflow' => Html::link($status->text('workflow_url'), 'service-' . $id),
            'Server id' => $nameable ? self::field($named, 'Used by the next Retry.') : '',
        ];
        return array_filter($rows, 'strlen');
    }

    /**
     * The rows of a service of which the gateway knows nothing.
     *
     * @param string $ended when it was ended, as WHMCS writes a time; empty when it was not
     *
     * @return array<string, string>
     */
    private static function unknown(string $status, string $named, bool $stopped, string $ended): array
    {
        if ($status !== 'Pending') {
            $text = Html::text('Nothing is known of this service: metalease does not look after it.');
            return ['Lifecycle' => Html::style() . $text . Confirm::script()];
        }
        $words = match (true) {
            $ended !== '' => "It was ended at $ended, and nothing starts it again but the button Create. "
                . 'Else Terminate it, or cancel the order.',
            $stopped => 'Something stops the set-up: see Notice. The next cron run tries again, and so does Create.',
            default => 'The set-up begins as the product\'s setting "Start on" says, or with the button Create.',
        };
        return [
            'Lifecycle' => Html::style()
                . Html::tag($ended === '' ? 'not started' : 'ended', $stopped ? 'bad' : 'plain') . ' '
                . Html::text($words),
            'Server id' => self::field(
                $named,
                'Used when the set-up begins: this server or a clear error, never another one.'
            ),
        ];
    }

    /**
     * The row when nobody can tell.
     *
     * @return array<string, string>
     */
    private static function silent(string $why): array
    {
        return ['Lifecycle' => Html::style() . Html::note('look', $why) . Confirm::script()];
    }

    /**
     * The input that names a server.
     */
    private static function field(string $named, string $effect): string
    {
        $named = Text::clean($named);
        $input = '<input type="text" name="' . self::FIELD . '" value="' . Html::text($named)
            . '" class="form-control input-inline input-150" size="12" maxlength="32" inputmode="numeric"'
            . ' placeholder="any free server" aria-label="Server id"> ';
        if ($named !== '' && preg_match('/^\d+$/', $named) !== 1) {
            return $input . Html::note(
                'bad',
                'This is no server id: it is the number in the first column of the panel\'s list, such as 5.'
            );
        }
        return $input . Html::dim($effect);
    }
}
