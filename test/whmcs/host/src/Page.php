<?php

declare(strict_types=1);

namespace Host;

/**
 * Pages rendered by Smarty, which WHMCS does not tell to escape anything.
 */
final class Page
{
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
     * @param array<string, mixed> $vars
     */
    public static function send(string $template, array $vars): void
    {
        header('Content-Type: text/html; charset=utf-8');
        echo self::render($template, $vars + ['token' => Token::value(), 'charset' => 'utf-8', 'WEB_ROOT' => '', 'companyname' => Setting::get('CompanyName')]);
    }
}
