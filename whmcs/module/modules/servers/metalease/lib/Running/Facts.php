<?php

declare(strict_types=1);

namespace WHMCS\Module\Server\Metalease\Running;

use WHMCS\Module\Server\Metalease\Gateway\Client;
use WHMCS\Module\Server\Metalease\Gateway\Status;
use WHMCS\Module\Server\Metalease\Gateway\Unreachable;

defined('WHMCS') || die();

/**
 * What the panel says of the machine itself: label, MAC, rack, switch ports, power. It is kept, so that pages open
 * fast.
 */
final class Facts
{
    private const NAME = 'facts';

    /** Why the facts that were asked for are not there; empty when they are. */
    public string $fault = '';

    /**
     * @param Client $gateway  of the service
     * @param string $serverId that the service has now: what is kept of another one is not believed
     */
    public function __construct(private Client $gateway, private int $serviceId, private string $serverId)
    {
    }

    /**
     * The facts: those that are kept while they are not older than that, else new ones; old ones where there are none.
     *
     * @param int  $age   seconds; below 0 for none that are kept
     * @param bool $fresh whether the gateway, too, is to look now
     * @return Status|null null where nothing is known
     */
    public function get(int $age, bool $fresh = false): ?Status
    {
        $kept = Kept::find($this->serviceId, self::NAME);
        if ($kept !== null && (new Status($kept->json()))->text('server_id') !== $this->serverId) {
            $kept = null;
        }
        if ($kept !== null && $kept->age() <= $age) {
            return new Status($kept->json());
        }
        try {
            $path = "/v1/services/{$this->serviceId}/facts" . ($fresh ? '?fresh=true' : '');
            $reply = $this->gateway->call('GET', $path, null, $fresh ? 8 : 4);
            if ($reply->ok()) {
                Kept::put($this->serviceId, self::NAME, (string) json_encode($reply->body));
                return new Status($reply->body);
            }
            $this->fault = $reply->problem();
        } catch (Unreachable $fault) {
            $this->fault = $fault->getMessage();
        }
        return $kept === null ? null : new Status($kept->json());
    }
}
