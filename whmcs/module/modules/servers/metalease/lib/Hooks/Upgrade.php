<?php

declare(strict_types=1);

namespace WHMCS\Module\Server\Metalease\Hooks;

use WHMCS\Database\Capsule;
use WHMCS\Module\Server\Metalease\Module\Service;
use WHMCS\Module\Server\Metalease\Page\Language;

defined('WHMCS') || die();

/**
 * What a client may change of a running service by WHMCS's upgrade: the numbers of extra addresses. Everything else is
 * refused before it is paid, on the page and when a form is sent all the same.
 */
final class Upgrade
{
    /** The configurable options that may change. */
    private const COUNTS = ['IP', 'IPv6'];

    /** In the address of the page: a form was refused. */
    private const REFUSED = 'metalease';

    /**
     * The variables of the upgrade page that are to be others.
     *
     * @param array<string, mixed> $vars    of the page
     * @param array<string, mixed> $request as $_REQUEST
     * @return array<string, mixed>
     */
    public static function page(array $vars, array $request): array
    {
        $service = Service::find((int) ($vars['id'] ?? $request['id'] ?? 0));
        if ($service === null) {
            return [];
        }
        $ofOptions = ($vars['type'] ?? $request['type'] ?? '') === 'configoptions';
        $options = $ofOptions && is_array($vars['configoptions'] ?? null) ? $vars['configoptions'] : [];
        $language = Language::ofClient();
        if (array_filter($options, self::counts(...)) === []) {
            $why = $language->text('no_upgrade');
            // Both official templates show an alert for the first, newer ones a text for the second; the form of
            // options shows errormessage.
            return [
                'upgradenotavailable' => true, 'upgradeinvalid' => true, 'upgradeinvaliderror' => $why,
                'upgradepackages' => [], 'configoptions' => [], 'errormessage' => $why,
            ];
        }
        $refused = isset($request[self::REFUSED]) ? ['errormessage' => $language->text('only_addresses')] : [];
        return $refused + ['configoptions' => array_map(self::locked(...), $options)];
    }

    /**
     * Where a browser is sent whose form asks for something else; empty for a form that may go on.
     *
     * @param array<string, mixed> $server as $_SERVER
     * @param array<string, mixed> $form   $_POST, and $_GET below it: WHMCS takes the steps of a form from both
     */
    public static function refusal(array $server, array $form): string
    {
        $script = basename((string) ($server['SCRIPT_NAME'] ?? ''));
        $sends = ($server['REQUEST_METHOD'] ?? '') === 'POST' || isset($form['step']);
        if ($script !== 'upgrade.php' || !$sends) {
            return '';
        }
        $id = (int) ($form['id'] ?? 0);
        if (Service::find($id) === null) {
            return '';
        }
        $type = ($form['type'] ?? '') === 'configoptions' ? 'configoptions' : 'package';
        $sent = is_array($form['configoption'] ?? null) ? $form['configoption'] : [];
        return $type === 'configoptions' && self::same($id, $sent)
            ? '' : "upgrade.php?type=$type&id=$id&" . self::REFUSED . '=refused';
    }

    /**
     * Whether a form leaves every option as it is but for the numbers of addresses.
     *
     * @param array<mixed> $sent value by id of the option
     */
    private static function same(int $serviceId, array $sent): bool
    {
        $rows = Capsule::table('tblhosting as h')->join('tblproductconfiglinks as l', 'l.pid', '=', 'h.packageid')
            ->join('tblproductconfigoptions as o', 'o.gid', '=', 'l.gid')
            ->leftJoin('tblhostingconfigoptions as c', static function (object $join): void {
                $join->on('c.configid', '=', 'o.id')->on('c.relid', '=', 'h.id');
            })->where('h.id', $serviceId)
            ->get([
                'o.id', 'o.optionname as name', 'o.optiontype as type', 'c.optionid as chosen', 'c.qty as quantity',
            ]);
        $known = [];
        foreach ($rows as $row) {
            $known[(int) $row->id] = true;
            $value = $sent[(int) $row->id] ?? null;
            if (!self::counts((array) $row) && !self::unchanged($row, $value)) {
                return false;
            }
        }
        return array_diff_key($sent, $known) === [];
    }

    /**
     * Whether what was sent of an option is what the service has. A check mark that is not sent takes it away.
     */
    private static function unchanged(object $row, mixed $value): bool
    {
        $quantity = (int) $row->quantity;
        return match (true) {
            is_array($value) => false,
            (int) $row->type === 3 => ((int) $value > 0) === ($quantity > 0),
            $value === null => true,
            (int) $row->type === 4 => (string) $value === (string) $quantity,
            (int) $row->chosen > 0 => (int) $value === (int) $row->chosen,
            default => (int) $value === (int) Capsule::table('tblproductconfigoptionssub')
                ->where('configid', $row->id)->orderBy('sortorder')->orderBy('id')->value('id'),
        };
    }

    /**
     * Whether an option counts addresses.
     *
     * @param array<string, mixed> $option of the page, or of the tables
     */
    private static function counts(mixed $option): bool
    {
        $name = is_array($option) ? $option['optionname'] ?? $option['name'] ?? '' : '';
        return in_array(trim(html_entity_decode(explode('|', (string) $name)[0], ENT_QUOTES)), self::COUNTS, true);
    }

    /**
     * An option of the page: of one that may not change, only the present choice is left.
     */
    private static function locked(mixed $option): mixed
    {
        if (!is_array($option) || self::counts($option) || !is_array($option['options'] ?? null)) {
            return $option;
        }
        $chosen = array_filter($option['options'], static fn (mixed $one): bool => !empty($one['selected']));
        return ['options' => array_values($chosen ?: $option['options'])] + $option;
    }
}
