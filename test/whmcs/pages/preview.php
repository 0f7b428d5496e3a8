<?php

/**
 * A page of the module inside a page like that of a WHMCS theme, to be looked at:
 *
 *   php preview.php twenty-one install CSS > page.html
 *   php preview.php six expired CSS > page.html
 *   php preview.php admin late CSS > page.html
 *   php preview.php six running CSS open > page.html
 *
 * CSS is the address of Bootstrap 4 (twenty-one) or 3 (six, admin); open unfolds what is folded. Without a status its
 * names are printed.
 */

declare(strict_types=1);

use Pages\Rendering;
use Pages\Running;
use Pages\Samples;
use WHMCS\Module\Server\Metalease\Gateway\Status;
use WHMCS\Module\Server\Metalease\Module\Buttons;
use WHMCS\Module\Server\Metalease\Page\AdminArea;
use WHMCS\Module\Server\Metalease\Page\ClientArea;
use WHMCS\Module\Server\Metalease\Page\Machine;
use WHMCS\Module\Server\Metalease\Running\StaffActions;

require __DIR__ . '/load.php';
require __DIR__ . '/../host/src/Page.php';

[, $theme, $name, $css, $open] = array_pad($argv, 5, '');
$names = [...Samples::names(), ...Running::names()];
if (!in_array($theme, ['twenty-one', 'six', 'admin'], true) || !in_array($name, $names, true)) {
    fwrite(STDERR, "preview.php twenty-one|six|admin STATUS CSS; STATUS is one of:\n  " . implode("\n  ", $names) . "\n");
    exit(2);
}
$runs = in_array($name, Running::names(), true);
$status = new Status($runs ? Running::status($name) : Samples::status($name));
$shown = ['active' => 'Active', 'blocked' => 'Suspended'][$status->text('phase')] ?? 'Pending';
$page = ['css' => $css, 'companyname' => 'Example Hosting', 'token' => '', 'product' => 'Dedicated Server E3-16G'] + Host\Page::COMMON;
define('HOST_STATE', sys_get_temp_dir());
echo $theme === 'admin'
    ? Host\Page::render('admin/clientsservices.tpl', $page + [
        'said' => '', 'fields' => AdminArea::known(101, $status, Samples::time(), '') + ($runs ? Machine::rows(101, 7, Running::facts(), Samples::time()) : []), 'custom' => Buttons::LABELS + StaffActions::LABELS,
        'buttons' => ['create' => 'Create', 'suspend' => 'Suspend', 'unsuspend' => 'Unsuspend', 'terminate' => 'Terminate'],
        'service' => [
            'id' => 101, 'userid' => 7, 'orderid' => 501, 'regdate' => '05/01/2026', 'amount' => '59.00', 'domain' => 's101.example.com',
            'nextduedate' => '05/02/2026', 'dedicatedip' => '', 'assignedips' => '', 'domainstatus' => $shown,
        ],
    ])
    : Host\Page::render("$theme/clientareaproductdetails.tpl", $page + [
        'moduleclientarea' => str_replace('<details class', $open === 'open' ? '<details open class' : '<details class', Rendering::client(
            ClientArea::known(101, $status, Samples::time(), false, null, [], $runs ? Running::controls($status) : null)
        )), 'tplOverviewTabOutput' => '',
        'modulecustombuttonresult' => '', 'rawstatus' => strtolower($shown), 'status' => $shown, 'groupname' => 'Dedicated Servers',
        'regdate' => '05/01/2026', 'recurringamount' => '$59.00 USD', 'billingcycle' => 'Monthly', 'nextduedate' => '05/02/2026', 'suspendreason' => '',
        'domain' => '', 'hookOutput' => [], 'configurableoptions' => [],
    ]);
