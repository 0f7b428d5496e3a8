<?php

declare(strict_types=1);

namespace MetaleaseTest;

use PHPUnit\Framework\TestCase;
use PhpParser\Lexer\Emulative;
use PhpParser\Node;
use PhpParser\NodeFinder;
use PhpParser\ParserFactory;

require_once __DIR__ . '/bootstrap.php';
require_once 'PhpParser/autoload.php';

/**
 * A WHMCS on a PHP that is too old for the module: WHMCS goes on as before, and staff read why.
 */
final class OldPhpTest extends TestCase
{
    private const ROOT = __DIR__ . '/../../../whmcs/module';

    private const MODULE = '/modules/servers/metalease';

    /** What WHMCS and web servers read by themselves, and what those read before they know the version. */
    private const ENTRIES = [
        '/includes/hooks/metalease.php', self::MODULE . '/metalease.php', self::MODULE . '/ispsystem.php',
        self::MODULE . '/about.php', self::MODULE . '/orders.php', self::MODULE . '/password.php', self::MODULE . '/products.php',
        self::MODULE . '/signon.php',
        self::MODULE . '/autoload.php', self::MODULE . '/php.php',
    ];

    /**
     * A WHMCS around the module, of which nothing is known but what was logged.
     */
    private const WHMCS = <<<'PHP'
        namespace WHMCS\Database {
            class Capsule
            {
                public static $stored = null;
                public static function table($name) { return new self(); }
                public function where($column, $value) { return $this; }
                public function value($column) { return self::$stored; }
                public function updateOrInsert($key, $values) { self::$stored = $values['value']; }
            }
        }
        namespace {
            define('WHMCS', true);
            function logActivity($line) { echo "log: $line\n"; }
            function add_hook($point) { echo "hook: $point\n"; }
            foreach (%s as $file) { require $file; }
            echo implode(' ', array_diff(preg_grep('/^metalease_/', get_defined_functions()['user']), ['metalease_too_old']));
            echo implode(' ', preg_grep('/Metalease/', get_declared_classes()));
        }
        PHP;

    public function testOneLineInTheActivityLogAndNothingElse(): void
    {
        $said = $this->loaded('990000');
        $this->assertCount(1, $said, implode("\n", $said));
        $this->assertStringStartsWith('log: metalease does nothing: it needs PHP 8.1 or newer', $said[0]);
        $this->assertStringContainsString(PHP_VERSION, $said[0]);
    }

    public function testANewEnoughPHPRunsTheModule(): void
    {
        $said = implode("\n", $this->loaded('80100', self::MODULE . '/ispsystem.php'));
        $this->assertStringContainsString('hook: OrderPaid', $said);
        $this->assertStringContainsString('metalease_createaccount', $said);
        $this->assertStringNotContainsString('log: ', $said);
    }

    /**
     * @dataProvider entries
     */
    public function testAnOldPHPReadsIt(string $entry): void
    {
        $code = (string) file_get_contents(self::ROOT . $entry);
        $this->assertStringNotContainsString('declare(', $code, 'PHP 5.6 warns of it on every page');
        $tree = (new ParserFactory())->create(ParserFactory::ONLY_PHP5, new Emulative())->parse($code) ?? [];
        $this->assertNotSame([], $tree);
        foreach ((new NodeFinder())->findInstanceOf($tree, Node\FunctionLike::class) as $function) {
            foreach ($function->getParams() as $parameter) {
                $this->assertNull($parameter->type, 'PHP 5.6 takes string for a class, PHP 7.4 mixed');
            }
        }
    }

    /**
     * @return array<string, array{0: string}>
     */
    public static function entries(): array
    {
        return array_combine(self::ENTRIES, array_map(static fn (string $entry) => [$entry], self::ENTRIES));
    }

    public function testNoOtherFileIsReadByItself(): void
    {
        $all = new \RecursiveIteratorIterator(new \RecursiveDirectoryIterator(self::ROOT));
        foreach (new \RegexIterator($all, '/\.php$/') as $file) {
            $path = substr((string) $file, strlen(self::ROOT));
            $code = (string) file_get_contents((string) $file);
            if (!in_array($path, self::ENTRIES, true)) {
                $this->assertMatchesRegularExpression("/^defined\('WHMCS'\) \|\| die/m", $code, $path);
            }
        }
    }

    /**
     * Loads every entry twice, as two requests do, in a PHP of its own.
     *
     * @param string $least   the version that the module asks for
     * @param string $without an entry that is not loaded
     * @return list<string> what came out
     */
    private function loaded(string $least, string $without = ''): array
    {
        $root = WebServer::folder();
        exec('cp -r ' . escapeshellarg(self::ROOT) . '/. ' . escapeshellarg($root));
        file_put_contents("$root/init.php", '<?php');
        $guard = (string) file_get_contents($root . self::MODULE . '/php.php');
        file_put_contents($root . self::MODULE . '/php.php', str_replace('80100', $least, $guard));
        $files = array_map(static fn (string $entry) => $root . $entry, array_slice(self::ENTRIES, 0, 3));
        $files = array_values(array_diff($files, [$root . $without]));
        file_put_contents("$root/try.php", '<?php ' . sprintf(self::WHMCS, var_export([...$files, ...$files], true)));
        exec(escapeshellarg(PHP_BINARY) . ' ' . escapeshellarg("$root/try.php") . ' 2>&1', $said);
        return $said;
    }
}
