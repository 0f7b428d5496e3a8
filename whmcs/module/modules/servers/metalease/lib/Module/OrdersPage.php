<?php

declare(strict_types=1);

namespace WHMCS\Module\Server\Metalease\Module;

use WHMCS\Module\Server\Metalease\Gateway\Gateways;
use WHMCS\Module\Server\Metalease\Gateway\SignedPage;

defined('WHMCS') || die();

/**
 * The page on which metalease's worker reads orders by the module's own rule: what the hooks would send now, whether
 * it is due, and what stops it. WHMCS's API shows no module settings. The page writes nothing, unless an order is
 * prepared.
 */
final class OrdersPage
{
    /** Services in one question. */
    private const MOST = 200;

    /**
     * Answers the request.
     */
    public static function serve(): void
    {
        SignedPage::serve(self::answer(...));
    }

    /**
     * The answer to a request.
     *
     * @param array<string, mixed> $server as $_SERVER
     * @return array{0: int, 1: array<string, mixed>} HTTP status and JSON
     */
    public static function answer(array $server, string $body): array
    {
        return SignedPage::answer('orders.php', $server, $body, self::orders(...));
    }

    /**
     * What was asked for. Services that are none of this module's are left out.
     *
     * @return array{0: int, 1: array<string, mixed>}
     */
    private static function orders(mixed $asked): array
    {
        $services = $asked['services'] ?? null;
        $strange = array_filter((array) $services, static fn (mixed $id) => !is_int($id));
        if (!is_array($services) || $services === [] || $strange !== [] || count($services) > self::MOST) {
            $title = 'Ask for {"services": [101, 102]}, at most ' . self::MOST;
            return SignedPage::problem(422, 'invalid-request', $title);
        }
        $prepare = ($asked['prepare'] ?? false) === true;
        $found = array_map(static fn (int $id) => self::row($id, $prepare), array_unique($services));
        return [200, ['orders' => array_values(array_filter($found))]];
    }

    /**
     * The order of a service. One that cannot be read costs no other.
     *
     * @return array<string, mixed>|null null when there is no such service
     */
    private static function row(int $id, bool $prepare): ?array
    {
        try {
            return self::order(Service::find($id), $prepare);
        } catch (\Throwable $fault) {
            $where = get_class($fault) . ' in ' . basename($fault->getFile()) . ' line ' . $fault->getLine();
            Text::log("orders.php: service $id: $where");
            $problem = 'WHMCS could not read this order';
            return ['service_id' => $id, 'status' => '', 'due' => false, 'problem' => $problem];
        }
    }

    /**
     * One order. With a problem it has no body: that is why nobody can start it.
     *
     * @param bool $prepare whether it is about to be started: then its credentials are filled, as before each start
     * @return array<string, mixed>|null null when there is no such service
     */
    private static function order(?Service $service, bool $prepare): ?array
    {
        if ($service === null) {
            return null;
        }
        if ($prepare) {
            Credentials::fill($service);
        }
        $paidAt = Start::paidAt($service) ?: ($prepare ? Records::asked($service->id) : '');
        $row = [
            'service_id' => $service->id, 'status' => $service->status, 'due' => Start::due($service),
            'paid_at' => Clock::utc($paidAt), 'panel' => $service->setting(Option::Panel),
            'notice' => Start::stopped($service->id), 'problem' => '',
        ];
        try {
            $row['panel'] = (new Gateways())->forService($service->id)->panel();
            $row['order'] = Order::body($service, $row['panel'], $row['paid_at'], Records::namedServer($service->id));
        } catch (Refusal $refusal) {
            $row['problem'] = Text::plain($refusal->getMessage());
        }
        return $row;
    }
}
