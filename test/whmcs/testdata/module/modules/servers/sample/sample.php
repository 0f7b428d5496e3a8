<?php

/**
 * A server module without a server: what it says is what the domain says.
 */

declare(strict_types=1);

defined('WHMCS') || die('This file cannot be accessed directly');

use WHMCS\Module\Server\Sample\Answer;

/**
 * Fails when the domain begins with "fail".
 *
 * @param array<string, mixed> $params
 */
function sample_CreateAccount(array $params): string
{
    logModuleCall('sample', 'CreateAccount', ['password' => $params['password'] ?? ''], 'done', '', [$params['password'] ?? '']);
    if (isset($params['model'])) {
        $params['model']->serviceProperties->save(['Dedicated IP' => '192.0.2.7', 'Rack' => 'R1']);
    }
    return Answer::to($params);
}

/**
 * @param array<string, mixed> $params
 */
function sample_SuspendAccount(array $params): string
{
    return Answer::to($params);
}

/**
 * @param array<string, mixed> $params
 */
function sample_UnsuspendAccount(array $params): string
{
    return Answer::to($params);
}

/**
 * @param array<string, mixed> $params
 */
function sample_TerminateAccount(array $params): string
{
    return Answer::to($params);
}

/**
 * @param array<string, mixed> $params
 * @return array<string, string>
 */
function sample_AdminServicesTabFields(array $params): array
{
    return ['Rack' => '<input name="rack" value="' . htmlspecialchars($params['model']->serviceProperties->get('Rack')) . '">'];
}

/**
 * @param array<string, mixed> $params
 */
function sample_AdminServicesTabFieldsSave(array $params): void
{
    $params['model']->serviceProperties->save(['Rack' => (string) $_REQUEST['rack']]);
}

/**
 * @param array<string, mixed> $params
 * @return array<string, mixed>
 */
function sample_ClientArea(array $params): array
{
    return ['tabOverviewModuleOutputTemplate' => 'templates/overview.tpl', 'templateVariables' => ['rack' => $params['model']->serviceProperties->get('Rack')]];
}

/**
 * @return list<string>
 */
function sample_ClientAreaAllowedFunctions(): array
{
    return ['Reboot'];
}

/**
 * @param array<string, mixed> $params
 */
function sample_Reboot(array $params): string
{
    return Answer::to($params);
}
