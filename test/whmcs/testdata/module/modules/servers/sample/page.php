<?php

/**
 * A page of the module's own: it boots WHMCS by itself.
 */

declare(strict_types=1);

require __DIR__ . '/../../../init.php';

header('Content-Type: application/json');
echo json_encode(['client' => (new WHMCS\Authentication\CurrentUser())->client()?->id, 'services' => WHMCS\Database\Capsule::table('tblhosting')->count()]);
