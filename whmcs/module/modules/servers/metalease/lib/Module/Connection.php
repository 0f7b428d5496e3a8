<?php

declare(strict_types=1);

namespace WHMCS\Module\Server\Metalease\Module;

use WHMCS\Database\Capsule;
use WHMCS\Module\Server\Metalease\Gateway\Gateways;
use WHMCS\Module\Server\Metalease\Gateway\Reply;
use WHMCS\Module\Server\Metalease\Gateway\Status;

defined('WHMCS') || die();

/**
 * TestConnection: the truth about a server entry.
 */
final class Connection
{
    /** The gateway asks a worker, which asks the panel. */
    private const TIMEOUT = 15;

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
        $path = '/v1/panels/' . rawurlencode($entry->panel);
        $reply = $this->gateways->forEntry($entry)->call('GET', $path, null, self::TIMEOUT);
        $error = Text::plain(self::verdict($reply, $entry));
        if ($error !== '') {
            return ['success' => false, 'error' => $error];
        }
        $warning = Text::plain(implode(' ', array_filter([
            Version::apart($reply->version), Settings::overdueFault(), self::autosetup(),
        ])));
        if ($warning !== '') {
            Text::log($warning);
        }
        return ['success' => true, 'error' => $warning];
    }

    /**
     * What is wrong; empty for nothing.
     */
    private static function verdict(Reply $reply, ServerEntry $entry): string
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
