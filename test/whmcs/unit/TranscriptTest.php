<?php

declare(strict_types=1);

namespace MetaleaseTest;

use WHMCS\Module\Server\Metalease\Module\Buttons;

require_once __DIR__ . '/bootstrap.php';

/**
 * The module does what the recorded transcripts say, call for call and word for word.
 */
final class TranscriptTest extends ModuleCase
{
    /** What each function that asks the gateway must have been seen to meet; 0 is a gateway that is not there. */
    private const MAIN = [200, 202, 404, 409, 422, 503, 0];

    private string $zone = '';

    protected function setUp(): void
    {
        parent::setUp();
        $this->zone = date_default_timezone_get();
        date_default_timezone_set('UTC');
    }

    protected function tearDown(): void
    {
        date_default_timezone_set($this->zone);
    }

    /**
     * @dataProvider transcripts
     */
    public function testTheModuleDoesWhatWasRecorded(Transcript $transcript): void
    {
        $seen = $transcript->play();
        if (getenv('RECORD_TRANSCRIPTS') === '1') {
            $transcript->record($seen);
        }
        $this->assertSame($transcript->wanted(), $seen);
        if ($transcript->statuses() !== [0]) {
            $this->assertSameSize($transcript->statuses(), $seen['calls'], 'one answer a call, and none is left');
        }
    }

    /**
     * @return array<string, array{0: Transcript}>
     */
    public static function transcripts(): array
    {
        return array_map(static fn (Transcript $one) => [$one], Transcript::all());
    }

    public function testEveryFunctionMeetsEveryAnswer(): void
    {
        $met = [];
        foreach (Transcript::all() as $transcript) {
            $met[$transcript->function()] = [...$met[$transcript->function()] ?? [], ...$transcript->statuses()];
        }
        $asking = ['CreateAccount', 'SuspendAccount', 'UnsuspendAccount', 'Renew', 'TerminateAccount'];
        foreach ([...$asking, ...array_values(Buttons::LABELS)] as $function) {
            $missing = array_diff($function === 'CreateAccount' ? array_diff(self::MAIN, [202]) : self::MAIN, $met[$function] ?? []);
            $this->assertSame([], array_values($missing), "$function has not met these");
        }
    }
}
