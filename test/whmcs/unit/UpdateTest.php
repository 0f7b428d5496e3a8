<?php

declare(strict_types=1);

namespace MetaleaseTest;

use PHPUnit\Framework\TestCase;

require_once __DIR__ . '/bootstrap.php';

/**
 * A host updates by unpacking the zip over the old tree, and what the old one had more of stays.
 */
final class UpdateTest extends TestCase
{
    private const MODULE = __DIR__ . '/../../../whmcs/module/modules/servers/metalease';

    private const SPACE = 'WHMCS\\Module\\Server\\Metalease\\';

    /** Classes that lay in lib/ itself. */
    private const OLD = ['Gateway', 'Guard', 'Records', 'Create', 'PageStatus', 'Version'];

    public function testWhatAnOlderVersionLeftIsNotLoaded(): void
    {
        $folder = WebServer::folder();
        mkdir("$folder/lib/Module", 0777, true);
        copy(self::MODULE . '/autoload.php', "$folder/autoload.php");
        copy(self::MODULE . '/lib/Module/Version.php', "$folder/lib/Module/Version.php");
        foreach (self::OLD as $name) {
            file_put_contents("$folder/lib/$name.php", '<?php echo "loaded: ", __FILE__; exit(3);');
        }
        $names = array_map(static fn (string $name): string => self::SPACE . $name, self::OLD);
        $code = sprintf(
            'define("WHMCS", true); require %s; foreach (%s as $name) { class_exists($name); } echo %sModule\\Version::NUMBER;',
            var_export("$folder/autoload.php", true),
            var_export($names, true),
            '\\' . self::SPACE
        );
        exec(escapeshellarg(PHP_BINARY) . ' -r ' . escapeshellarg($code) . ' 2>&1', $said, $status);
        $this->assertSame(0, $status, implode("\n", $said));
        $this->assertMatchesRegularExpression('/^\d+\.\d+\.\d+(-[a-z]+)?$/', implode("\n", $said), 'and the others are');
    }

    public function testNoClassIsWhereOldOnesWere(): void
    {
        $this->assertSame([], glob(self::MODULE . '/lib/*.php'));
        $classes = glob(self::MODULE . '/lib/*/*.php') ?: [];
        $this->assertNotSame([], $classes);
        foreach ($classes as $file) {
            $found = [];
            preg_match('~/lib/(\w+)/(\w+)\.php$~', $file, $found);
            $text = (string) file_get_contents($file);
            $this->assertStringContainsString("\nnamespace " . self::SPACE . "$found[1];\n", $text, $file);
            $this->assertMatchesRegularExpression("/^(final class|enum) $found[2]\\b/m", $text, $file);
        }
    }

    /**
     * WHMCS's own autoloader would find an old class for a name that says no folder.
     */
    public function testEveryNameSaysItsFolder(): void
    {
        $all = new \RecursiveIteratorIterator(new \RecursiveDirectoryIterator(dirname(self::MODULE, 3)));
        foreach (new \RegexIterator($all, '/\.php$/') as $file) {
            preg_match_all('/Server\\\\+Metalease\\\\+(\w+)(\\\\?)/', (string) file_get_contents((string) $file), $names, PREG_SET_ORDER);
            foreach ($names as [$whole, $first, $more]) {
                $this->assertTrue($more !== '' || is_dir(self::MODULE . "/lib/$first"), "$whole in $file");
            }
        }
    }
}
