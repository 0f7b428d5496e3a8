<?php

declare(strict_types=1);

namespace WHMCS\Module\Server\Metalease\Module;

defined('WHMCS') || die();

/**
 * What the gateway is asked to build: the same body for every repeat of the same order.
 */
final class Order
{
    /**
     * The body of POST /v1/services.
     *
     * @param string $panel  where the server is to come from
     * @param string $paidAt decides who is served first when servers are short
     * @param string $named  a server that an administrator chose; empty for any that matches
     * @return array<string, mixed>
     */
    public static function body(
        Service $service,
        string $panel,
        string $paidAt,
        string $named,
        bool $restart = false
    ): array {
        $fields = [
            'service_id' => $service->id, 'client_id' => $service->client, 'order_id' => $service->order,
            'paid_at' => $paidAt, 'panel' => $panel, 'restart' => $restart,
        ] + self::wishes($service, $named);
        return array_filter($fields, static fn (mixed $value) => $value !== '' && $value !== false);
    }

    /**
     * The fields that a retry may correct, with their current values. An empty limit is left to metalease.
     *
     * @return array<string, mixed>
     * @throws Refusal when the client paid for something that is not understood, or the server has no name
     */
    public static function wishes(Service $service, string $named): array
    {
        $choices = $service->choices;
        $choices->check();
        $recipe = $choices->text('recipe') ?: $service->setting(Option::Recipe);
        return [
            'package' => $service->setting(Option::Package),
            'os_template' => $choices->text('os', 'OS', 'ostemplate')
                ?: $service->setting(Option::OperatingSystem),
            'recipe' => in_array(strtolower($recipe), ['null', 'none'], true) ? '' : $recipe,
            'ipv4' => $choices->count('IP'),
            'ipv6' => $choices->count('IPv6'),
            'address_group' => $service->setting(Option::AddressGroup),
            'domain' => HostName::ofService($service),
            'dont_wait' => $service->setting(Option::DontWait) === 'on',
            'server_id' => $named,
        ] + array_filter([
            'install_timeout' => self::duration($service->setting(Option::InstallTimeout)),
            'install_attempts' => (int) $service->setting(Option::InstallAttempts),
            'grace' => self::grace($service),
        ]);
    }

    /**
     * How long an unpaid server is kept; empty where metalease's configuration decides.
     */
    public static function grace(Service $service): int|string
    {
        return self::duration($service->setting(Option::Grace));
    }

    /**
     * A bare number is seconds, which only a JSON number says.
     */
    private static function duration(string $text): int|string
    {
        return ctype_digit($text) ? (int) $text : $text;
    }
}
