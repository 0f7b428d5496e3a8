<?php

declare(strict_types=1);

namespace Host;

use WHMCS\Database\Capsule;

/**
 * Mails, with what their merge fields said when they were sent.
 */
final class Mail
{
    /**
     * The welcome mail of the service's product, when it has one.
     */
    public static function welcome(int $serviceId): void
    {
        $template = Capsule::table('tblhosting as h')->join('tblproducts as p', 'p.id', '=', 'h.packageid')
            ->join('tblemailtemplates as t', 't.id', '=', 'p.welcomeemail')->where('h.id', $serviceId)->value('t.name');
        if ($template !== null) {
            self::send((string) $template, $serviceId);
        }
    }

    /**
     * Sends a mail about a service, unless a hook aborts it.
     */
    public static function send(string $template, int $serviceId): bool
    {
        $service = Capsule::table('tblhosting')->where('id', $serviceId)->first();
        if ($service === null) {
            return false;
        }
        $fields = [
            'service_id' => (int) $service->id, 'service_status' => $service->domainstatus, 'service_domain' => $service->domain,
            'service_dedicated_ip' => $service->dedicatedip, 'service_assigned_ips' => $service->assignedips,
            'service_username' => $service->username, 'service_password' => decrypt((string) $service->password),
        ];
        $overrides = Hooks::overrides('EmailPreSend', ['messagename' => $template, 'relid' => $serviceId, 'mergefields' => $fields]);
        if ($overrides['abortsend'] ?? false) {
            return false;
        }
        Capsule::table('host_mails')->insert([
            'date' => Clock::now(), 'template' => $template, 'relid' => $serviceId, 'mergefields' => (string) json_encode($overrides + $fields),
        ]);
        return true;
    }
}
