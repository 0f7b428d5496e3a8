<?php

declare(strict_types=1);

namespace WHMCS\Module\Server\Metalease\Running;

use WHMCS\Module\Server\Metalease\Gateway\Client;
use WHMCS\Module\Server\Metalease\Gateway\Reply;
use WHMCS\Module\Server\Metalease\Gateway\Signals;
use WHMCS\Module\Server\Metalease\Gateway\Status;
use WHMCS\Module\Server\Metalease\Gateway\Unreachable;
use WHMCS\Module\Server\Metalease\Module\HostName;
use WHMCS\Module\Server\Metalease\Module\Refusal;
use WHMCS\Module\Server\Metalease\Module\Service;
use WHMCS\Module\Server\Metalease\Page\Language;

defined('WHMCS') || die();

/**
 * What a customer has done with the server, from the forms of its page. WHMCS is not known to check whose service a
 * call is about (docs/whmcs-api.md W12): that is done here.
 */
final class ClientActions
{
    /** Names of addresses in one form. */
    private const NAMES = 64;

    /** What is said of a wish that was begun and did not end well. */
    private const PROBLEMS = [
        'power' => 'problem_power', 'reinstall' => 'problem_install', 'addresses' => 'problem_other',
    ];

    /** What the page says of the click of this request; empty for nothing. */
    private static string $said = '';

    /**
     * @param Client               $gateway of the service
     * @param array<string, mixed> $form    what was sent
     */
    public function __construct(private Client $gateway, private Service $service, private array $form)
    {
    }

    /**
     * Switches the server on or off, or reboots it.
     */
    public function power(): string
    {
        return $this->answer(function (string $click): string {
            $action = $this->text('power');
            if (!in_array($action, ['on', 'off', 'reboot'], true)) {
                throw new Refused('refused_form');
            }
            Limit::count($this->service->id, 'power', $click);
            $this->send('power', ['action' => $action], $click);
            return 'asked_' . $action;
        });
    }

    /**
     * Installs the server anew.
     */
    public function reinstall(): string
    {
        return $this->answer(function (string $click): string {
            $id = $this->service->id;
            [$template, $password] = [$this->text('template'), $this->typed('password')];
            $status = $this->status();
            $this->check($template, $password, $this->text('confirm'), $status->text('server.hostname'));
            $refusal = (new State($status))->refusal();
            if ($refusal !== '') {
                throw new Refused($refusal);
            }
            Limit::count($id, 'reinstall', $click);
            if (!RootPassword::leave($id, $click, $password)) {
                throw new Refused('refused_busy');
            }
            $wish = ['os_template' => $template, 'confirm' => $status->text('server.hostname')];
            try {
                $this->send('reinstall', $wish, $click);
            } catch (Refused $refused) {
                if ($refused->key !== 'problem_install' && $refused->key !== 'refused_unknown') { // it may have begun
                    RootPassword::forget($id, $click);
                }
                throw $refused;
            }
            Kept::put($id, 'template', $template); // which says who signs in
            return 'asked_reinstall';
        });
    }

    /**
     * Names addresses of the server.
     */
    public function names(): string
    {
        return $this->answer(function (string $click): string {
            $status = $this->status();
            $typed = $this->form['names'] ?? [];
            $domains = [];
            foreach (Names::of($this->service->id, $status) as $ip => $name) {
                $wished = is_array($typed) && is_string($typed[$ip] ?? null) ? trim($typed[$ip]) : '';
                if ($wished === '' || $wished === $name) {
                    continue;
                }
                $domains[$ip] = HostName::of($wished) ?: throw new Refused('refused_name', ['name' => $wished]);
            }
            if ($domains === [] || count($domains) > self::NAMES) {
                throw new Refused('refused_nothing');
            }
            Limit::count($this->service->id, 'addresses', $click);
            $this->send('addresses', ['domains' => $domains], $click);
            Names::remember($this->service->id, $domains);
            return 'asked_names';
        });
    }

    /**
     * What the page of this request says of the click: a key of the language files; empty for nothing.
     */
    public static function said(): string
    {
        return self::$said;
    }

    /**
     * Another request begins.
     */
    public static function begin(): void
    {
        self::$said = '';
    }

    /**
     * Runs what the form asks for; "success" when the gateway has taken it, else why not in the client's language.
     *
     * @param callable(string): string $act gets the click, and returns what the page says
     */
    private function answer(callable $act): string
    {
        $language = Language::ofClient(['userid' => $this->service->client]);
        try {
            if (!Visitor::sentTheForm() || Visitor::client() !== $this->service->client) {
                throw new Refused('refused_form');
            }
            self::$said = $act(Visitor::click($this->form['click'] ?? ''));
            return 'success';
        } catch (Refused $refused) {
            return $language->text($refused->key, $refused->words);
        } catch (Unreachable | Refusal) {
            return $language->text('refused_unknown');
        }
    }

    /**
     * Checks what was typed for a reinstall.
     */
    private function check(string $template, string $password, string $confirm, string $host): void
    {
        if (!array_key_exists($template, Templates::of($this->service))) {
            throw new Refused('refused_template');
        }
        if ($password !== $this->typed('again')) {
            throw new Refused('refused_again');
        }
        if (!RootPassword::allowed($password)) {
            throw new Refused('refused_password', RootPassword::rules());
        }
        if ($host === '' || strcasecmp($confirm, $host) !== 0) {
            throw new Refused('refused_confirm', ['name' => $host]);
        }
    }

    /**
     * Sends a wish. It is taken when it is durable, whatever is known of its effect.
     *
     * @param array<string, mixed> $wish
     */
    private function send(string $kind, array $wish, string $click): void
    {
        $wish += ['event_id' => $click, 'actor' => Visitor::asClient($this->service->client)];
        $effect = (new Signals($this->gateway, $this->service->id))->send($kind, $wish, 2, 4);
        if ($effect->applied() || $effect->underWay()) {
            return;
        }
        throw $effect->outcome === 'failed' ? new Refused(self::PROBLEMS[$kind]) : $this->refused($effect->reply);
    }

    /**
     * Why the gateway does nothing, in words for a customer: what stands in the way now.
     */
    private function refused(Reply $reply): Refused
    {
        if ($reply->status === 429) {
            return new Refused('refused_often', ['minutes' => 1]);
        }
        if ($reply->status >= 500) {
            return new Refused('refused_unknown');
        }
        return new Refused((new State($this->status()))->refusal() ?: 'refused_now');
    }

    /**
     * The service as it is now. It is asked for where nothing was done yet, or will be.
     */
    private function status(): Status
    {
        try {
            $reply = $this->gateway->call('GET', '/v1/services/' . $this->service->id);
        } catch (Unreachable) {
            throw new Refused('refused_now');
        }
        $status = new Status($reply->body);
        if (!$reply->ok() || $status->number('service_id') !== $this->service->id) {
            throw new Refused('refused_now');
        }
        return $status;
    }

    /**
     * A text of the form.
     */
    private function text(string $name): string
    {
        return trim($this->typed($name));
    }

    /**
     * A text of the form as it was typed. WHMCS encodes what is sent as HTML.
     */
    private function typed(string $name): string
    {
        $value = $this->form[$name] ?? '';
        return is_string($value) ? html_entity_decode($value, ENT_QUOTES) : '';
    }
}
