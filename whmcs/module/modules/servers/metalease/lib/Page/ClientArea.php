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
use WHMCS\Module\Server\Metalease\Running\Facts as MachineFacts;
use WHMCS\Module\Server\Metalease\Running\Login;
use WHMCS\Module\Server\Metalease\Running\Names;
use WHMCS\Module\Server\Metalease\Running\RootPassword;
use WHMCS\Module\Server\Metalease\Running\State;
use WHMCS\Module\Server\Metalease\Running\Templates;
use WHMCS\Module\Server\Metalease\Running\Usage;

defined('WHMCS') || die();

/**
 * What a customer sees of a service in the client area.
 */
final class ClientArea
{
    private const TEMPLATE = 'templates/service.tpl';

    /** Phases in which the customer has a server with addresses. */
    private const HAVING = ['active', 'blocked'];

    /** Texts that stand in the template itself. */
    private const FIXED = [
        'locale', 'step_done', 'step_now', 'hostname', 'main_ip', 'extra_ips', 'refreshes', 'refresh',
    ];

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
        $language = Language::ofClient($params);
        $silence = [$id, $language, (new Words($language))->unreachable(), ['refresh' => true]];
        try {
            $reply = $this->gateway->call('GET', '/v1/services/' . $id);
        } catch (Unreachable) {
            return self::page(...$silence);
        }
        if ($reply->status === 404) {
            return self::unknown($id, $language, (string) ($params['status'] ?? ''));
        }
        $status = new Status($reply->body);
        if ($reply->status !== 200 || $status->number('service_id') !== $id) {
            return self::page(...$silence);
        }
        $service = Service::find($id);
        // WHMCS knows of a payment before metalease does: nobody is asked to pay twice.
        $paid = $status->text('phase') === 'blocked' && $service?->paid() === true;
        $controls = $service === null ? null : $this->controls($service, $status);
        return self::known($id, $status, Time::now(), $paid, $language, $service?->shownByTheme() ?? [], $controls);
    }

    /**
     * What the customer can have done with the server, and what is known of it.
     */
    private function controls(Service $service, Status $status): ?Controls
    {
        $state = new State($status);
        if (!in_array($status->text('phase'), self::HAVING, true) || $status->is('closed')) {
            return null;
        }
        $facts = new MachineFacts($this->gateway, $service->id, $status->text('server.id'));
        return new Controls(
            $status,
            $state->free() ? $facts->get($state->switched() ? 2 : 30, $state->switched()) : null,
            $state->free() ? Login::of($service) : null,
            Templates::of($service),
            Names::of($service->id, $status),
            (new Usage($this->gateway, $service->id))->months($service->registered),
            RootPassword::changed($service->id)
        );
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
        $language = Language::ofClient($params);
        return $waits ? self::page($id, $language, self::stopped(new Words($language), $id), []) : [];
    }

    /**
     * The page of a service of which the gateway knows nothing.
     *
     * @param string $status of the service in WHMCS
     *
     * @return array{tabOverviewModuleOutputTemplate: string, templateVariables: array<string, mixed>}
     */
    private static function unknown(int $id, Language $language, string $status): array
    {
        $words = new Words($language);
        $pending = $status === 'Pending';
        $dropped = $pending && Records::endedAt($id) !== '';
        $said = match (true) {
            $dropped => $words->dropped(),
            $pending && Start::stopped($id) !== '' => self::stopped($words, $id),
            default => $words->unknown($status),
        };
        return self::page($id, $language, $said, ['refresh' => $pending && !$dropped]);
    }

    /**
     * Words for an order that something stops, with what the customer can know of it.
     */
    private static function stopped(Words $words, int $id): Words
    {
        $service = Service::find($id);
        try {
            $service === null || Order::wishes($service, '');
        } catch (Refusal $refusal) {
            return $words->stopped($refusal->client, $service->domain);
        }
        return $words->delayed();
    }

    /**
     * The page of a service that the gateway knows.
     *
     * @param bool          $paid     whether WHMCS shows it as paid
     * @param Language|null $language English where none is given
     * @param list<string>  $shown    names and addresses that the theme shows by itself
     * @param Controls|null $controls what the customer can have done; null for nothing
     *
     * @return array{tabOverviewModuleOutputTemplate: string, templateVariables: array<string, mixed>}
     */
    public static function known(
        int $id,
        Status $status,
        Time $time,
        bool $paid = false,
        ?Language $language = null,
        array $shown = [],
        ?Controls $controls = null
    ): array {
        $language ??= Language::named('');
        $installing = Words::stillInstalling($status, $time);
        $moving = $status->text('phase') === 'pending' && $status->building();
        $state = new State($status);
        $having = in_array($status->text('phase'), self::HAVING, true);
        $more = static fn (string ...$texts): array => $having ? array_values(array_diff($texts, $shown)) : [];
        return self::page($id, $language, (new Words($language))->of($status, $time, $paid), [
            'steps' => $status->building() ? self::steps($status, $time, $language) : [],
            'progress' => match (true) {
                $moving => self::progress($status, $time, $language),
                $state->reinstalling() => Reinstall::progress($status, $time, $language),
                default => null,
            },
            'hostname' => $more(mb_strtolower($status->text('server.hostname')))[0] ?? '',
            'address' => $more($status->text('server.ip'))[0] ?? '',
            'extra' => $more(...$status->texts('server.extra_ips')),
            'controls' => $controls?->of($language, $time, $installing),
            'refresh' => $status->building() || $installing || $paid || $state->runs() !== '',
        ]);
    }

    /**
     * The template with all its variables.
     *
     * @param array<string, mixed> $shown what there is beyond the words
     *
     * @return array{tabOverviewModuleOutputTemplate: string, templateVariables: array<string, mixed>}
     */
    private static function page(int $id, Language $language, Words $words, array $shown): array
    {
        $metalease = $shown + [
            'id' => $id, 'tone' => $words->tone, 'headline' => $words->headline,
            'reasons' => $words->reasons, 'until' => $words->until, 'sentences' => $words->sentences,
            'kept' => $language->around('kept_until', 'date'),
            'controls' => null, 'steps' => [], 'progress' => null, 'hostname' => '', 'address' => '', 'extra' => [],
            'refresh' => false,
            'text' => array_combine(self::FIXED, array_map($language->text(...), self::FIXED)),
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
    private static function steps(Status $status, Time $time, Language $language): array
    {
        return array_map(
            static fn (array $step): array
                => ['label' => $language->text('step_' . $step['name']), 'state' => $step['state']],
            (new Steps($status, $time))->all()
        );
    }

    /**
     * How far the build is, and when it is expected to end: no promise while something does not answer.
     *
     * @return array{percent: int, value: string, left: string, label: string}
     */
    private static function progress(Status $status, Time $time, Language $language): array
    {
        $steps = new Steps($status, $time);
        [$percent, $left] = [$steps->percent(), $steps->left()];
        $words = ['percent' => $percent, 'time' => $language->about($left)];
        return ['label' => $language->text('progress_label')] + ($status->has('trouble')
            ? ['percent' => $percent, 'value' => $language->text('progress_percent', $words),
                'left' => $language->text('progress_longer')]
            : ['percent' => $percent, 'value' => $language->text('progress_value', $words),
                'left' => $language->text('progress_within', $words)]);
    }
}
