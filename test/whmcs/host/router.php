<?php

/**
 * The requests that this WHMCS answers. Custom pages of modules are served as
 * they are: they boot WHMCS by init.php themselves.
 */

declare(strict_types=1);

$path = (string) parse_url((string) $_SERVER['REQUEST_URI'], PHP_URL_PATH);
if (str_starts_with($path, '/modules/')) {
    return false;
}
if (str_starts_with($path, '/admin/')) {
    define('ADMINAREA', true);
} elseif (in_array($path, ['/clientarea.php', '/upgrade.php'], true)) {
    define('CLIENTAREA', true);
}
require __DIR__ . '/boot.php';
match (true) {
    $path === '/includes/api.php' => Host\Api::serve(),
    $path === '/clientarea.php' => Host\ClientPage::serve(),
    $path === '/upgrade.php' => Host\UpgradePage::serve(),
    $path === '/oauth/singlesignon.php' => Host\SignOn::serve(),
    $path === '/viewinvoice.php' => Host\SignOn::invoice(),
    $path === '/admin/clientsservices.php' => Host\AdminPage::serve(),
    str_starts_with($path, '/_host/') => Host\Control::serve(substr($path, strlen('/_host/'))),
    default => http_response_code(404),
};
