<?php

declare(strict_types=1);

namespace Host;

use WHMCS\Service\Service;

/**
 * admin/clientsservices.php: the page of a service in the admin area.
 */
final class AdminPage
{
    private const BUTTONS = ['create' => 'Create', 'suspend' => 'Suspend', 'unsuspend' => 'Unsuspend', 'terminate' => 'Terminate', 'renew' => 'Renew'];

    /**
     * Answers a request of an administrator who is logged in.
     */
    public static function serve(): void
    {
        $service = Service::query()->find((int) ($_REQUEST['id'] ?? 0));
        if (empty($_SESSION['adminid']) || $service === null) {
            http_response_code(empty($_SESSION['adminid']) ? 403 : 404);
            echo empty($_SESSION['adminid']) ? 'Please log in' : 'There is no such service';
            return;
        }
        $said = '';
        if ($_SERVER['REQUEST_METHOD'] === 'POST') {
            check_token();
            $said = self::act((int) $service->id, (string) ($_POST['modop'] ?? ''));
        }
        $params = Params::of($service->refresh());
        $module = new ServerModule((string) $params['moduletype']);
        $fields = $module->has('AdminServicesTabFields') ? (array) $module->call('AdminServicesTabFields', $params) : [];
        $fields = array_merge($fields, Hooks::overrides('AdminClientServicesTabFields', ['id' => (int) $service->id]));
        $custom = $module->has('AdminCustomButtonArray') ? (array) $module->call('AdminCustomButtonArray', $params) : [];
        Page::send('admin', 'clientsservices', [
            'service' => $service->toArray(), 'product' => (string) $service->product->name, 'fields' => $fields, 'custom' => $custom,
            'buttons' => self::BUTTONS, 'said' => $said,
        ]);
    }

    /**
     * Saves the page: the module reads its fields from $_REQUEST.
     *
     * @param array<string, mixed> $request the form
     */
    public static function save(int $serviceId, array $request): void
    {
        $_POST = $request + $_POST;
        $_REQUEST = $request + $_REQUEST;
        $service = Service::query()->findOrFail($serviceId);
        Hooks::run('PreAdminServiceEdit', ['serviceid' => $serviceId]);
        Hooks::run('PreServiceEdit', ['serviceid' => $serviceId]);
        $params = Params::of($service);
        $module = new ServerModule((string) $params['moduletype']);
        if ($module->has('AdminServicesTabFieldsSave')) {
            $module->call('AdminServicesTabFieldsSave', $params);
        }
        Hooks::run('AdminClientServicesTabFieldsSave', $_REQUEST);
        Hooks::run('AdminServiceEdit', ['userid' => (int) $service->userid, 'serviceid' => $serviceId]);
        Hooks::run('ServiceEdit', ['userid' => (int) $service->userid, 'serviceid' => $serviceId]);
    }

    /**
     * Runs what was pressed.
     */
    private static function act(int $serviceId, string $what): string
    {
        if ($what === '') {
            self::save($serviceId, []);
            return 'Changes Saved Successfully!';
        }
        $action = $what === 'custom' ? (string) ($_POST['ac'] ?? '') : $what;
        return ModuleAction::run($serviceId, $action, ['suspendreason' => (string) ($_POST['suspreason'] ?? '')], false);
    }
}
