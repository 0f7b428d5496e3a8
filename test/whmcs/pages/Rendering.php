<?php

declare(strict_types=1);

namespace Pages;

/**
 * Pages of the module as HTML.
 */
final class Rendering
{
    /** The versions of Smarty that WHMCS 8 and 9 bring. */
    public const SMARTIES = ['smarty3', 'smarty4'];

    /** @var array<string, string> the folder with what each version of Smarty has compiled */
    private static array $compiled = [];

    /**
     * Renders what ClientArea returned.
     *
     * @param array<string, mixed> $output
     */
    public static function client(array $output, string $smarty = 'smarty3'): string
    {
        $page = ['template' => $output['tabOverviewModuleOutputTemplate'], 'variables' => $output['templateVariables']];
        $pipes = [];
        $process = proc_open([PHP_BINARY, __DIR__ . '/render.php', $smarty, self::compiled($smarty)], [['pipe', 'r'], ['pipe', 'w'], ['pipe', 'w']], $pipes);
        fwrite($pipes[0], json_encode($page, JSON_THROW_ON_ERROR));
        fclose($pipes[0]);
        [$html, $errors] = [(string) stream_get_contents($pipes[1]), (string) stream_get_contents($pipes[2])];
        if (proc_close($process) !== 0) {
            throw new \RuntimeException($smarty . ': ' . $errors . $html);
        }
        return $html;
    }

    /**
     * The folder for what a version of Smarty compiles; it is gone when the tests have ended.
     */
    private static function compiled(string $smarty): string
    {
        if (!isset(self::$compiled[$smarty])) {
            $folder = sys_get_temp_dir() . '/metalease-pages-' . getmypid() . '-' . $smarty;
            mkdir($folder, 0700);
            register_shutdown_function(static function () use ($folder): void {
                array_map('unlink', (array) glob($folder . '/*'));
                rmdir($folder);
            });
            self::$compiled[$smarty] = $folder;
        }
        return self::$compiled[$smarty];
    }

    /**
     * Renders what AdminServicesTabFields returned, as the admin area does: labels and HTML as they are.
     *
     * @param array<string, string> $fields
     */
    public static function admin(array $fields): string
    {
        $rows = '';
        foreach ($fields as $label => $html) {
            $rows .= '<tr><td class="fieldlabel">' . $label . '</td><td class="fieldarea" colspan="3">' . $html . "</td></tr>\n";
        }
        return '<table class="form" width="100%">' . $rows . '</table>';
    }
}
