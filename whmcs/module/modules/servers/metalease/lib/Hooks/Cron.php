<?php

declare(strict_types=1);

namespace WHMCS\Module\Server\Metalease\Hooks;

use WHMCS\Module\Server\Metalease\Gateway\Fleet;
use WHMCS\Module\Server\Metalease\Gateway\Gateways;
use WHMCS\Module\Server\Metalease\Gateway\Status;
use WHMCS\Module\Server\Metalease\Gateway\Unreachable;
use WHMCS\Module\Server\Metalease\Migration\IspsystemTable;
use WHMCS\Module\Server\Metalease\Module\Clock;
use WHMCS\Module\Server\Metalease\Module\Guard;
use WHMCS\Module\Server\Metalease\Module\Records;
use WHMCS\Module\Server\Metalease\Module\Refusal;
use WHMCS\Module\Server\Metalease\Module\ServerEntry;
use WHMCS\Module\Server\Metalease\Module\Service;
use WHMCS\Module\Server\Metalease\Module\Settings;
use WHMCS\Module\Server\Metalease\Module\Start;
use WHMCS\Module\Server\Metalease\Module\Stock;
use WHMCS\Module\Server\Metalease\Module\Suspension;
use WHMCS\Module\Server\Metalease\Module\Text;
use WHMCS\Module\Server\Metalease\Module\Untold;
use WHMCS\Module\Server\Metalease\Page\Language;

defined('WHMCS') || die();

/**
 * What is found again after each cron run of WHMCS: events that a gateway was not there to take.
 */
final class Cron
{
    /** Seconds that a run may take; the next one goes on. */
    private const BUDGET = 20;

    /** Services that are looked at between two looks at the clock. */
    private const MANY = 25;

    /** When the run has to be over, in unix seconds. */
    private float $until = 0.0;

    /** Why a gateway takes no call of this WHMCS; empty when it was not so. */
    private string $refused = '';

    /** @var array<int, true> server entries whose gateway does not answer in this run */
    private array $dead = [];

    public function __construct(private Gateways $gateways, private Ending $ending)
    {
    }

    /**
     * One run.
     */
    public function run(): void
    {
        $this->until = microtime(true) + self::BUDGET;
        [$this->dead, $this->refused] = [[], ''];
        Guard::hook(Settings::cronRuns(...));
        $activated = Settings::activated();
        Guard::hook(ModuleQueue::complete(...));
        Guard::hook($this->repeatPayments(...));
        Guard::hook($this->repeatEnds(...));
        Guard::hook(fn () => $this->start($activated));
        $stock = new Stock($this->gateways);
        Guard::hook(fn () => $this->correct($stock));
        Guard::hook(fn () => Notice::tell(implode(' ', array_filter([
            Settings::overdueFault(), Language::fault(), $stock->fault, $this->refused(),
        ]))));
        Guard::hook($this->forgetServers(...));
    }

    /**
     * Starts what is due and what the gateway does not know. Orders from before the module came are only listed:
     * whoever built them by hand would get a second server.
     */
    private function start(string $activated): void
    {
        $rows = Service::ours()->leftJoin('tblorders as o', 'o.id', '=', 'h.orderid')
            ->where('h.domainstatus', 'Pending')->orderBy('h.id')->get(['h.id', 'o.date']);
        $due = [];
        foreach ($rows as $row) {
            $old = (string) $row->date < $activated;
            $service = $old && Records::listed((int) $row->id) ? null : Service::find((int) $row->id);
            if ($service === null || !Start::due($service)) {
                continue;
            }
            if ($old) {
                $this->ask($service->entry, fn () => $this->list($service));
            } else {
                $due[$service->entry][$service->id] = $service;
            }
        }
        foreach ($due as $entry => $services) {
            foreach (array_chunk($services, self::MANY, true) as $some) {
                $this->ask($entry, fn () => $this->startUnknown($some));
            }
        }
    }

    /**
     * Starts those of some services of one server entry that the gateway does not know. Silence says nothing.
     *
     * @param array<int, Service> $services by id
     */
    private function startUnknown(array $services): void
    {
        foreach ($services as $id => $service) {
            try {
                $gateway = $this->gateways->forService($id);
            } catch (Refusal $refusal) {
                Start::stop($id, $service->client, $refusal->getMessage());
                unset($services[$id]);
            }
        }
        if ($services === []) {
            return;
        }
        $fleet = new Fleet($gateway);
        $seen = $fleet->seen(array_keys($services));
        $this->refused = $fleet->refused ?: $this->refused;
        foreach (array_filter($seen) as $id => $status) {
            Start::seen($services[$id], $status);
        }
        $unknown = array_intersect_key($services, array_filter($seen, static fn (?Status $one) => $one === null));
        Start::many(array_values($unknown), $this->gateways);
    }

    /**
     * What staff read when paid orders wait because the gateway refuses this WHMCS; empty when it does not.
     */
    private function refused(): string
    {
        return $this->refused === '' ? '' : "Paid orders are not built: metalease's gateway refuses the calls of this "
            . "WHMCS ({$this->refused}). Press Test Connection on the server entry: it says what to correct.";
    }

    /**
     * Tells once of an old order, unless the gateway knows it.
     */
    private function list(Service $service): void
    {
        $gateway = $this->gateways->forRecord($service->id);
        if ((new Fleet($gateway))->seen([$service->id]) === [$service->id => null]) {
            Records::list($service->id);
            Text::log(
                "service {$service->id} is paid and Pending, but was ordered before this module came. "
                . "To have it built: starter start --service {$service->id} - Service ID: {$service->id}",
                $service->client
            );
        }
    }

    /**
     * Sets WHMCS's stock control to what the panels have. Every gateway knows all of it: one that answers is enough.
     */
    private function correct(Stock $stock): void
    {
        $read = $stock->products === [];
        foreach (ServerEntry::ids() as $entry) {
            $read || $this->ask($entry, static function () use ($stock, $entry, &$read): void {
                $read = $stock->correct($entry);
            });
        }
    }

    /**
     * Says again what was paid or lifted while the gateway was not there, with the dates that WHMCS has now. A service
     * that WHMCS or metalease has ended needs it no more, nor one that WHMCS shows as unpaid again.
     */
    private function repeatPayments(): void
    {
        foreach (Untold::all() as $id => $signal) {
            $service = Service::find($id);
            $lives = in_array($service?->status, ['Active', 'Suspended'], true);
            if (!$lives || $signal === 'renew' && Clock::past($service->nextDue)) {
                Untold::forget($id);
                continue;
            }
            $this->ask($service->entry, function () use ($service, $signal): void {
                $gateway = $this->gateways->forService($service->id);
                $reply = $gateway->call('GET', "/v1/services/{$service->id}", null, 3);
                $suspension = new Suspension($gateway, $service);
                match (true) {
                    $reply->is('unknown-service'), $reply->ok() && (new Status($reply->body))->is('closed')
                        => Untold::forget($service->id),
                    $signal === 'unsuspend' => $suspension->unsuspend(),
                    default => $suspension->renew(),
                };
            });
        }
    }

    /**
     * Sends the ends again that the gateway has not taken.
     */
    private function repeatEnds(): void
    {
        foreach (Records::wantedEnds() as $id => $row) {
            $status = Service::find((int) $id)?->status;
            if (in_array($status, ['Pending', 'Active', 'Suspended'], true)) {
                Records::endTaken((int) $id); // staff have thought better of it
            } elseif (microtime(true) < $this->until) {
                $this->ending->service((int) $id, (string) $row->ending);
            }
        }
    }

    /**
     * Neither WHMCS nor the old module's table names a server of a service that metalease has released, however that
     * came. A service that nobody looks after is asked for once.
     */
    private function forgetServers(): void
    {
        foreach (array_unique([...IspsystemTable::over(), ...Service::overWithAddress()]) as $id) {
            $this->ask(Records::origin($id)[0], function () use ($id): void {
                $reply = $this->gateways->forRecord($id)->call('GET', "/v1/services/$id", null, 3);
                $status = new Status($reply->body);
                if ($reply->ok() && $status->text('phase') === 'released') {
                    IspsystemTable::release($id);
                    Service::find($id)?->forgetAddresses();
                }
                if ($reply->ok() && $status->is('closed') || $reply->is('unknown-service')) {
                    Records::ended($id);
                }
            });
        }
    }

    /**
     * Lets somebody call the gateway of a server entry, unless it did not answer before in this run.
     *
     * @param callable(): void $call
     */
    private function ask(int $entry, callable $call): void
    {
        if (isset($this->dead[$entry]) || microtime(true) > $this->until) {
            return;
        }
        try {
            $call();
        } catch (Unreachable) {
            $this->dead[$entry] = true;
        }
    }
}
