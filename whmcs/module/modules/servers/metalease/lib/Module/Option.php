<?php

declare(strict_types=1);

namespace WHMCS\Module\Server\Metalease\Module;

defined('WHMCS') || die();

/**
 * The module settings of a product. WHMCS stores them by position, so the numbers never change and new ones
 * are appended. The first six are those of ISPsystem's module: a host that switches keeps its products.
 */
enum Option: int
{
    case Package = 1;
    case OperatingSystem = 2;
    case Recipe = 3;
    case DontWait = 4;
    case DomainTemplate = 5;
    case AddressGroup = 6;
    case Panel = 7;
    case InstallTimeout = 8;
    case InstallAttempts = 9;
    case Grace = 10;
    case StartOn = 11;
    case ReinstallTemplates = 12;

    /**
     * The key of the setting in module params and in tblproducts.
     */
    public function key(): string
    {
        return 'configoption' . $this->value;
    }

    /**
     * The fields of the product's tab "Module Settings".
     *
     * @return array<string, array<string, mixed>>
     */
    public static function fields(): array
    {
        $text = static fn (string $description, string $default = '', string $size = '30') => [
            'Type' => 'text', 'Size' => $size, 'Default' => $default, 'Description' => $description,
        ];
        return [
            'Package Name' => ['SimpleMode' => true, 'Loader' => 'metalease_LoadPackages']
                + $text('The servers that may be sold: Configuration or Server Type in the panel, letter by letter.'),
            'Operation system' => ['SimpleMode' => true, 'Loader' => 'metalease_LoadTemplates']
                + $text(
                    'Id of an OS template: ISPsystem__Debian-12-x86_64. '
                    . 'The configurable option os, OS or ostemplate goes first.'
                ),
            'Recipe Name' => $text(
                'Runs after the install: #local__NAME or REPO__NAME; empty or null for none. '
                . 'The configurable option recipe goes first.'
            ),
            'Dont wait the OS install' => [
                'Type' => 'yesno', 'Description' => 'The service is Active as soon as the install has begun.',
            ],
            'Domain template' => $text(
                'Host name of the server: @ID@ is the service, @DOMAIN@ the ordered domain. Empty: the ordered domain.'
            ),
            'IP address group' => $text('Where extra addresses come from.', 'public'),
            'Panel' => $text('A panel of metalease\'s configuration. Empty: the Username of the server entry.'),
            'Install time limit' => $text(
                'After it a person is called: such as 720s or 15m. Empty: 720s, unless configured otherwise.',
                '',
                '10'
            ),
            'Install attempts' => $text(
                'Servers to try before a person is called. Empty: 1, unless configured otherwise.',
                '',
                '10'
            ),
            'Grace period' => $text(
                'How long an unpaid server is kept, blocked: such as 3d. Empty: 72h, unless configured otherwise.',
                '',
                '10'
            ),
            'Start on' => [
                'Type' => 'dropdown', 'Options' => StartOn::labels(), 'Default' => StartOn::Payment->value,
                'Description' => 'When the server is built. Leave the automatic setup of WHMCS off, below.',
            ],
            'Reinstall templates' => [
                'Type' => 'textarea', 'Rows' => '3', 'Cols' => '50', 'Default' => '',
                'Description' => 'OS templates that clients may install again, one a line: '
                    . 'ISPsystem__Debian-12-x86_64|Debian 12. Empty: what can be ordered; none: no reinstall.',
            ],
        ];
    }
}
