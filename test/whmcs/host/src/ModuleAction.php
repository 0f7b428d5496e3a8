<?php

declare(strict_types=1);

namespace Host;

use WHMCS\Database\Capsule;
use WHMCS\Service\Service;

/**
 * Runs a function of a service's module the way WHMCS does: hooks before and
 * after, status and welcome mail on the exact text "success" only, a row of the
 * module queue when an automated action fails (docs/whmcs-api.md 3.2, 3.7).
 */
final class ModuleAction
{
    /** Action => function of the module, and the word in hooks and log lines. */
    private const FUNCTIONS = [
        'create' => ['CreateAccount', 'Create'], 'suspend' => ['SuspendAccount', 'Suspend'], 'unsuspend' => ['UnsuspendAccount', 'Unsuspend'],
        'terminate' => ['TerminateAccount', 'Terminate'], 'renew' => ['Renew', 'Renew'], 'changepackage' => ['ChangePackage', 'ChangePackage'],
        'changepassword' => ['ChangePassword', 'ChangePassword'],
    ];

    /**
     * Runs an action: "success" or the text of the failure.
     *
     * @param array<string, mixed> $more  params beyond those of the service, such as suspendreason
     * @param bool                 $queue whether a failure becomes a row of the module queue
     * @param string               $ended status after a termination
     */
    public static function run(int $serviceId, string $action, array $more = [], bool $queue = true, string $ended = 'Terminated'): string
    {
        $service = Service::query()->find($serviceId);
        if ($service === null) {
            return 'Service ID not found';
        }
        $name = (string) Capsule::table('tblproducts')->where('id', $service->packageid)->value('servertype');
        if ($name === '') {
            return 'Service not assigned to a module';
        }
        if ($action === 'create' && $service->domainstatus === 'Active' && Ways::is('active-refuses-create')) {
            return 'The service is already active';
        }
        [$function, $word] = self::FUNCTIONS[$action] ?? [$action, 'Custom'];
        if ($action === 'create') {
            self::credentials($service);
        }
        $params = array_merge(Params::of($service), $more);
        $overrides = Hooks::overrides('PreModule' . $word, ['params' => $params]);
        if ($overrides['abortcmd'] ?? false) {
            return 'Function Aborted by Action Hook Code';
        }
        $params = array_merge($params, $overrides);
        $module = new ServerModule($name);
        $result = $module->has($function) ? $module->call($function, $params) : 'Function Not Supported by Module';
        $result = is_string($result) ? $result : (string) json_encode($result);
        if ($result === 'success') {
            self::succeeded($service, $action, $word, $params, $ended);
        } else {
            self::failed($service, $name, $function, $word, $params, $result, $queue);
        }
        return $result;
    }

    /**
     * What WHMCS fills in at the first creation when it is empty.
     */
    private static function credentials(Service $service): void
    {
        if ((string) $service->username === '') {
            $chosen = array_filter(Hooks::run('OverrideModuleUsernameGeneration', ['params' => Params::of($service)]), 'is_string');
            $service->username = end($chosen) ?: substr((string) preg_replace('/[^a-z0-9]/', '', strtolower((string) $service->domain)), 0, 8);
        }
        if (decrypt((string) $service->password) === '') {
            $service->password = encrypt(substr(bin2hex(random_bytes(8)), 0, 10));
        }
        $service->save();
    }

    /**
     * @param array<string, mixed> $params
     */
    private static function succeeded(Service $service, string $action, string $word, array $params, string $ended): void
    {
        $columns = match ($action) {
            'create' => ['domainstatus' => 'Active', 'termination_date' => '0000-00-00'],
            'suspend' => ['domainstatus' => 'Suspended', 'suspendreason' => (string) ($params['suspendreason'] ?? '')],
            'unsuspend' => ['domainstatus' => 'Active', 'suspendreason' => ''],
            'terminate' => ['domainstatus' => $ended, 'termination_date' => Clock::today()],
            'changepassword' => ['password' => encrypt((string) $params['password'])],
            default => [],
        };
        $after = static fn () => Hooks::run('AfterModule' . $word, ['params' => $params]);
        $late = Ways::is('status-after-hook') && $after() !== null;
        if ($columns !== []) {
            Capsule::table('tblhosting')->where('id', $service->id)->update($columns);
        }
        if (Ways::is('success-completes-row')) {
            Capsule::table('tblmodulequeue')->where('service_id', $service->id)->where('module_action', self::FUNCTIONS[$action][0] ?? $action)
                ->update(['completed' => 1]);
        }
        Activity::add("Module $word Successful - Service ID: {$service->id}", (int) $service->userid);
        $late || $after();
        if ($action === 'create') {
            Mail::welcome((int) $service->id);
        }
    }

    /**
     * @param array<string, mixed> $params
     */
    private static function failed(
        Service $service,
        string $module,
        string $function,
        string $word,
        array $params,
        string $result,
        bool $queue
    ): void {
        Activity::add("Module $word Failed - Service ID: {$service->id} - Error: $result", (int) $service->userid);
        if ($queue) {
            Queue::add((int) $service->id, $module, $function, $result);
        }
        Hooks::run('AfterModule' . $word . 'Failed', ['params' => $params, 'failureResponseMessage' => $result]);
    }
}
