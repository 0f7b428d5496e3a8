<?php

/**
 * The functions that WHMCS calls for a server that a customer has. functions.php loads them.
 */

declare(strict_types=1);

use WHMCS\Module\Server\Metalease\Module\Functions;
use WHMCS\Module\Server\Metalease\Module\Guard;

defined('WHMCS') || die('This file cannot be accessed directly');

/**
 * Writes what the servers of a server entry have sent and received this month.
 *
 * @param array<string, mixed> $params of the server entry
 */
function metalease_UsageUpdate(array $params): void
{
    Guard::hook(static fn () => (new Functions($params))->usage()->entry((int) ($params['serverid'] ?? 0)));
}

/**
 * Switches the server on.
 *
 * @param array<string, mixed> $params
 */
function metalease_poweron(array $params): string
{
    return Guard::text(static fn () => (new Functions($params))->staff()->power('on'));
}

/**
 * Switches the server off.
 *
 * @param array<string, mixed> $params
 */
function metalease_poweroff(array $params): string
{
    return Guard::text(static fn () => (new Functions($params))->staff()->power('off'));
}

/**
 * Reboots the server.
 *
 * @param array<string, mixed> $params
 */
function metalease_reboot(array $params): string
{
    return Guard::text(static fn () => (new Functions($params))->staff()->power('reboot'));
}

/**
 * Closes every switch port of the server.
 *
 * @param array<string, mixed> $params
 */
function metalease_networkoff(array $params): string
{
    return Guard::text(static fn () => (new Functions($params))->staff()->network('off'));
}

/**
 * Opens every switch port of the server.
 *
 * @param array<string, mixed> $params
 */
function metalease_networkon(array $params): string
{
    return Guard::text(static fn () => (new Functions($params))->staff()->network('on'));
}

/**
 * Installs the server anew: all its data is lost.
 *
 * @param array<string, mixed> $params
 */
function metalease_reinstall(array $params): string
{
    return Guard::text(static fn () => (new Functions($params))->staff()->reinstall());
}

/**
 * What a customer may have done with the server, from the forms of its page.
 *
 * @return list<string>
 */
function metalease_ClientAreaAllowedFunctions(): array
{
    return ['clientpower', 'clientreinstall', 'clientnames'];
}

/**
 * Switches the customer's server on or off, or reboots it.
 *
 * @param array<string, mixed> $params
 */
function metalease_clientpower(array $params): string
{
    return Guard::text(static fn () => (new Functions($params))->client()->power());
}

/**
 * Installs the customer's server anew.
 *
 * @param array<string, mixed> $params
 */
function metalease_clientreinstall(array $params): string
{
    return Guard::text(static fn () => (new Functions($params))->client()->reinstall());
}

/**
 * Names addresses of the customer's server.
 *
 * @param array<string, mixed> $params
 */
function metalease_clientnames(array $params): string
{
    return Guard::text(static fn () => (new Functions($params))->client()->names());
}
