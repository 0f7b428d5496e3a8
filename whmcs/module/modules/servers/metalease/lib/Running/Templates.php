<?php

declare(strict_types=1);

namespace WHMCS\Module\Server\Metalease\Running;

use WHMCS\Database\Capsule;
use WHMCS\Module\Server\Metalease\Module\Option;
use WHMCS\Module\Server\Metalease\Module\Service;

defined('WHMCS') || die();

/**
 * The OS templates that a customer may install on a server again: those of the product's setting, else the one that
 * was ordered, the product's own and the choices of its configurable option.
 */
final class Templates
{
    /** The configurable options that choose an OS template. */
    private const OPTIONS = ['os', 'OS', 'ostemplate'];

    /**
     * The templates of a service.
     *
     * @return array<string, string> id => label, in their order
     */
    public static function of(Service $service): array
    {
        $set = $service->setting(Option::ReinstallTemplates);
        if (strtolower($set) === 'none') {
            return [];
        }
        $lines = $set === '' ? self::ordered($service) : (preg_split('/[\r\n,]+/', $set) ?: []);
        $labels = [];
        foreach ($lines as $line) {
            [$id, $label] = array_map(trim(...), explode('|', $line, 2)) + [1 => ''];
            if ($id !== '' && ($label !== '' || !isset($labels[$id]))) {
                $labels[$id] = $label ?: self::readable($id);
            }
        }
        return $labels;
    }

    /**
     * The template that the service has by its order.
     */
    public static function own(Service $service): string
    {
        return self::chosen($service) ?: $service->setting(Option::OperatingSystem);
    }

    /**
     * The template that was chosen by a configurable option; empty where the product's own counts.
     */
    public static function chosen(Service $service): string
    {
        return $service->choices->text(...self::OPTIONS);
    }

    /**
     * Who signs in to a server with a template: Windows has no root.
     */
    public static function user(string $template): string
    {
        return stripos($template, 'windows') === false ? 'root' : 'Administrator';
    }

    /**
     * What the service could have been ordered with, as lines id|Label.
     *
     * @return list<string>
     */
    private static function ordered(Service $service): array
    {
        $rows = Capsule::table('tblproductconfiglinks as l')
            ->join('tblproductconfigoptions as o', 'o.gid', '=', 'l.gid')
            ->join('tblproductconfigoptionssub as s', 's.configid', '=', 'o.id')
            ->where('l.pid', $service->product)->where('s.hidden', 0)->orderBy('s.sortorder')->orderBy('s.id')
            ->get(['o.optionname as option', 'o.optiontype as type', 's.optionname as choice']);
        $lines = [self::own($service), $service->setting(Option::OperatingSystem)];
        foreach ($rows as $row) {
            $named = trim(html_entity_decode(explode('|', (string) $row->option)[0], ENT_QUOTES));
            if (in_array($named, self::OPTIONS, true) && in_array((int) $row->type, [1, 2], true)) {
                $lines[] = html_entity_decode((string) $row->choice, ENT_QUOTES);
            }
        }
        return $lines;
    }

    /**
     * A template's id in the words of a person: of ISPsystem__Debian-12-x86_64 it is Debian 12 x86_64.
     */
    private static function readable(string $id): string
    {
        $at = strpos($id, '__');
        return str_replace('-', ' ', $at === false ? $id : substr($id, $at + 2));
    }
}
