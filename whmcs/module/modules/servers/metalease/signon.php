<?php

/**
 * The way into the panel, or to the console of a server, for a client or for staff who are signed in to WHMCS.
 *
 * POST of a form: id, target (panel or console), as (client or staff), token. The answer is a page that sends the
 * browser on by a form of its own: what opens the door stands in no address.
 * An old PHP reads this file without harm: see php.php.
 */

require_once __DIR__ . '/../../../init.php';

if (require __DIR__ . '/php.php') {
    require_once __DIR__ . '/autoload.php';
    call_user_func(array('WHMCS\\Module\\Server\\Metalease\\Running\\SignOnPage', 'serve'));
}
