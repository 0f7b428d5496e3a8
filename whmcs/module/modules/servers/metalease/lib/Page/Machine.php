<?php

declare(strict_types=1);

namespace WHMCS\Module\Server\Metalease\Page;

use WHMCS\Module\Server\Metalease\Gateway\Status;
use WHMCS\Module\Server\Metalease\Running\Visitor;

defined('WHMCS') || die();

/**
 * What staff see of the machine itself, as of when it was looked at, and the ways into the panel and to the console.
 */
final class Machine
{
    /** In the address of the page: the machine is to be looked at now. */
    public const FRESH = 'metalease_fresh';

    /** A form of its own: that of WHMCS's page, in which the buttons stand, is not sent. */
    private const SCRIPT = <<<'JS'
        (function (button) {
          var form = document.createElement('form');
          form.method = 'post'; form.target = '_blank'; form.action = '../modules/servers/metalease/signon.php';
          Object.keys(button.dataset).forEach(function (name) {
            var field = document.createElement('input');
            field.type = 'hidden'; field.name = name; field.value = button.dataset[name];
            form.appendChild(field);
          });
          document.body.appendChild(form); form.submit(); form.remove();
        })(this)
        JS;

    /**
     * The rows of a service.
     *
     * @param Status|null $facts of the machine; null where nobody knows
     * @param string      $fault why they are not new; empty for nothing
     * @return array<string, string> label => HTML
     */
    public static function rows(int $id, int $client, ?Status $facts, Time $time, string $fault = ''): array
    {
        $link = '<a href="?' . Html::text("userid=$client&id=$id&" . self::FRESH . '=1') . '">look again</a>';
        $note = $fault === '' ? '' : Html::note('look', $fault);
        return [
            'Machine' => $note . ($facts === null ? Html::dim('Nothing is known of it. ') : self::table($facts, $time))
                . $link,
            'Sign in' => self::door($id, 'panel', 'Panel, as the API account') . ' '
                . self::door($id, 'console', 'IPMI console'),
        ];
    }

    /**
     * The facts. What nobody knows is said to be unknown.
     */
    private static function table(Status $facts, Time $time): string
    {
        $known = static fn (string $name): string => $facts->text($name) ?: 'not known';
        $rows = [
            ['Label', $known('label')], ['MAC address', $known('mac')], ['Rack', $known('rack')],
            ['IPMI address', $known('ipmi_ip')], ['Power', $known('power')],
        ];
        foreach ($facts->each('ports') as $port) {
            $where = trim($port->text('switch') . ' ' . $port->text('port')) ?: 'not known';
            $rows[] = ['Switch port', $where . ($port->text('state') === '' ? '' : ', ' . $port->text('state'))];
        }
        if ($facts->each('ports') === []) {
            $rows[] = ['Switch port', 'not known'];
        }
        $more = array_filter([
            $facts->text('operation') === '' ? '' : 'runs: ' . $facts->text('operation'),
            $facts->is('blocked') ? 'blocked' : '',
        ]);
        $more === [] || $rows[] = ['In the panel', implode(', ', $more)];
        $seen = $facts->time('as_of');
        $age = $seen === null ? '' : Html::dim(
            'As of ' . $time->clock($seen) . ', ' . Time::length($time->passed($seen)) . ' ago. '
        );
        return Html::rows($rows) . $age;
    }

    /**
     * A button that opens a way in, beside the page.
     */
    private static function door(int $id, string $target, string $label): string
    {
        $data = ['id' => (string) $id, 'target' => $target, 'as' => 'staff', 'token' => Visitor::token()];
        $fields = '';
        foreach ($data as $name => $value) {
            $fields .= " data-$name=\"" . Html::text($value) . '"';
        }
        return '<button type="button" class="btn btn-default btn-sm"' . $fields
            . ' onclick="' . Html::text(self::SCRIPT) . '">' . Html::text($label) . '</button>';
    }
}
