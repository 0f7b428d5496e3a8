<?php

declare(strict_types=1);

namespace WHMCS\Module\Server\Metalease\Hooks;

use WHMCS\Database\Capsule;
use WHMCS\Module\Server\Metalease\Module\Service;
use WHMCS\Module\Server\Metalease\Module\Settings;
use WHMCS\Module\Server\Metalease\Running\Login;

defined('WHMCS') || die();

/**
 * Merge fields for mails about a service: what opens which door. WHMCS's own service_password is the root password, and
 * opens the panel only for the client's first server.
 */
final class WelcomeMail
{
    /**
     * The fields of a mail.
     *
     * @param array<string, mixed> $vars of EmailPreSend
     * @return array<string, string> merge fields; none for a mail that is about no service of this module
     */
    public static function fields(array $vars): array
    {
        // The number alone does not say of what it is: that of an invoice may be the same.
        $name = (string) ($vars['messagename'] ?? '');
        $type = Capsule::table('tblemailtemplates')->where('name', $name)->value('type');
        $service = $type === 'product' ? Service::find((int) ($vars['relid'] ?? 0)) : null;
        if ($service === null) {
            return [];
        }
        $login = Login::of($service);
        return [
            'metalease_panel_url' => $login->panel,
            'metalease_panel_user' => $login->account,
            'metalease_panel_password' => $login->password,
            'metalease_root_user' => $login->user,
            'metalease_root_password' => $login->root,
            'metalease_page_url' => Settings::systemUrl() . "/clientarea.php?action=productdetails&id={$service->id}",
        ];
    }
}
