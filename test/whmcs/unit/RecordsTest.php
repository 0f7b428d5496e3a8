<?php

declare(strict_types=1);

namespace MetaleaseTest;

use Carbon\Carbon;
use WHMCS\Database\Capsule;
use WHMCS\Module\Server\Metalease\Module\Clock;
use WHMCS\Module\Server\Metalease\Module\Credentials;
use WHMCS\Module\Server\Metalease\Module\Records;

require_once __DIR__ . '/bootstrap.php';

/**
 * What the module remembers, and the small things that it makes.
 */
final class RecordsTest extends ModuleCase
{
    public function testTheTableIsMadeWhenItIsNeeded(): void
    {
        $this->assertFalse(Capsule::schema()->hasTable('mod_metalease'));
        $this->assertSame('', Records::namedServer(5));
        $this->assertTrue(Capsule::schema()->hasTable('mod_metalease'));
        $this->assertFalse(Records::known(5));
    }

    public function testWhatIsAskedForIsAskedForOnce(): void
    {
        $first = Records::asked(5);
        Carbon::setTestNow(Carbon::now()->addHour());
        $this->assertSame($first, Records::asked(5));
        $this->assertNotSame($first, Records::askedAnew(5));
    }

    public function testASecondQuestionAtOnceIsNoSecondMail(): void
    {
        $this->assertTrue(Records::handOver(5));
        $this->assertFalse(Records::handOver(5));
        Carbon::setTestNow(Carbon::now()->addMinute());
        $this->assertTrue(Records::handOver(5), 'WHMCS died in between, and asks again');
        $this->assertTrue(Records::wasHandedOver(5));
        Records::askedAnew(5);
        $this->assertFalse(Records::wasHandedOver(5), 'another life');
    }

    public function testPasswords(): void
    {
        $seen = [];
        for ($i = 0; $i < 200; $i++) {
            $password = Credentials::password();
            $this->assertMatchesRegularExpression('/^(?=.*[A-Z])(?=.*[a-z])(?=.*[2-9])(?=.*[-_.!@*])[A-Za-z2-9_.!@*-]{16}$/', $password);
            $seen[$password] = true;
        }
        $this->assertCount(200, $seen);
        $this->assertGreaterThan(20, count(array_unique(array_map(static fn (string $password) => $password[0], array_map('strval', array_keys($seen))))), 'the first is of any class');
    }

    public function testTimesOfWHMCS(): void
    {
        $this->assertSame('2026-02-01T00:30:00Z', Clock::utc('2026-02-01 09:30:00'));
        $this->assertSame(['', ''], [Clock::utc(''), Clock::utc('0000-00-00 00:00:00')]);
        $this->assertSame([true, false, false, false], array_map(Clock::past(...), ['2026-03-09', '2026-03-10', '0000-00-00', '']));
    }
}
