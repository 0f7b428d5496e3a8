<?php

declare(strict_types=1);

namespace WHMCS\Module\Server\Metalease\Running;

use WHMCS\Module\Server\Metalease\Gateway\Client;
use WHMCS\Module\Server\Metalease\Gateway\Effect;
use WHMCS\Module\Server\Metalease\Gateway\Signals;
use WHMCS\Module\Server\Metalease\Gateway\Status;
use WHMCS\Module\Server\Metalease\Module\Order;
use WHMCS\Module\Server\Metalease\Module\Refusal;
use WHMCS\Module\Server\Metalease\Module\Service;

defined('WHMCS') || die();

/**
 * What staff have done with a running server. Each stands in the timeline with the administrator's name. Those that
 * destroy something, or cut a customer off, ask first: see Page\Confirm.
 */
final class StaffActions
{
    /** Label of the button => end of the function's name. */
    public const LABELS = [
        'Power on' => 'poweron', 'Power off' => 'poweroff', 'Reboot' => 'reboot',
        'Network off' => 'networkoff', 'Network on' => 'networkon', 'Reinstall' => 'reinstall',
    ];

    /** Seconds to wait for the effect: staff want to see it. */
    private const WAIT = 15;

    private Signals $signals;

    /**
     * @param Client $gateway of the service
     */
    public function __construct(private Client $gateway, private Service $service)
    {
        $this->signals = new Signals($gateway, $service->id);
    }

    /**
     * Switches the server on or off, or reboots it.
     *
     * @param string $action on, off or reboot
     */
    public function power(string $action): string
    {
        $wanted = ['on' => 'power the server on', 'off' => 'power the server off', 'reboot' => 'reboot the server'];
        return $this->press('power', ['action' => $action], $wanted[$action]);
    }

    /**
     * Opens or closes every switch port of the server.
     *
     * @param string $state on or off
     */
    public function network(string $state): string
    {
        return $this->press('network', ['state' => $state], "switch the network $state");
    }

    /**
     * Installs the server anew, as the product and the service say now, with the root password that it has.
     */
    public function reinstall(): string
    {
        $status = $this->status();
        $wishes = Order::wishes($this->service, '');
        if (!(new State($status))->reinstalling()) {
            RootPassword::forget($this->service->id); // of a client's wish that came to nothing
        }
        $wish = [
            'os_template' => $wishes['os_template'], 'recipe' => $wishes['recipe'],
            'confirm' => $status->text('server.hostname'),
        ];
        $said = $this->press('reinstall', array_filter($wish, 'strlen'), 'install the server anew');
        Kept::put($this->service->id, 'template', $wishes['os_template']);
        return $said;
    }

    /**
     * ChangePackage: as many extra addresses as the configurable options say now. Nothing else of an upgrade is done.
     *
     * @throws Refusal when something else was changed
     */
    public function addresses(): string
    {
        $status = $this->status();
        $wishes = Order::wishes($this->service, '');
        $counts = ['ipv4' => $wishes['ipv4'], 'ipv6' => $wishes['ipv6']];
        $now = $status->text('order.package');
        if ($now !== '' && $now !== $wishes['package']) {
            throw self::noUpgrade(
                $now,
                'another kind of server',
                'Order a new service, move the data, then cancel this one.'
            );
        }
        $now = $status->text('order.os_template');
        if ($now !== '' && $this->onlyAnotherSystem($status, $now, $counts)) {
            throw self::noUpgrade(
                $now,
                'another operating system',
                'Set the choice back; the customer can reinstall the server.'
            );
        }
        return $this->press('addresses', $counts, 'change the number of addresses');
    }

    /**
     * Whether nothing but the choice of an OS template was changed. Addresses were paid for, and wait for no template:
     * a reinstall puts another one on the server than was ordered, and the product's own changes for new orders.
     *
     * @param array<string, int> $counts of addresses that are wanted
     */
    private function onlyAnotherSystem(Status $status, string $now, array $counts): bool
    {
        $there = ['ipv4' => $status->number('order.ipv4'), 'ipv6' => $status->number('order.ipv6')];
        return $counts === $there && !in_array(Templates::chosen($this->service), ['', $now], true)
            && Kept::find($this->service->id, 'template') === null;
    }

    /**
     * That something is no upgrade, and what is one.
     */
    private static function noUpgrade(string $now, string $what, string $instead): Refusal
    {
        return new Refusal(
            "Not supported, and nothing was changed: this service has \"$now\", and $what is no upgrade. $instead"
        );
    }

    /**
     * Sends a wish; "success" only when it was done.
     *
     * @param array<string, mixed> $wish
     */
    private function press(string $kind, array $wish, string $wanted): string
    {
        $effect = $this->signals->send($kind, $wish + ['actor' => Visitor::asStaff()], self::WAIT);
        return match (true) {
            $effect->applied() => $this->ended($effect, $kind),
            $effect->underWay() && $effect->status !== null
                => "Not yet: metalease has the order to $wanted, and goes on with it by itself. "
                    . 'What becomes of it stands in the timeline: do not press again.',
            default => $effect->because($wanted),
        };
    }

    /**
     * "success", unless what was done did not end well.
     */
    private function ended(Effect $effect, string $kind): string
    {
        $problem = $effect->status?->text('action.kind') === $kind ? $effect->status->text('action.problem') : '';
        return $problem === '' ? 'success' : "It did not end well: $problem.";
    }

    /**
     * The service as it is now.
     */
    private function status(): Status
    {
        $reply = $this->gateway->call('GET', '/v1/services/' . $this->service->id);
        return $reply->ok() ? new Status($reply->body) : throw new Refusal($reply->problem() . '.');
    }
}
