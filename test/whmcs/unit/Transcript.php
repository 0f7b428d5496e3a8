<?php

declare(strict_types=1);

namespace MetaleaseTest;

use Carbon\Carbon;
use WHMCS\Database\Capsule;
use WHMCS\Module\Server\Metalease\Module\Option;
use WHMCS\Module\Server\Metalease\Module\Records;

/**
 * One recorded call of a module function, played against the module: test/whmcs/testdata/transcripts/README.md.
 */
final class Transcript
{
    private const FOLDER = __DIR__ . '/../testdata/transcripts';

    /** What the module makes anew for each call; it must be there, and is not in the files. */
    private const VOLATILE = ['event_id', 'at'];

    /** Name of a setting in the files => the module's own. */
    private const SETTINGS = [
        'package' => Option::Package, 'os_template' => Option::OperatingSystem, 'recipe' => Option::Recipe,
        'dont_wait' => Option::DontWait, 'domain' => Option::DomainTemplate, 'address_group' => Option::AddressGroup,
        'panel' => Option::Panel, 'install_timeout' => Option::InstallTimeout,
        'install_attempts' => Option::InstallAttempts, 'grace' => Option::Grace, 'start_on' => Option::StartOn,
    ];

    private function __construct(private string $file, private \stdClass $case)
    {
    }

    /**
     * All of them, by name.
     *
     * @return array<string, self>
     */
    public static function all(): array
    {
        $all = [];
        foreach (glob(self::FOLDER . '/*.json') ?: [] as $file) {
            $case = json_decode((string) file_get_contents($file), false, 64, JSON_THROW_ON_ERROR);
            $all[basename($file, '.json')] = new self($file, $case);
        }
        return $all;
    }

    /**
     * The function, without "metalease_".
     */
    public function function(): string
    {
        return $this->case->function;
    }

    /**
     * HTTP status of each answer of the gateway; 0 for one that is not there.
     *
     * @return list<int>
     */
    public function statuses(): array
    {
        return array_map(static fn (\stdClass $answer) => $answer->status ?? 0, $this->case->gateway);
    }

    /**
     * What the file says of the calls, the text and the service after that.
     *
     * @return array<string, mixed>
     */
    public function wanted(): array
    {
        $case = json_decode((string) json_encode($this->case), true);
        return ['calls' => $case['calls'], 'text' => $case['text'], 'after' => $case['after'] ?? []];
    }

    /**
     * The order that the function sends; null when it sends none. A restart is another one: its time is of now.
     *
     * @return array<string, mixed>|null
     */
    public function order(): ?array
    {
        $sent = array_filter($this->wanted()['calls'], static fn (array $call) => $call['path'] === '/v1/services');
        $order = array_values($sent)[0]['body'] ?? null;
        return isset($order['restart']) ? null : $order;
    }

    /**
     * Makes a shop as the file has it, without a call.
     *
     * @return int the service
     */
    public function open(): int
    {
        $this->furnish($this->case->service);
        return $this->case->service->id;
    }

    /**
     * Calls the function in a shop as the file has it.
     *
     * @return array<string, mixed> as wanted()
     */
    public function play(): array
    {
        $service = $this->case->service;
        $this->furnish($service);
        $function = 'metalease_' . $this->case->function;
        $before = self::shown($service->id);
        $text = $function($this->params($service->id));
        $after = array_diff_assoc(self::shown($service->id), $before);
        $calls = [];
        foreach (FakeGateway::calls() as $call) {
            $calls[] = self::call($call);
        }
        $url = 'http://127.0.0.1:' . Capsule::table('tblservers')->where('id', Shop::ENTRY)->value('port');
        return ['calls' => $calls, 'text' => str_replace($url, '{gateway}', $text), 'after' => $after];
    }

    /**
     * Writes what was seen into the file.
     *
     * @param array<string, mixed> $seen
     */
    public function record(array $seen): void
    {
        foreach ($seen as $key => $value) {
            unset($this->case->$key);
            if ($value !== [] || $key === 'calls') {
                $this->case->$key = $value;
            }
        }
        $flags = JSON_PRETTY_PRINT | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_THROW_ON_ERROR;
        $text = json_encode($this->case, $flags);
        $text = (string) preg_replace_callback(
            '/^(?: {4})+/m',
            static fn (array $indent) => str_repeat(' ', intdiv(strlen($indent[0]), 2)),
            $text
        );
        file_put_contents($this->file, $text . "\n");
    }

    /**
     * Puts the shop, the module's own records and the gateway into the state of the file.
     */
    private function furnish(\stdClass $service): void
    {
        $answers = $this->case->gateway;
        $refused = ($answers[0]->refused ?? false) === true; // nothing listens there
        Carbon::setTestNow(Carbon::parse($this->case->now));
        Shop::open($refused ? 1 : null);
        $order = $this->case->order;
        Shop::order(
            [
                'id' => $service->id, 'userid' => $order->client_id, 'domainstatus' => $service->status,
                'domain' => $service->domain, 'nextduedate' => $service->next_due,
                'suspendreason' => $service->suspend_reason, 'dedicatedip' => $service->main_ip,
            ],
            ['id' => $order->id],
            ['datepaid' => Carbon::parse($order->paid_at)->format('Y-m-d H:i:s')]
        );
        $settings = [];
        foreach (self::SETTINGS as $name => $option) {
            $settings[$option->key()] = $this->case->product->$name ?? '';
        }
        Shop::change('tblproducts', Shop::PRODUCT, $settings);
        foreach ($this->case->choices ?? [] as $name => $choice) {
            Shop::choose($service->id, $name, $choice);
        }
        $known = $this->case->module ?? new \stdClass();
        isset($known->named_server) && Records::nameServer($service->id, $known->named_server);
        ($known->handed_over ?? false) && Records::handOver($service->id);
        isset($known->ispsystem_server) && Capsule::table('mod_ispsystem')
            ->insert(['serviceid' => $service->id, 'external_id' => $known->ispsystem_server]);
        $replies = array_map(static fn (\stdClass $answer) => [$answer->status ?? 0, $answer->body ?? ''], $answers);
        FakeGateway::answers($refused || $replies === [] ? [] : [FakeGateway::ANY => $replies]);
    }

    /**
     * What WHMCS hands to the function.
     *
     * @return array<string, mixed>
     */
    private function params(int $service): array
    {
        $row = Shop::service($service);
        return (array) ($this->case->params ?? []) + [
            'serviceid' => $service, 'userid' => $row->userid, 'pid' => $row->packageid, 'addonId' => 0,
            'qty' => (int) $row->qty, 'moduletype' => 'metalease', 'status' => $row->domainstatus,
            'serverid' => $row->server, 'password' => decrypt((string) $row->password),
            Option::Panel->key() => $this->case->product->panel ?? '',
        ];
    }

    /**
     * What the module changes in WHMCS itself; WHMCS does more when it reads "success".
     *
     * @return array<string, string>
     */
    private static function shown(int $service): array
    {
        $old = Capsule::table('mod_ispsystem')->where('serviceid', $service)->value('external_id');
        $row = Shop::service($service);
        return ['status' => $row->domainstatus, 'ispsystem_server' => (string) $old, 'main_ip' => $row->dedicatedip];
    }

    /**
     * A call as the files have it: no volatile fields, keys in the order of the alphabet.
     *
     * @param array{call: string, query: string, body: mixed} $call
     * @return array<string, mixed>
     */
    private static function call(array $call): array
    {
        [$method, $path] = explode(' ', $call['call']);
        $query = rtrim($call['query'], '?');
        $one = ['method' => $method, 'path' => $path . ($query === '' ? '' : '?' . $query)];
        if (!is_array($call['body'])) {
            return $one;
        }
        $body = $call['body'];
        if ($path !== '/v1/services') { // an order is no event: it has neither
            foreach (self::VOLATILE as $field) {
                if (!is_string($body[$field] ?? null) || $body[$field] === '') {
                    throw new \UnexpectedValueException("{$call['call']} has no $field");
                }
                if ($field === 'at' && !Carbon::parse($body[$field])->equalTo(Carbon::now())) {
                    throw new \UnexpectedValueException("{$call['call']} is of {$body[$field]}, not of now");
                }
                unset($body[$field]);
            }
        }
        ksort($body);
        if (is_array($body['order'] ?? null)) {
            ksort($body['order']);
        }
        return $one + ['body' => $body];
    }
}
