<?php

declare(strict_types=1);

namespace Pages;

use PHPUnit\Framework\TestCase;
use WHMCS\Module\Server\Metalease\Gateway\Status;
use WHMCS\Module\Server\Metalease\Page\Steps;

require_once __DIR__ . '/load.php';

/**
 * How far a build is.
 */
final class PageStepsTest extends TestCase
{
    public function testTheBarOnlyGrowsAndNeverLooksFinished(): void
    {
        $last = 1;
        foreach (['account' => '12:00:00', 'power' => '12:00:30', 'install' => '12:02:00'] as $name => $at) {
            $percent = self::steps($name, $at)->percent();
            self::assertGreaterThan($last, $percent, $name);
            $last = $percent;
        }
        foreach (['12:05:00', '12:09:00', '12:13:00'] as $at) {
            $percent = self::steps('install', $at)->percent();
            self::assertGreaterThan($last, $percent, $at);
            $last = $percent;
        }
        self::assertSame(97, self::steps('install', '23:00:00')->percent());
        self::assertSame(2, self::steps('account', '12:00:00')->percent());
    }

    public function testTheRestIsCountedFromTheOrdersOwnLimit(): void
    {
        // From 12:01:10 on the install has 12 minutes; 15 seconds for the hand-over.
        self::assertSame(720 - 50 + 15, self::steps('install', '12:02:00')->left());
        self::assertSame(15, self::steps('install', '12:20:00')->left(), 'a step that is late has nothing left');
        $patient = Samples::status('install');
        $patient['order']['install_timeout'] = '1h0m0s';
        self::assertSame(3600 - 50 + 15, (new Steps(new Status($patient), Samples::time('UTC', '2026-01-05T12:02:00Z')))->left());
    }

    public function testAStepThatBeganAndDidNotEndIsOverWhenTheServiceIs(): void
    {
        $states = array_column(self::steps('abandoned', '12:05:00')->all(), 'state');
        self::assertSame([Steps::DONE, Steps::DONE, Steps::DONE, Steps::DONE, Steps::LATER, Steps::LATER], $states);
    }

    private static function steps(string $name, string $at): Steps
    {
        return new Steps(new Status(Samples::status($name)), Samples::time('UTC', "2026-01-05T{$at}Z"));
    }
}
