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
     */
    public static function of(string $typed): string
    {
        $name = trim(html_entity_decode(mb_scrub($typed), ENT_QUOTES));
        $name = (string) preg_replace('~^[a-z][a-z0-9+.-]*://~i', '', $name);
        $name = (string) preg_replace('~(:\d+)?([/?#].*)?$~s', '', $name, 1);
        $name = trim(mb_strtolower($name), ". \t");
        if (preg_match('/[^\x00-\x7F]/', $name) === 1 && function_exists('idn_to_ascii')) {
            $name = rtrim((string) @idn_to_ascii($name, IDNA_NONTRANSITIONAL_TO_ASCII, INTL_IDNA_VARIANT_UTS46), '.');
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
                . ($template === '' ? '' : " for the Domain template \"$template\"")
                . '. Correct the field Domain of the service; or give the product a Domain template without @DOMAIN@, '
                . 'or metalease a zone for such services: ' . Settings::ZONE . ' in tblconfiguration.'
            ),
        };
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
     * The name that a template makes; empty where it needs one that was not ordered.
     */
    private static function filled(string $template, string $id, string $ordered): string
    {
        return $ordered === '' && str_contains($template, '@DOMAIN@')
            ? ''
            : self::of(str_replace(['@ID@', '@DOMAIN@'], [$id, $ordered], $template));
    }
}
