<?php

declare(strict_types=1);

namespace WHMCS\Module\Server\Metalease\Page;

use WHMCS\Module\Server\Metalease\Gateway\Client;
use WHMCS\Module\Server\Metalease\Gateway\Status;
use WHMCS\Module\Server\Metalease\Gateway\Unreachable;
use WHMCS\Module\Server\Metalease\Module\Order;
use WHMCS\Module\Server\Metalease\Module\Records;
use WHMCS\Module\Server\Metalease\Module\Refusal;
use WHMCS\Module\Server\Metalease\Module\Service;
use WHMCS\Module\Server\Metalease\Module\Start;

defined('WHMCS') || die();

/**
 * What a customer sees of a service in the client area.
 */
final class ClientArea
{
    private const TEMPLATE = 'templates/service.tpl';

    /** Phases in which the customer has a server with addresses. */
    private const HAVING = ['active', 'blocked'];

    /**
     * @param Client $gateway of the service's server entry
     */
    public function __construct(private Client $gateway)
    {
    }

    /**
     * The page of the service of these parameters, and of no other.
     *
     * @param array<string, mixed> $params what WHMCS tells the module
     *
     * @return array{tabOverviewModuleOutputTemplate: string, templateVariables: array<string, mixed>}
     */
    public function output(array $params): array
    {
        $id = (int) ($params['serviceid'] ?? 0);
        try {
            $reply = $this->gateway->call('GET', '/v1/services/' . $id);
        } catch (Unreachable) {
            return self::page($id, Words::unreachable(), ['refresh' => true]);
        }
        if ($reply->status === 404) {
            $status = (string) ($params['status'] ?? '');
            $stopped = $status === 'Pending' && Start::stopped($id) !== '';
            $ended = $status === 'Pending' && Records::endedAt($id) !== '';
            $words = match (true) {
                $ended => Words::ended(),
                $stopped => self::stopped($id),
                default => Words::unknown($status),
            };
            return self::page($id, $words, ['refresh' => $status === 'Pending' && !$ended]);
        }
        $status = new Status($reply->body);
        if ($reply->status !== 200 || $status->number('service_id') !== $id) {
            return self::page($id, Words::unreachable(), ['refresh' => true]);
        }
        // WHMCS knows of a payment before metalease does: nobody is asked to pay twice.
        $paid = $status->text('phase') === 'blocked' && Service::find($id)?->paid() === true;
        return self::known($id, $status, Time::now(), $paid);
    }

    /**
     * The page of a service whose gateway cannot be asked: nothing, unless its order waits for that.
     *
     * @param array<string, mixed> $params what WHMCS tells the module
     *
     * @return array<string, mixed>
     */
    public static function withoutGateway(array $params): array
    {
        $id = (int) ($params['serviceid'] ?? 0);
        $service = Service::find($id);
        $waits = $service?->status === 'Pending' && (Start::stopped($id) !== '' || Start::due($service));
        return $waits ? self::page($id, self::stopped($id), []) : [];
    }

    /**
     * Words for an order that something stops, with what the customer can know of it.
     */
    private static function stopped(int $id): Words
    {
        $service = Service::find($id);
        try {
            $service === null || Order::wishes($service, '');
        } catch (Refusal $refusal) {
            return Words::stopped($refusal->client, $service->domain);
        }
        return Words::delayed();
    }

    /**
     * The page of a service that the gateway knows.
     *
     * @param bool $paid whether WHMCS shows it as paid
     *
     * @return array{tabOverviewModuleOutputTemplate: string, templateVariables: array<string, mixed>}
     */
    public static function known(int $id, Status $status, Time $time, bool $paid = false): array
    {
        $installing = Words::stillInstalling($status, $time);
        $moving = $status->text('phase') === 'pending' && $status->building();
        $having = in_array($status->text('phase'), self::HAVING, true);
        return self::page($id, Words::of($status, $time, $paid), [
            'steps' => $status->building() ? self::steps($status, $time) : [],
            'progress' => $moving ? self::progress($status, $time) : null,
            'hostname' => $having ? $status->text('server.hostname') : '',
            'address' => $having ? $status->text('server.ip') : '',
            'extra' => $having ? $status->texts('server.extra_ips') : [],
            'refresh' => $status->building() || $installing || $paid,
        ]);
    }

    /**
     * The template with all its variables.
     *
     * @param array<string, mixed> $shown what there is beyond the words
     *
     * @return array{tabOverviewModuleOutputTemplate: string, templateVariables: array<string, mixed>}
     */
    private static function page(int $id, Words $words, array $shown): array
    {
        $metalease = $shown + [
            'id' => $id, 'tone' => $words->tone, 'headline' => $words->headline,
            'reasons' => $words->reasons, 'until' => $words->until, 'sentences' => $words->sentences,
            'steps' => [], 'progress' => null, 'hostname' => '', 'address' => '', 'extra' => [], 'refresh' => false,
        ];
        return [
            'tabOverviewModuleOutputTemplate' => self::TEMPLATE,
            'templateVariables' => ['metalease' => $metalease],
        ];
    }

    /**
     * The steps as the customer sees them.
     *
     * @return list<array{label: string, state: string}>
     */
    private static function steps(Status $status, Time $time): array
    {
        return array_map(
            static fn (array $step): array => ['label' => $step['label'], 'state' => $step['state']],
            (new Steps($status, $time))->all()
        );
    }

    /**
     * How far the build is, and when it is expected to end; empty while something does not answer.
     *
     * @return array{percent: int, left: string}
     */
    private static function progress(Status $status, Time $time): array
    {
        $steps = new Steps($status, $time);
        return ['percent' => $steps->percent(), 'left' => $status->has('trouble') ? '' : Time::about($steps->left())];
    }
}
