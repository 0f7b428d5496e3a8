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
use WHMCS\Module\Server\Metalease\Page\AdminArea;
use WHMCS\Module\Server\Metalease\Page\ClientArea;

require __DIR__ . '/load.php';

[, $theme, $name, $css] = array_pad($argv, 4, '');
if (!is_file(__DIR__ . "/themes/$theme.php") || !in_array($name, Samples::names(), true)) {
    fwrite(STDERR, "preview.php twenty-one|six|admin STATUS CSS; STATUS is one of:\n  " . implode("\n  ", Samples::names()) . "\n");
    exit(2);
}
$status = new Status(Samples::status($name));
$shown = ['active' => 'Active', 'blocked' => 'Suspended'][$status->text('phase')] ?? 'Pending';
$output = $theme === 'admin'
    ? Rendering::admin(AdminArea::known(101, $status, Samples::time(), ''))
    : Rendering::client(ClientArea::known(101, $status, Samples::time()));
require __DIR__ . "/themes/$theme.php";
