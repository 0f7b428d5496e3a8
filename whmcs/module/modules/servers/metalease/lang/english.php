<?php

/**
 * What clients read. An update overwrites this file: put what you want to change into lang/overrides/english.php, which
 * returns a list of the same form with those texts only. The other languages have the same keys.
 *
 * Words in braces are filled in. A length of time has as many forms as the language needs, with bars between: two, for one
 * and for many; or three, as Slavic languages count.
 */

defined('WHMCS') || die('This file cannot be accessed directly');

return [
    'locale' => 'en',
    'days' => '{n} day|{n} days',
    'hours' => '{n} hour|{n} hours',
    'minutes' => '{n} minute|{n} minutes',
    'date' => '{day} {month} {year}, {time} {zone}',
    'months' => 'January|February|March|April|May|June|July|August|September|October|November|December',

    // Before the set-up.
    'unpaid_headline' => 'Your order is being prepared',
    'unpaid_text' => 'The setup of your server begins when your order is confirmed and paid.',
    'dropped_headline' => 'This order was ended',
    'dropped_text' => 'No server is being set up for it. If you did not expect this, please contact our support.',

    // The set-up.
    'building_headline' => 'Your server is being set up',
    'building_text' => 'This goes on by itself. You can close this page; we send you an email when the server is ready.',
    'waiting_headline' => 'Your order is in the queue',
    'waiting_why' => 'All servers of this kind are in use at the moment. Orders are served in the order in which they were paid.',
    'waiting_text' => 'The setup begins by itself as soon as a server is free, and we send you an email when it is ready. You do not need to do anything.',
    'delayed_headline' => 'The setup takes longer than usual',
    'delayed_text' => 'Our team has been told and is looking after it. Your order is safe, and you do not need to do anything.',
    'stopped_name' => 'The host name that was ordered, "{name}", cannot be the name of a server.',
    'stopped_choice' => 'A choice of your order has to be checked by our team.',
    'step_account' => 'Preparing your account',
    'step_claim' => 'Choosing your server',
    'step_addresses' => 'Assigning IP addresses',
    'step_power' => 'Starting the server',
    'step_install' => 'Installing the operating system',
    'step_hand-over' => 'Final checks',
    'step_done' => 'done',
    'step_now' => 'now',
    'progress_label' => 'Setup of your server',
    'progress_percent' => '{percent} percent',
    'progress_value' => '{percent} percent, usually ready within {time}',
    'progress_within' => 'Usually ready within {time}',
    'progress_longer' => 'This takes a little longer than usual',
    'refreshes' => 'This page updates by itself.',
    'refresh' => 'Refresh',

    // A server that the client has.
    'active_headline' => 'Your server is ready',
    'almost_headline' => 'Your server is almost ready',
    'almost_text' => 'The operating system is still being installed. You can log in when that is done.',
    'almost_late' => 'The installation takes longer than usual. Our team has been told and is looking after it.',
    'hostname' => 'Hostname',
    'main_ip' => 'Main IP address',
    'extra_ips' => 'Additional addresses',
    'plain_headline' => 'Your server',
    'plain_text' => 'There are no further details of your server here. If you need them, please ask our support.',

    // A server that is blocked.
    'blocked_headline' => 'Your server is suspended',
    'blocked_unpaid' => 'The service was not paid by its due date.',
    'blocked_reason' => 'It was suspended by our team. Reason: {reason}',
    'blocked_staff' => 'It was suspended by our team.',
    'blocked_kept' => 'What is on the server is kept. Please contact our support.',
    'kept_until' => 'The server is kept for you until {date}.',
    'kept_left' => 'You have {time} left.',
    'kept_pay' => 'When you pay the open invoice in time, the server is available again by itself.',
    'kept_pay_and_ask' => 'Please pay the open invoice in time, and contact our support about the other reason.',
    'kept_else' => 'If it is not paid, the server is given back and everything on it is lost.',
    'kept_for_now' => 'What is on the server is kept for now. Please pay the open invoice, or contact our support.',
    'kept_over' => 'The time to pay is over. If you want to keep the server, please contact our support at once.',
    'paid_headline' => 'Your payment has arrived',
    'paid_text' => 'The server is being made available again. This goes on by itself and takes some minutes.',

    // The end.
    'releasing_headline' => 'This service is ending',
    'releasing_text' => 'Your server is being taken back.',
    'released_headline' => 'This service has ended',
    'released_text' => 'The server is no longer yours, and what was on it cannot be restored.',
    'none_text' => 'There is no server for this service any more.',

    // Elsewhere.
    'unreachable_headline' => 'The details cannot be shown right now',
    'unreachable_text' => 'Your service is not affected. Please look again in a few minutes.',
    'cart_hostname' => '"{name}" is no host name. Please enter a full one, such as server1.example.com.',
    'cart_latin' => 'It can have the letters a to z, digits and hyphens only.',
    'no_upgrade' => 'A dedicated server cannot be changed into another one. Please order a new service.',
];
