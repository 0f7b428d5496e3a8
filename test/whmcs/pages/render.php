<?php

/**
 * Renders a template of the module with a real Smarty, as WHMCS does: php render.php smarty3|smarty4 < variables.json
 * A warning is a failure: WHMCS would print it into the page.
 */

declare(strict_types=1);

require __DIR__ . '/load.php';
require_once '/usr/share/php/' . $argv[1] . '/Smarty.class.php';

$folder = sys_get_temp_dir() . '/metalease-pages-' . getmypid();
mkdir($folder);
register_shutdown_function(static function () use ($folder): void {
    array_map('unlink', (array) glob($folder . '/*'));
    rmdir($folder);
});
error_reporting(E_ALL & ~E_DEPRECATED);
set_error_handler(static function (int $level, string $message, string $file, int $line): bool {
    if ((error_reporting() & $level) === 0) {
        return false;
    }
    fwrite(STDERR, "$message in $file:$line\n");
    exit(1);
});

$page = json_decode((string) stream_get_contents(STDIN), true, 64, JSON_THROW_ON_ERROR);
$smarty = new Smarty();
$smarty->setCompileDir($folder);
$smarty->assign($page['variables']);
echo $smarty->fetch('file:' . realpath(MODULE . '/' . $page['template']));
