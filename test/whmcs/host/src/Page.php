<?php

declare(strict_types=1);

namespace Host;

/**
 * Pages rendered by Smarty, which WHMCS does not tell to escape anything.
 */
final class Page
{
    /** The official themes of the client area. */
    public const THEMES = ['twenty-one', 'six'];

    /** What every page has. */
    public const COMMON = ['charset' => 'utf-8', 'WEB_ROOT' => '', 'css' => '', 'template' => ''];

    /**
     * Renders a template file.
     *
     * @param array<string, mixed> $vars
     */
    public static function render(string $template, array $vars): string
    {
        require_once 'smarty3/Smarty.class.php';
        $smarty = new \Smarty();
        $smarty->setCompileDir(HOST_STATE . '/templates_c');
        $smarty->setTemplateDir(dirname(__DIR__) . '/templates');
        $smarty->registerPlugin('function', 'lang', static fn (array $of): string => (string) ($of['key'] ?? ''));
        $smarty->assign($vars);
        return $smarty->fetch(is_file($template) ? 'file:' . $template : $template);
    }

    /**
     * Sends a page of the host.
     *
     * @param string               $theme six, twenty-one or admin
     * @param array<string, mixed> $vars
     */
    public static function send(string $theme, string $page, array $vars): void
    {
        header('Content-Type: text/html; charset=utf-8');
        echo self::render("$theme/$page.tpl", $vars + ['token' => Token::value(), 'companyname' => Setting::get('CompanyName')] + self::COMMON);
    }

    /**
     * The client area's theme: the one that a visitor names, as in WHMCS, else the setting.
     */
    public static function theme(): string
    {
        $wished = (string) ($_REQUEST['systpl'] ?? Setting::get('Template'));
        return in_array($wished, self::THEMES, true) ? $wished : self::THEMES[0];
    }
}
