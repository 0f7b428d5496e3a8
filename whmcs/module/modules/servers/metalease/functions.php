<?php

/**
 * The functions that WHMCS calls. Each says what it does in one line and leaves it to a class of lib/, which Functions
 * makes. metalease.php loads them, where PHP can read them.
 *
 * There is no ChangePassword: one panel account may hold several servers, each with a service of its own, so it could
 * only refuse, and WHMCS shows clients a form for it where a module has one.
 */

declare(strict_types=1);

use WHMCS\Module\Server\Metalease\Module\Buttons;
use WHMCS\Module\Server\Metalease\Module\Functions;
use WHMCS\Module\Server\Metalease\Module\Guard;
use WHMCS\Module\Server\Metalease\Module\Option;
use WHMCS\Module\Server\Metalease\Module\ServerEntry;
use WHMCS\Module\Server\Metalease\Page\AdminArea;
use WHMCS\Module\Server\Metalease\Page\ClientArea;
use WHMCS\Module\Server\Metalease\Running\StaffActions;

defined('WHMCS') || die('This file cannot be accessed directly');

require_once __DIR__ . '/autoload.php';
require_once __DIR__ . '/running.php';

/**
 * What WHMCS should know of the module.
 *
 * @return array<string, mixed>
 */
function metalease_MetaData(): array
{
    return [
        'DisplayName' => 'metalease', 'APIVersion' => '1.1', 'RequiresServer' => true,
        'DefaultNonSSLPort' => (string) ServerEntry::PORT, 'DefaultSSLPort' => (string) ServerEntry::TLS_PORT,
    ];
}

/**
 * The settings of a product, by position.
 *
 * @param array<string, mixed> $params
 * @return array<string, array<string, mixed>>
 */
function metalease_ConfigOptions(array $params = []): array
{
    return Option::fields();
}

/**
 * The packages of the panel, for the product editor.
 *
 * @param array<string, mixed> $params
 * @return array<string, string>
 * @throws Exception whose message WHMCS shows
 */
function metalease_LoadPackages(array $params): array
{
    return (new Functions($params))->catalogue()->packages($params);
}

/**
 * The OS templates of the panel, for the product editor.
 *
 * @param array<string, mixed> $params
 * @return array<string, string>
 * @throws Exception whose message WHMCS shows
 */
function metalease_LoadTemplates(array $params): array
{
    return (new Functions($params))->catalogue()->templates($params);
}

/**
 * Asks whether the service is ready, and starts one that is not known.
 *
 * @param array<string, mixed> $params
 */
function metalease_CreateAccount(array $params): string
{
    return Guard::text(static fn () => (new Functions($params))->create()->account());
}

/**
 * Blocks the server.
 *
 * @param array<string, mixed> $params
 */
function metalease_SuspendAccount(array $params): string
{
    return Guard::text(
        static fn () => (new Functions($params))->suspension()->suspend((string) ($params['suspendreason'] ?? ''))
    );
}

/**
 * Lifts every block that came through WHMCS.
 *
 * @param array<string, mixed> $params
 */
function metalease_UnsuspendAccount(array $params): string
{
    return Guard::text(static fn () => (new Functions($params))->payment()->unsuspend());
}

/**
 * Cuts the customer off and gives the server back.
 *
 * @param array<string, mixed> $params
 */
function metalease_TerminateAccount(array $params): string
{
    return Guard::text(static fn () => (new Functions($params))->termination()->account());
}

/**
 * Tells until when the service is paid.
 *
 * @param array<string, mixed> $params
 */
function metalease_Renew(array $params): string
{
    return Guard::text(static fn () => (new Functions($params))->payment()->renew());
}

/**
 * More or fewer extra addresses, by the configurable options; a server does not become another one.
 *
 * @param array<string, mixed> $params
 */
function metalease_ChangePackage(array $params): string
{
    return Guard::text(static fn () => (new Functions($params))->staff()->addresses());
}

/**
 * The truth about a server entry.
 *
 * @param array<string, mixed> $params
 * @return array{success: bool, error: string}
 */
function metalease_TestConnection(array $params): array
{
    return Guard::value(
        static fn () => (new Functions($params))->connection()->test($params),
        static fn (string $why) => ['success' => false, 'error' => $why]
    );
}

/**
 * Buttons of the admin area beside WHMCS's own, of which Suspend and Unsuspend block and unblock.
 *
 * @param array<string, mixed> $params
 * @return array<string, string>
 */
function metalease_AdminCustomButtonArray(array $params = []): array
{
    return Buttons::LABELS + StaffActions::LABELS;
}

/**
 * Tries again what stopped, with the current values of WHMCS.
 *
 * @param array<string, mixed> $params
 */
function metalease_retry(array $params): string
{
    return Guard::text(static fn () => (new Functions($params))->buttons()->retry());
}

/**
 * Puts the server into quarantine and builds on another one.
 *
 * @param array<string, mixed> $params
 */
function metalease_replace(array $params): string
{
    return Guard::text(static fn () => (new Functions($params))->buttons()->replace());
}

/**
 * Takes what a technician did by hand as the install.
 *
 * @param array<string, mixed> $params
 */
function metalease_accept(array $params): string
{
    return Guard::text(static fn () => (new Functions($params))->buttons()->accept());
}

/**
 * No automatic block or release any more.
 *
 * @param array<string, mixed> $params
 */
function metalease_hold(array $params): string
{
    return Guard::text(static fn () => (new Functions($params))->buttons()->hold());
}

/**
 * Automatic blocks and releases again.
 *
 * @param array<string, mixed> $params
 */
function metalease_unhold(array $params): string
{
    return Guard::text(static fn () => (new Functions($params))->buttons()->unhold());
}

/**
 * Gives the server back at once.
 *
 * @param array<string, mixed> $params
 */
function metalease_releasenow(array $params): string
{
    return Guard::text(static fn () => (new Functions($params))->termination()->account());
}

/**
 * What the customer sees of the service.
 *
 * @param array<string, mixed> $params
 * @return array<string, mixed>
 */
function metalease_ClientArea(array $params): array
{
    // What is wrong with a server entry is nothing for a customer, but an order that it stops is.
    return Guard::value(
        static fn () => (new Functions($params))->clientArea()->output($params),
        static fn () => Guard::value(static fn () => ClientArea::withoutGateway($params), static fn () => [])
    );
}

/**
 * What staff see of the service.
 *
 * @param array<string, mixed> $params
 * @return array<string, string> label => HTML
 */
function metalease_AdminServicesTabFields(array $params): array
{
    return Guard::value(
        static fn () => (new Functions($params))->adminArea()->fields($params),
        static fn (string $why) => ['metalease' => htmlspecialchars($why, ENT_QUOTES)]
    );
}

/**
 * Saves what staff typed into the fields.
 *
 * @param array<string, mixed> $params
 */
function metalease_AdminServicesTabFieldsSave(array $params): void
{
    Guard::value(static fn () => AdminArea::save($params, $_REQUEST), static fn () => null);
}
