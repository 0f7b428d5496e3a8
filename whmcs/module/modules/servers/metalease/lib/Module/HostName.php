<?php

declare(strict_types=1);

namespace WHMCS\Module\Server\Metalease\Module;

defined('WHMCS') || die();

/**
 * The host name of a server, from what people type into the cart.
 */
final class HostName
{
    private const LABEL = '[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?';

    /** The panel's own name for a free server. */
    private const FREE = 'free.ds';

    /**
     * The host name that was meant; empty for none: of http://Shop.Example.com./ it is shop.example.com, of
     * bücher.example xn--bcher-kva.example.
     *
     * @param callable-string $idna what writes letters of other languages as a host name; a PHP may not have it
     */
    public static function of(string $typed, string $idna = 'idn_to_ascii'): string
    {
        $name = self::bare($typed);
        if (self::foreign($name) && function_exists($idna)) {
            $name = rtrim((string) @$idna($name, IDNA_NONTRANSITIONAL_TO_ASCII, INTL_IDNA_VARIANT_UTS46), '.');
        }
        // A last label of digits is that of an address.
        $form = '/^(?:' . self::LABEL . '\.)+(?![0-9]+$)' . self::LABEL . '$/D';
        return strlen($name) <= 253 && preg_match($form, $name) === 1 && $name !== self::FREE ? $name : '';
    }

    /**
     * The name of a service's server: the product's template, else what was ordered, else one of the service's id.
     *
     * @throws Refusal when there is none
     */
    public static function ofService(Service $service): string
    {
        [$template, $zone] = [$service->setting(Option::DomainTemplate), Settings::zone()];
        $ordered = self::of($service->domain);
        $name = $template === '' ? $ordered : self::filled($template, (string) $service->id, $ordered);
        return match (true) {
            $name !== '' => $name,
            $zone !== '' => "s{$service->id}.$zone",
            $service->domain === '' && $template === '' => "{$service->id}.domain",
            default => throw new Refusal(
                "\"{$service->domain}\" is no host name"
                . ($template === '' ? '' : " for the Domain template \"$template\"") . self::why($service->domain)
                . '. Correct the field Domain of the service; or give the product a Domain template without @DOMAIN@, '
                . 'or metalease a zone for such services: ' . Settings::ZONE . ' in tblconfiguration.',
                'stopped_name'
            ),
        };
    }

    /**
     * What is wrong beyond the name itself: letters of other languages need an extension of PHP.
     *
     * @param callable-string $idna
     */
    public static function why(string $typed, string $idna = 'idn_to_ascii'): string
    {
        return self::foreign(self::bare($typed)) && !function_exists($idna)
            ? ' here: its letters need the extension intl of PHP, which this WHMCS does not have'
            : '';
    }

    /**
     * Whether what is typed at the cart decides the name of a product's server, and cannot.
     */
    public static function unusable(int $product, string $typed): bool
    {
        $template = Service::settingOf($product, Option::DomainTemplate);
        $asked = $template !== null && ($template === '' || str_contains($template, '@DOMAIN@'));
        return $asked && trim($typed) !== '' && Settings::zone() === '' && self::of($typed) === '';
    }

    /**
     * What is typed, without what stands around a name: blanks of all kinds, a scheme, a port, a path, dots.
     */
    private static function bare(string $typed): string
    {
        $name = Text::clean(html_entity_decode(mb_scrub($typed), ENT_QUOTES));
        $name = (string) preg_replace('~^[\s\p{Z}]+|[\s\p{Z}]+$~u', '', $name);
        $name = (string) preg_replace('~^([a-z][a-z0-9+.-]*:)?//~i', '', $name);
        $name = (string) preg_replace('~(:\d+)?([/?#].*)?$~s', '', $name, 1);
        return trim(mb_strtolower($name), ". \t");
    }

    /**
     * Whether a name has letters that no host name has as they are.
     */
    private static function foreign(string $name): bool
    {
        return preg_match('/[^\x00-\x7F]/', $name) === 1;
    }

    /**
     * The name that a template makes; empty where it needs one that was not ordered.
     */
    private static function filled(string $template, string $id, string $ordered): string
    {
        return $ordered === '' && str_contains($template, '@DOMAIN@')
            ? ''
            : self::of(str_replace(['@ID@', '@DOMAIN@'], [$id, $ordered], $template));
    }
}
