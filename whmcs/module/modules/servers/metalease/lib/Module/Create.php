<?php

declare(strict_types=1);

namespace WHMCS\Module\Server\Metalease\Module;

use WHMCS\Database\Capsule;
use WHMCS\Module\Server\Metalease\Gateway\Client;
use WHMCS\Module\Server\Metalease\Gateway\Reply;
use WHMCS\Module\Server\Metalease\Gateway\Status;
use WHMCS\Module\Server\Metalease\Migration\IspsystemTable;

defined('WHMCS') || die();

/**
 * CreateAccount is a question: is the service ready? Asked as often as one likes, it builds one server. It never
 * waits for the service, because the worker asks it too, from inside of the service's own work.
 */
final class Create
{
    /**
     * @param Client $gateway of the service
     */
    public function __construct(private Client $gateway, private Service $service)
    {
    }

    /**
     * The answer for the service, whatever WHMCS shows it as.
     *
     * @return string "success" only when the server is ready and WHMCS shows the service as Pending
     */
    public function account(): string
    {
        return match ($this->service->status) {
            'Pending' => $this->pending(),
            'Active', 'Suspended' => 'The service is already created, nothing done.',
            'Terminated' => $this->anew(),
            default => "WHMCS shows the service as {$this->service->status}: "
                . 'set it to Pending first, if it is to be built.',
        };
    }

    /**
     * Asks the gateway; starts what it does not know.
     */
    private function pending(): string
    {
        $reply = $this->seen();
        if ($reply->is('unknown-service')) {
            return self::begun($this->start(Records::endedAt($this->service->id) !== ''));
        }
        if (!$reply->ok()) {
            return $reply->problem() . '.';
        }
        $status = new Status($reply->body);
        Records::started($this->service->id, $this->service->entry, $status->text('panel'));
        if ($status->is('closed')) {
            return $status->text('phase') === 'released'
                ? self::begun($this->start(true))
                : "Nobody looks after this service: its workflow has ended ({$status->text('ending')}). It goes on "
                    . "after: starter start --service {$this->service->id}";
        }
        Start::goesOn($this->service->id);
        if (!$status->is('ready') || $status->text('phase') === 'releasing') {
            return Progress::sentence($status);
        }
        if (!Records::handOver($this->service->id)) {
            return 'The server is ready, and WHMCS is turning the service Active in this moment.';
        }
        IspsystemTable::handOver($this->service->id, $status->text('server.id'), $status->text('server.label'));
        return 'success';
    }

    /**
     * A terminated service has another life, when its first one is over. The worker builds for Pending services only.
     */
    private function anew(): string
    {
        $reply = $this->seen();
        if ($reply->ok() && ($reply->body['closed'] ?? false) !== true) {
            return 'WHMCS shows the service as Terminated, but metalease has not ended it. '
                . Progress::sentence(new Status($reply->body));
        }
        if (!$reply->ok() && !$reply->is('unknown-service')) {
            return $reply->problem() . '.';
        }
        $this->show('Pending');
        $reply = $this->start(true); // after a lost reply Pending is right: Create asks again
        if (!$reply->ok()) {
            $this->show('Terminated');
        }
        return self::begun($reply);
    }

    /**
     * What the gateway says of the service.
     */
    private function seen(): Reply
    {
        return $this->gateway->call('GET', '/v1/services/' . $this->service->id);
    }

    /**
     * Sends the order.
     *
     * @param bool $restart whether a released service starts anew
     */
    private function start(bool $restart): Reply
    {
        return (new Start($this->gateway))->service($this->service, $restart);
    }

    /**
     * Sets the status that WHMCS shows; no module function runs.
     */
    private function show(string $status): void
    {
        Capsule::table('tblhosting')->where('id', $this->service->id)->update(['domainstatus' => $status]);
    }

    /**
     * What staff read after an order was sent.
     */
    private static function begun(Reply $reply): string
    {
        return $reply->ok()
            ? 'In progress: the server is being built, and WHMCS turns the service Active by itself. '
                . 'Press Create again to see how far it is.'
            : $reply->problem() . '.';
    }
}
