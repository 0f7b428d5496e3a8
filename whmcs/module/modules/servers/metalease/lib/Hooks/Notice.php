<?php

declare(strict_types=1);

namespace WHMCS\Module\Server\Metalease\Hooks;

use WHMCS\Module\Server\Metalease\Module\Records;
use WHMCS\Module\Server\Metalease\Module\Settings;
use WHMCS\Module\Server\Metalease\Module\Text;

defined('WHMCS') || die();

/**
 * Tells staff what only WHMCS knows: once a cause, by a notification, in the activity log and on the admin page.
 */
final class Notice
{
    /** The identifier that notification rules are made for; the worker's notifications have the same. */
    private const IDENTIFIER = 'metalease';

    /**
     * Tells of a cause, unless it was told of last.
     *
     * @param string $message what happened and what to do
     * @param bool   $notify  whether somebody is to be called
     */
    public static function raise(int $serviceId, int $clientId, string $message, bool $notify = true): void
    {
        $message = Text::plain($message, 490);
        if (Records::notice($serviceId) === $message) {
            return;
        }
        Records::note($serviceId, $message);
        Text::log("service $serviceId needs attention: $message - Service ID: $serviceId", $clientId);
        if ($notify) {
            self::notify("metalease: service $serviceId needs attention", $message);
        }
    }

    /**
     * Tells of what is wrong with the module's settings, unless it was told of last. Empty: nothing is, any more.
     */
    public static function tell(string $message): void
    {
        $message = Text::plain($message);
        if (Settings::told() === $message) {
            return;
        }
        Settings::tell($message);
        if ($message !== '') {
            Text::log($message);
            self::notify('metalease: a setting is wrong', $message);
        }
    }

    /**
     * Triggers the event that notification rules are made for.
     */
    private static function notify(string $title, string $message): void
    {
        localAPI('TriggerNotificationEvent', [
            'notification_identifier' => self::IDENTIFIER, 'title' => $title, 'message' => $message,
            'status' => 'Attention', 'statusStyle' => 'danger',
        ]);
    }
}
