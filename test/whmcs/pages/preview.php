<?php

/**
 * A page of the module inside a page like that of a WHMCS theme, to be looked at:
 *
 *   php preview.php twenty-one install CSS > page.html
 *   php preview.php six expired CSS > page.html
 *   php preview.php admin late CSS > page.html
 *
 * CSS is the address of Bootstrap 4 (twenty-one) or 3 (six, admin). Without a status its names are printed.
 */

declare(strict_types=1);

use Pages\Rendering;
use Pages\Samples;
use WHMCS\Module\Server\Metalease\Gateway\Status;
use WHMCS\Module\Server\Metalease\Module\Buttons;
use WHMCS\Module\Server\Metalease\Page\AdminArea;
use WHMCS\Module\Server\Metalease\Page\ClientArea;
use WHMCS\Module\Server\Metalease\Running\StaffActions;

require __DIR__ . '/load.php';
require __DIR__ . '/../host/src/Page.php';

[, $theme, $name, $css] = array_pad($argv, 4, '');
if (!in_array($theme, ['twenty-one', 'six', 'admin'], true) || !in_array($name, Samples::names(), true)) {
    fwrite(STDERR, "preview.php twenty-one|six|admin STATUS CSS; STATUS is one of:\n  " . implode("\n  ", Samples::names()) . "\n");
    exit(2);
}
$status = new Status(Samples::status($name));
$shown = ['active' => 'Active', 'blocked' => 'Suspended'][$status->text('phase')] ?? 'Pending';
$page = ['css' => $css, 'companyname' => 'Example Hosting', 'token' => '', 'product' => 'Dedicated Server E3-16G'] + Host\Page::COMMON;
define('HOST_STATE', sys_get_temp_dir());
echo $theme === 'admin'
    ? Host\Page::render('admin/clientsservices.tpl', $page + [
        'said' => '', 'fields' => AdminArea::known(101, $status, Samples::time(), ''), 'custom' => Buttons::LABELS + StaffActions::LABELS,
        'buttons' => ['create' => 'Create', 'suspend' => 'Suspend', 'unsuspend' => 'Unsuspend', 'terminate' => 'Terminate'],
        'service' => [
            'id' => 101, 'userid' => 7, 'orderid' => 501, 'regdate' => '05/01/2026', 'amount' => '59.00', 'domain' => 's101.example.com',
            'nextduedate' => '05/02/2026', 'dedicatedip' => '', 'assignedips' => '', 'domainstatus' => $shown,
        ],
    ])
    : Host\Page::render("$theme/clientareaproductdetails.tpl", $page + [
        'moduleclientarea' => Rendering::client(ClientArea::known(101, $status, Samples::time())), 'tplOverviewTabOutput' => '',
        'modulecustombuttonresult' => '', 'rawstatus' => strtolower($shown), 'status' => $shown, 'groupname' => 'Dedicated Servers',
        'regdate' => '05/01/2026', 'recurringamount' => '$59.00 USD', 'billingcycle' => 'Monthly', 'nextduedate' => '05/02/2026', 'suspendreason' => '',
        'domain' => '', 'hookOutput' => [], 'configurableoptions' => [],
    ]);
