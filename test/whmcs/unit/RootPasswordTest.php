<?php

declare(strict_types=1);

namespace MetaleaseTest;

use Carbon\Carbon;
use WHMCS\Module\Server\Metalease\Gateway\Signature;
use WHMCS\Module\Server\Metalease\Running\PasswordPage;
use WHMCS\Module\Server\Metalease\Running\RootPassword;

require_once __DIR__ . '/bootstrap.php';

/**
 * The root password on its way from the form to the worker, and back into WHMCS.
 */
final class RootPasswordTest extends RunningCase
{
    public function testTheWorkerFetchesItAndKeepsIt(): void
    {
        $this->assertSame([200, ['pending' => false]], $this->ask(['service' => $this->id]));
        $this->assertSame([200, ['kept' => false]], $this->ask(['service' => $this->id, 'keep' => true]));
        RootPassword::leave($this->id, self::CLICK, 'New-Passw0rd');
        $this->assertSame([200, ['kept' => false]], $this->ask(['service' => $this->id, 'keep' => true]), 'no install has it');
        $pending = [200, ['pending' => true, 'password' => 'New-Passw0rd']];
        $this->assertSame($pending, $this->ask(['service' => $this->id]));
        $this->assertSame($pending, $this->ask(['service' => $this->id]), 'a lost reply is asked for again');
        $this->assertFalse(RootPassword::changed($this->id));
        $this->assertSame([200, ['kept' => true]], $this->ask(['service' => $this->id, 'keep' => true]));
        $this->assertSame([200, ['kept' => true]], $this->ask(['service' => $this->id, 'keep' => true]), 'and so is this');
        $this->assertSame('New-Passw0rd', decrypt(Shop::service($this->id)->password));
        $this->assertSame([200, ['pending' => false]], $this->ask(['service' => $this->id]));
        $this->assertTrue(RootPassword::changed($this->id));
        $this->assertStringNotContainsString('New-Passw0rd', implode('', [...Remembered::$moduleLog, ...Remembered::$activity]));
    }

    /**
     * A second reinstall is asked for while WHMCS does not have the password of the first one yet.
     */
    public function testWhatIsOnTheServerIsNotForgotten(): void
    {
        $keep = fn () => $this->ask(['service' => $this->id, 'keep' => true]);
        foreach (['refused', 'kept first'] as $then) {
            RootPassword::leave($this->id, self::CLICK, "First-Passw0rd-$then[0]");
            $this->ask(['service' => $this->id]);
            Carbon::setTestNow(Carbon::now()->addMinutes(2));
            $this->assertTrue(RootPassword::leave($this->id, 'another click', 'Second-Passw0rd'));
            if ($then === 'refused') {
                RootPassword::forget($this->id, 'another click');
            }
            $this->assertSame([200, ['kept' => true]], $keep(), $then);
            $this->assertSame("First-Passw0rd-$then[0]", decrypt(Shop::service($this->id)->password), $then);
        }
        $pending = ['pending' => true, 'password' => 'Second-Passw0rd'];
        $this->assertSame([200, $pending], $this->ask(['service' => $this->id]), 'it waits on for its own install');
        $this->assertSame([200, ['kept' => true]], $keep());
        $this->assertSame('Second-Passw0rd', decrypt(Shop::service($this->id)->password));
    }

    public function testAnOldOneIsDropped(): void
    {
        RootPassword::leave($this->id, self::CLICK, 'New-Passw0rd');
        Carbon::setTestNow(Carbon::now()->addMinutes(61));
        $this->assertSame([200, ['pending' => false]], $this->ask(['service' => $this->id]), 'nobody began to install');
        RootPassword::leave($this->id, self::CLICK, 'New-Passw0rd');
        $this->ask(['service' => $this->id]);
        Carbon::setTestNow(Carbon::now()->addDay());
        $this->assertSame([200, ['kept' => true]], $this->ask(['service' => $this->id, 'keep' => true]), 'an install that ends late');
        RootPassword::leave($this->id, self::CLICK, 'Other-Passw0rd');
        $this->ask(['service' => $this->id]);
        Carbon::setTestNow(Carbon::now()->addDays(4));
        $this->assertSame([200, ['pending' => false]], $this->ask(['service' => $this->id]));
        $this->assertSame('New-Passw0rd', decrypt(Shop::service($this->id)->password));
    }

    public function testOnlyAsItsOwnService(): void
    {
        $other = Shop::order(['domainstatus' => 'Active']);
        RootPassword::leave($this->id, self::CLICK, 'New-Passw0rd');
        $this->assertSame([200, ['pending' => false]], $this->ask(['service' => $other]));
        $this->assertSame([200, ['pending' => false]], $this->ask(['service' => 4711]));
        foreach ([[], ['service' => '1'], ['service' => 0], ['service' => [$this->id]]] as $body) {
            $this->assertSame(422, $this->ask($body)[0]);
        }
        $this->assertSame(405, PasswordPage::answer(['REQUEST_METHOD' => 'GET'], '')[0]);
        $this->assertSame(401, PasswordPage::answer(['REQUEST_METHOD' => 'POST', 'REQUEST_URI' => '/x'], '{"service": ' . $this->id . '}')[0]);
        $this->assertSame(401, $this->ask(['service' => $this->id], 'another secret')[0]);
        $this->assertSame(401, $this->ask(['service' => $this->id], FakeGateway::SECRET, time() - 400)[0]);
    }

    /**
     * Asks as the worker does.
     *
     * @param array<string, mixed> $body
     * @return array{0: int, 1: array<string, mixed>}
     */
    private function ask(array $body, string $secret = FakeGateway::SECRET, int $at = 0): array
    {
        $text = (string) json_encode((object) $body);
        $path = '/modules/servers/metalease/password.php';
        $server = ['REQUEST_METHOD' => 'POST', 'REQUEST_URI' => $path];
        foreach (Signature::headers($secret, FakeGateway::INSTALLATION, 'POST', $path, $text, $at ?: time(), '') as $name => $value) {
            $server['HTTP_' . strtoupper(str_replace('-', '_', $name))] = $value;
        }
        return PasswordPage::answer($server, $text);
    }
}
