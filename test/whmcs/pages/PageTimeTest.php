<?php

declare(strict_types=1);

namespace Pages;

use PHPUnit\Framework\TestCase;
use WHMCS\Module\Server\Metalease\Gateway\Status;
use WHMCS\Module\Server\Metalease\Page\Time;

require_once __DIR__ . '/load.php';

/**
 * Times in words, and what counts as a time.
 */
final class PageTimeTest extends TestCase
{
    public function testLengthsForStaff(): void
    {
        $lengths = [-5 => '0s', 58 => '58s', 60 => '1m', 384 => '6m24s', 3600 => '1h00m', 3840 => '1h04m', 172799 => '47h59m', 172800 => '2d00h', 255600 => '2d23h'];
        foreach ($lengths as $seconds => $words) {
            self::assertSame($words, Time::length($seconds));
        }
    }

    public function testLengthsForCustomers(): void
    {
        $lengths = [-5 => '1 minute', 0 => '1 minute', 60 => '1 minute', 61 => '2 minutes', 7199 => '120 minutes', 7200 => '2 hours', 172799 => '47 hours', 255600 => '2 days'];
        foreach ($lengths as $seconds => $words) {
            self::assertSame($words, Time::about($seconds));
        }
    }

    public function testTodayNeedsNoDate(): void
    {
        self::assertSame('01:30:00', Samples::time('Europe/Berlin')->clock(new \DateTimeImmutable('2026-01-05T00:30:00Z')));
        self::assertSame('2026-01-05 23:30', Samples::time('UTC', '2026-01-06T00:10:00Z')->clock(new \DateTimeImmutable('2026-01-05T23:30:00Z')));
        self::assertSame('00:30:00', Samples::time('Europe/Berlin', '2026-01-06T00:10:00Z')->clock(new \DateTimeImmutable('2026-01-05T23:30:00Z')), 'in Berlin it is today');
    }

    public function testWhatIsNoTimeIsNone(): void
    {
        foreach (['', '0001-01-01T00:00:00Z', 'tomorrow', '2026-13-45T99:00:00Z', 7, null, []] as $value) {
            self::assertNull((new Status(['at' => $value]))->time('at'));
        }
        self::assertSame(1767614400, (new Status(['at' => '2026-01-05T12:00:00.123456789Z']))->time('at')?->getTimestamp());
    }

    public function testDurationsAsTheGatewayWritesThem(): void
    {
        foreach (['12m0s' => 720, '1h30m0s' => 5400, '72h0m0s' => 259200, '3d' => 259200, '1.5s' => 1, '900ms' => 0, '' => 0, 'x' => 0] as $text => $seconds) {
            self::assertSame($seconds, (new Status(['of' => $text]))->seconds('of'), $text);
        }
        self::assertSame(720, (new Status(['of' => 720]))->seconds('of'));
    }
}
