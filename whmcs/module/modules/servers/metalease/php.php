<?php

/**
 * Whether this PHP is new enough for the module. The answer is what this file returns.
 *
 * Every file of the module that WHMCS or a web server reads by itself asks here before it loads anything. Those files
 * and this one are in words that PHP 5.6 reads too: a TypeError or a parse error in one of them breaks every page of
 * WHMCS. An old PHP means one line in the activity log, once for each version of PHP, and nothing else.
 */

defined('WHMCS') || die('This file cannot be accessed directly');

if (PHP_VERSION_ID >= 80100) {
    return true;
}

if (!function_exists('metalease_too_old')) {
    /**
     * Tells staff of a PHP that is too old, unless they were told of this one.
     */
    function metalease_too_old()
    {
        $line = 'metalease does nothing: it needs PHP 8.1 or newer, and this WHMCS runs on PHP ' . PHP_VERSION
            . '. Choose a newer PHP for WHMCS; nothing else is to be done.';
        try {
            $row = WHMCS\Database\Capsule::table('tblconfiguration')->where('setting', 'MetaleaseOldPHP');
            if ((string) $row->value('value') === PHP_VERSION || !function_exists('logActivity')) {
                return;
            }
            $row->updateOrInsert(array('setting' => 'MetaleaseOldPHP'), array('value' => PHP_VERSION));
            logActivity($line);
        } catch (Exception $fault) {
            error_log($line);
        } catch (Throwable $fault) { // which PHP 5.6 does not know, and does not miss
            error_log($line);
        }
    }
}

metalease_too_old();

return false;
