<?php

declare(strict_types=1);

namespace Host;

use WHMCS\Service\Service;

/**
 * clientarea.php?action=productdetails: the page of a service in the client area.
 */
final class ClientPage
{
    /**
     * Answers a request of a client who is logged in and owns the service.
     */
    public static function serve(): void
    {
        $unchecked = Ways::is('unchecked-buttons') && ($_POST['modop'] ?? '') === 'custom';
        $services = $unchecked ? Service::query() : Service::query()->where('userid', (int) ($_SESSION['uid'] ?? 0));
        $service = $services->find((int) ($_REQUEST['id'] ?? 0));
        if ($service === null) {
            http_response_code(isset($_SESSION['uid']) ? 404 : 403);
            echo isset($_SESSION['uid']) ? 'There is no such service' : 'Please log in';
            return;
        }
        $params = Params::of($service);
        $module = new ServerModule((string) $params['moduletype']);
        $said = ''; // what WHMCS calls modulecustombuttonresult
        if (($_POST['modop'] ?? '') === 'custom') {
            $unchecked || check_token();
            $said = self::custom($module, (string) ($_POST['a'] ?? ''), $params);
            $params = Params::of($service->refresh());
        }
        $vars = self::vars($service, $params) + ['modulecustombuttonresult' => $said];
        $vars = array_merge($vars, Hooks::overrides('ClientAreaPageProductDetails', $vars));
        $vars += self::output($module, $params, $vars);
        $vars['hookOutput'] = array_map('strval', Hooks::run('ClientAreaProductDetailsOutput', ['service' => $service]));
        Page::send(Page::theme(), 'clientareaproductdetails', $vars);
    }

    /**
     * Runs a function that the module offers to clients.
     *
     * @param array<string, mixed> $params
     */
    private static function custom(ServerModule $module, string $function, array $params): string
    {
        $offered = [];
        foreach (['ClientAreaCustomButtonArray', 'ClientAreaAllowedFunctions'] as $list) {
            $offered = array_merge($offered, $module->has($list) ? array_values((array) $module->call($list, $params)) : []);
        }
        if (!in_array($function, $offered, true) || !$module->has($function)) {
            return 'Function Not Supported by Module';
        }
        $result = $module->call($function, $params);
        return is_string($result) ? $result : 'page';
    }

    /**
     * What the module adds to the page, in each of the forms that WHMCS takes
     * (docs/whmcs-api.md 3.6): a part of the overview, or all of it.
     *
     * @param array<string, mixed> $params
     * @param array<string, mixed> $page   variables of the page
     * @return array{moduleclientarea: string, tplOverviewTabOutput: string}
     */
    private static function output(ServerModule $module, array $params, array $page): array
    {
        $result = $module->has('ClientArea') ? $module->call('ClientArea', $params) : [];
        $found = ['moduleclientarea' => is_string($result) ? $result : '', 'tplOverviewTabOutput' => ''];
        if (is_string($result)) {
            return $found;
        }
        $template = $result['tabOverviewReplacementTemplate'] ?? $result['tabOverviewModuleOutputTemplate'] ?? '';
        if ($template === '' && is_file($module->folder() . '/' . ($result['templatefile'] ?? 'clientarea') . '.tpl')) {
            $template = ($result['templatefile'] ?? 'clientarea') . '.tpl';
        }
        if ($template === '') {
            return $found;
        }
        $vars = ($result['templateVariables'] ?? []) + ($result['vars'] ?? []);
        $vars += Ways::is('bare-pages') ? [] : $page + $params + ['token' => Token::value(), 'WEB_ROOT' => ''];
        $place = isset($result['tabOverviewReplacementTemplate']) ? 'tplOverviewTabOutput' : 'moduleclientarea';
        return [$place => Page::render($module->folder() . '/' . $template, $vars)] + $found;
    }

    /**
     * Variables of the page.
     *
     * @param array<string, mixed> $params
     * @return array<string, mixed>
     */
    private static function vars(Service $service, array $params): array
    {
        return [
            'serviceid' => (int) $service->id, 'id' => (int) $service->id, 'product' => (string) $service->product->name, 'domain' => $service->domain,
            'status' => $service->domainstatus, 'rawstatus' => strtolower((string) $service->domainstatus), 'dedicatedip' => $service->dedicatedip,
            'assignedips' => $service->assignedips, 'nextduedate' => $service->nextduedate, 'regdate' => $service->regdate,
            'billingcycle' => $service->billingcycle, 'recurringamount' => '$' . $service->amount . ' USD', 'suspendreason' => $service->suspendreason, 'LANG' => [],
            'groupname' => 'Dedicated Servers', 'type' => 'server', 'username' => $service->username, 'ns1' => $service->ns1, 'ns2' => $service->ns2,
            'configurableoptions' => $params['configoptions'],
        ];
    }
}
