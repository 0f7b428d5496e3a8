<?php

declare(strict_types=1);

namespace WHMCS\Module\Server\Metalease\Page;

use WHMCS\Module\Server\Metalease\Module\Buttons;
use WHMCS\Module\Server\Metalease\Running\StaffActions;

defined('WHMCS') || die();

/**
 * Makes the destructive module buttons of the admin page ask first. WHMCS draws the buttons, and not the same way in
 * every version, so one is known by its label, or by the name of its function in one of its attributes or in its form.
 * Nothing else is touched: where no script runs, every button works as before.
 */
final class Confirm
{
    /** Function of the button => what is asked. */
    private const QUESTIONS = [
        'replace' => 'Build this order on another server? '
            . 'The present server goes into quarantine, and what was installed on it is given up.',
        'releasenow' => 'Release the server now? The customer is cut off at once, the extra IP addresses are deleted '
            . 'and the server goes back into stock. '
            . 'A payment does not undo this.',
        'poweroff' => 'Power the server off? What runs on it is cut off at once.',
        'reboot' => 'Reboot the server? What runs on it is cut off at once.',
        'networkoff' => 'Close every switch port of the server? Nobody reaches it until the network is on again.',
        'reinstall' => 'Install the server anew? ALL DATA ON IT IS LOST. It gets the OS template and the recipe that '
            . 'the product and the service have now, and keeps its root password, addresses and host name.',
    ];

    private const SCRIPT = <<<'JS'
        (function (questions, labels) {
          if (window.metaleaseAsks) { return; }
          window.metaleaseAsks = true;
          function named(text) {
            return labels[text.trim()] || Object.keys(questions).find(function (name) {
              return new RegExp('(^|[\'"=])' + name + '([\'"&]|$)').test(text);
            });
          }
          function asked(button) {
            var field = button.type === 'submit' && button.form && button.form.querySelector('input[name="ac"]');
            var texts = Array.from(button.attributes, function (attribute) { return attribute.value; });
            return questions[texts.concat(button.textContent, field ? field.value : '').map(named).find(Boolean)];
          }
          document.addEventListener('click', function (event) {
            var button = event.target.closest('button, a, input[type="button"], input[type="submit"]');
            var question = button && asked(button);
            if (question && !window.confirm(question)) { event.preventDefault(); event.stopImmediatePropagation(); }
          }, true);
        })
        JS;

    /**
     * The script, with its questions.
     */
    public static function script(): string
    {
        $asks = static fn (string $function): bool => isset(self::QUESTIONS[$function]);
        $labels = self::json(array_filter(Buttons::LABELS + StaffActions::LABELS, $asks));
        return '<script>' . self::SCRIPT . '(' . self::json(self::QUESTIONS) . ', ' . $labels . ');</script>';
    }

    /**
     * An object of JavaScript that may stand in a page.
     *
     * @param array<string, string> $map
     */
    private static function json(array $map): string
    {
        return json_encode((object) $map, JSON_THROW_ON_ERROR | JSON_HEX_TAG | JSON_HEX_AMP);
    }
}
