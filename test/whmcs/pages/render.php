<?php

/**
 * Renders a template of the module with a real Smarty, as WHMCS does: php render.php smarty3|smarty4 FOLDER < variables.json
 * What Smarty compiles it leaves in the folder for the next page, as in a WHMCS; it compiles anew what has changed.
 * A warning is a failure: WHMCS would print it into the page.
 */

declare(strict_types=1);

date_default_timezone_set('UTC');
const MODULE = __DIR__ . '/../../../whmcs/module/modules/servers/metalease';
require_once '/usr/share/php/' . $argv[1] . '/Smarty.class.php';

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
$smarty->setCompileDir($argv[2]);
$smarty->assign($page['variables']);
echo $smarty->fetch('file:' . realpath(MODULE . '/' . $page['template']));
