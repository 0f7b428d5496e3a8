<?php

declare(strict_types=1);

namespace WHMCS\Module\Server\Metalease\Module;

use WHMCS\Database\Capsule;
use WHMCS\Module\Server\Metalease\Gateway\Gateways;
use WHMCS\Module\Server\Metalease\Gateway\Reply;
use WHMCS\Module\Server\Metalease\Gateway\Status;
use WHMCS\Module\Server\Metalease\Page\Language;

defined('WHMCS') || die();

/**
 * TestConnection: the truth about a server entry.
 */
final class Connection
{
    /** The gateway asks a worker, which asks the panel. */
    private const TIMEOUT = 15;

    private const NO_WORKER = 'No worker answers: start metalease\'s program "worker", or look at its log.';

    public function __construct(private Gateways $gateways)
    {
    }

    /**
     * The verdict on a server entry; a warning may stand beside a success.
     *
     * @param array<string, mixed> $params those of a server entry
     * @return array{success: bool, error: string}
     */
    public function test(array $params): array
    {
        Settings::activated();
        $entry = ServerEntry::fromParams($params);
        if ($entry->panel === '') {
            throw new Refusal("The server entry has no Username: it is the panel's name in metalease's configuration.");
        }
        $gateway = $this->gateways->forEntry($entry);
        $check = $gateway->call('GET', '/v1/check', null, self::TIMEOUT);
        $error = self::wayBack($check, $entry);
        if ($error === '') {
            $path = '/v1/panels/' . rawurlencode($entry->panel);
            $reply = $gateway->call('GET', $path, null, self::TIMEOUT);
            $error = self::verdict($reply, $entry) ?: self::worst($check);
        }
        $error = Text::plain($error);
        if ($error !== '') {
            return ['success' => false, 'error' => $error];
        }
        $warning = Text::plain(implode(' ', array_filter([
            Version::apart($reply->version), Settings::overdueFault(), Language::fault(), self::autosetup(),
        ])));
        if ($warning !== '') {
            Text::log($warning);
        }
        return ['success' => true, 'error' => $warning];
    }

    /**
     * What is wrong with metalease's own parts and its way back to this WHMCS; empty for nothing. An older gateway does
     * not know the question.
     */
    private static function wayBack(Reply $reply, ServerEntry $entry): string
    {
        $said = new Status($reply->body);
        $right = 'The gateway and the secret are right, but: ';
        return match (true) {
            $reply->is('unknown-path') => '',
            !$reply->ok() => self::refused($reply, $entry) ?: 'The gateway answers, but: ' . $reply->problem() . '.',
            ($reply->body['worker'] ?? true) !== true => $right . self::NO_WORKER,
            $said->has('whmcs') && !$said->is('whmcs.ok') => $right . 'metalease does not reach this WHMCS: '
                . (rtrim($said->text('whmcs.problem'), '.') ?: 'no reason was given')
                . '. Correct "whmcs" in its configuration, or the API credential and its allowed addresses here.',
            default => '',
        };
    }

    /**
     * Why the gateway takes no call of this WHMCS; empty when it does.
     */
    private static function refused(Reply $reply, ServerEntry $entry): string
    {
        $said = new Status($reply->body);
        return match (true) {
            $reply->is('stale') => sprintf(
                'The clocks are more than 5 minutes apart: WHMCS has %s UTC%s. Correct the clock that is wrong.',
                gmdate('H:i:s'),
                $reply->date > 0 ? ', the gateway ' . gmdate('H:i:s', $reply->date) . ' UTC' : ''
            ),
            $reply->is('wrong-signature') => "The shared secret is wrong: Password must be the gateway's own.",
            $reply->is('wrong-installation') => 'The gateway serves another installation than '
                . "\"{$entry->installation}\": " . 'set the right name with a line installation=NAME in Access Hash. '
                . 'A copy of a WHMCS must have a name of its own.',
            $reply->is('wrong-system') => 'The gateway serves another WHMCS than the one at "' . Settings::systemUrl()
                . '": ' . ($said->text('detail') ?: 'if this one has moved, run "starter installation move"') . '.',
            default => '',
        };
    }

    /**
     * What is wrong with the way to the panel; empty for nothing.
     */
    private static function verdict(Reply $reply, ServerEntry $entry): string
    {
        $said = new Status($reply->body);
        $refused = self::refused($reply, $entry);
        return match (true) {
            $refused !== '' => $refused,
            $reply->is('worker-unavailable') => 'The gateway and the secret are right, but: ' . self::NO_WORKER,
            $reply->is('unknown-panel') => "metalease's configuration has no panel \"{$entry->panel}\" (Username).",
            !$reply->ok() => 'The gateway answers, but: ' . $reply->problem() . '.',
            !$said->is('reachable') => "The gateway and the secret are right, but the panel \"{$entry->panel}\" "
                . 'does not answer metalease: ' . ($said->text('error.message') ?: 'no reason was given') . '.',
            $said->text('mode') === 'observe' => "Everything answers, but the panel \"{$entry->panel}\" "
                . 'is in observe mode: metalease changes nothing on it, so no order is built.',
            $said->is('paused') => "Everything answers, but the panel \"{$entry->panel}\" "
                . 'is paused: nothing is blocked or released until it is resumed.',
            default => '',
        };
    }

    /**
     * The worst line of the table that metalease makes of this WHMCS (`starter whmcs check` has all of it); empty for
     * nothing. An older gateway makes none.
     */
    private static function worst(Reply $check): string
    {
        $said = new Status($check->body);
        return !$check->ok() || !$said->has('whmcs.worst') ? '' : sprintf(
            'Everything answers, but: %s: expected %s, seen %s. What it means: %s. All of it: starter whmcs check',
            $said->text('whmcs.worst.fact'),
            $said->text('whmcs.worst.expected'),
            $said->text('whmcs.worst.seen'),
            rtrim($said->text('whmcs.worst.means'), '.')
        );
    }

    /**
     * A warning about products that WHMCS sets up by itself.
     */
    private static function autosetup(): string
    {
        $names = Capsule::table('tblproducts')->where('servertype', ServerEntry::MODULE)
            ->whereIn('autosetup', ['on', 'payment', 'order'])->pluck('name')->all();
        return $names === [] ? '' : 'Set "Do not automatically setup" for: ' . implode(', ', $names)
            . '. metalease starts orders by itself; the set-up of WHMCS comes too early, so that the module queue and '
            . 'a mail report a failure that is none.';
    }
}
