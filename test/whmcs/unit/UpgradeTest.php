<?php

declare(strict_types=1);

namespace MetaleaseTest;

use WHMCS\Database\Capsule;
use WHMCS\Module\Server\Metalease\Hooks\Upgrade;

require_once __DIR__ . '/bootstrap.php';

/**
 * WHMCS's upgrade of a running service: the numbers of extra addresses, and nothing else, before it is paid.
 */
final class UpgradeTest extends RunningCase
{
    /** @var array<string, int> id of the option by its name */
    private array $options = [];

    /** @var array<string, list<int>> ids of its choices */
    private array $choices = [];

    protected function setUp(): void
    {
        parent::setUp();
        Capsule::table('tblproductconfiglinks')->insert(['gid' => 1, 'pid' => Shop::PRODUCT]);
        $options = ['IP|Addresses' => ['4', ['IP']], 'os' => ['1', ['Debian', 'Alma']], 'backup' => ['3', ['Backup']], 'disks' => ['4', ['Disk']], 'gift' => ['1', ['No', 'Yes']]];
        foreach ($options as $name => [$type, $choices]) {
            $id = (int) Capsule::table('tblproductconfigoptions')->insertGetId(['gid' => 1, 'optionname' => $name, 'optiontype' => $type]);
            $this->options[explode('|', $name)[0]] = $id;
            foreach ($choices as $choice) {
                $this->choices[$name][] = (int) Capsule::table('tblproductconfigoptionssub')->insertGetId(['configid' => $id, 'optionname' => $choice]);
            }
        }
        foreach (['IP' => [0, 2], 'os' => [$this->choices['os'][1], 0], 'backup' => [0, 1], 'disks' => [0, 3]] as $name => [$choice, $count]) {
            Capsule::table('tblhostingconfigoptions')->insert(['relid' => $this->id, 'configid' => $this->options[$name], 'optionid' => $choice, 'qty' => $count]);
        }
    }

    public function testMoreAddressesGoOn(): void
    {
        foreach (['5', '0', 2] as $count) {
            $this->assertSame('', $this->send(['IP' => $count]), (string) $count);
        }
    }

    /**
     * @dataProvider changes
     * @param array<string, mixed> $change
     */
    public function testEverythingElseIsRefusedBeforeItIsPaid(array $change): void
    {
        $this->assertSame("upgrade.php?type=configoptions&id={$this->id}&metalease=refused", $this->send($change));
    }

    /**
     * @return array<string, array{0: array<string, mixed>}>
     */
    public static function changes(): array
    {
        return [
            'another system' => [['os' => 'first']], 'the backup is taken away' => [['backup' => null]], 'more disks' => [['disks' => '4']],
            'what was never chosen' => [['gift' => 'last']], 'a list' => [['os' => ['x']]], 'an option of another product' => [['IP' => '3', 4711 => '1']],
        ];
    }

    public function testAnotherProductIsRefused(): void
    {
        $this->assertSame("upgrade.php?type=package&id={$this->id}&metalease=refused", Upgrade::refusal($this->request(), ['id' => $this->id, 'type' => 'package', 'pid' => 2]));
        $this->assertSame('', Upgrade::refusal($this->request(), ['id' => 4711, 'type' => 'package']), 'of another module');
        $get = ['REQUEST_METHOD' => 'GET'] + $this->request();
        $this->assertSame('', Upgrade::refusal($get, ['id' => $this->id, 'type' => 'package', 'metalease' => 'refused']));
        $this->assertNotSame('', Upgrade::refusal($get, ['id' => $this->id, 'type' => 'package', 'step' => '3', 'pid' => '2']), 'a step in the address');
        $this->assertSame('', Upgrade::refusal(['SCRIPT_NAME' => '/clientarea.php'] + $this->request(), ['id' => $this->id]));
    }

    public function testThePageOffersWhatMayChange(): void
    {
        $shown = [
            ['id' => 1, 'optionname' => 'IP|Addresses', 'optiontype' => 4, 'options' => [['id' => 1]]],
            ['id' => 2, 'optionname' => 'os', 'optiontype' => 1, 'options' => [['id' => 2], ['id' => 3, 'selected' => true]]],
        ];
        $vars = ['id' => $this->id, 'type' => 'configoptions', 'configoptions' => $shown];
        $page = Upgrade::page($vars, []);
        $this->assertSame(['configoptions'], array_keys($page));
        $this->assertSame([['id' => 3, 'selected' => true]], $page['configoptions'][1]['options'], 'only what it has');
        $this->assertSame($shown[0], $page['configoptions'][0]);
        $this->assertStringContainsString('Only the number of additional IP addresses', Upgrade::page($vars, ['metalease' => 'refused'])['errormessage']);
        $page = Upgrade::page(['configoptions' => [$shown[1]]] + $vars, []);
        $this->assertTrue($page['upgradenotavailable'], 'where nothing may change');
        $this->assertSame([], $page['configoptions']);
    }

    /**
     * Sends the form of the options with some of them changed.
     *
     * @param array<int|string, mixed> $change
     */
    private function send(array $change): string
    {
        $sent = [
            $this->options['IP'] => '2', $this->options['os'] => (string) $this->choices['os'][1], $this->options['backup'] => '1',
            $this->options['disks'] => '3', $this->options['gift'] => (string) $this->choices['gift'][0],
        ];
        foreach ($change as $name => $value) {
            $id = $this->options[$name] ?? $name;
            $sent[$id] = match ($value) {
                'first' => (string) $this->choices[$name][0],
                'last' => (string) end($this->choices[$name]),
                default => $value,
            };
        }
        $sent = array_filter($sent, static fn (mixed $value): bool => $value !== null);
        return Upgrade::refusal($this->request(), ['id' => (string) $this->id, 'type' => 'configoptions', 'step' => '2', 'configoption' => $sent]);
    }

    /**
     * The request of the form, as $_SERVER.
     *
     * @return array<string, string>
     */
    private function request(): array
    {
        return ['REQUEST_METHOD' => 'POST', 'SCRIPT_NAME' => '/whmcs/upgrade.php'];
    }
}
