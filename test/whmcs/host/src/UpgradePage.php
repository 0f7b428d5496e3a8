<?php

declare(strict_types=1);

namespace Host;

use WHMCS\Database\Capsule;
use WHMCS\Service\Service;

/**
 * upgrade.php: a client changes the product or the options of a service. A form with step is an order with an invoice;
 * its payment stores what was chosen and calls ChangePackage (docs/whmcs-api.md 3.2).
 */
final class UpgradePage
{
    /**
     * Answers a request of a client who is logged in and owns the service.
     */
    public static function serve(): void
    {
        $service = Service::query()->where('userid', (int) ($_SESSION['uid'] ?? 0))->find((int) ($_REQUEST['id'] ?? 0));
        if ($service === null) {
            http_response_code(isset($_SESSION['uid']) ? 404 : 403);
            return;
        }
        if ($_SERVER['REQUEST_METHOD'] === 'POST' && isset($_POST['step'])) {
            check_token();
            echo json_encode(['invoiceid' => self::order($service)]);
            return;
        }
        $vars = [
            'id' => (int) $service->id, 'type' => (string) ($_REQUEST['type'] ?? 'package'), 'upgradenotavailable' => false, 'errormessage' => '',
            'upgradepackages' => [['pid' => 2, 'name' => 'A larger one']], 'configoptions' => self::options($service),
        ];
        $vars = array_merge($vars, Hooks::overrides('ClientAreaPageUpgrade', $vars));
        Page::send(Page::theme(), 'upgrade', $vars);
    }

    /**
     * Stores an upgrade that is to be paid.
     */
    private static function order(Service $service): int
    {
        $chosen = json_encode(['type' => $_POST['type'] ?? '', 'pid' => (int) ($_POST['pid'] ?? 0), 'options' => $_POST['configoption'] ?? []], JSON_THROW_ON_ERROR);
        $upgrade = (int) Capsule::table('tblupgrades')->insertGetId([
            'userid' => $service->userid, 'orderid' => 0, 'type' => (string) ($_POST['type'] ?? ''), 'date' => Clock::today(), 'relid' => $service->id,
            'originalvalue' => '', 'newvalue' => $chosen, 'amount' => '5.00',
        ]);
        return Invoices::bill((int) $service->userid, 'banktransfer', [['Upgrade', $upgrade, 'Upgrade', 500]]);
    }

    /**
     * A paid upgrade: what was chosen is stored, then the module is called.
     */
    public static function paid(int $id): void
    {
        $row = Capsule::table('tblupgrades')->where('id', $id)->first();
        $chosen = json_decode((string) $row->newvalue, true, 16, JSON_THROW_ON_ERROR);
        if ($chosen['type'] === 'package') {
            Capsule::table('tblhosting')->where('id', $row->relid)->update(['packageid' => $chosen['pid']]);
        }
        foreach ($chosen['options'] as $option => $value) {
            $type = (int) Capsule::table('tblproductconfigoptions')->where('id', $option)->value('optiontype');
            Capsule::table('tblhostingconfigoptions')->where('relid', $row->relid)->where('configid', $option)
                ->update($type >= 3 ? ['qty' => (int) $value] : ['optionid' => (int) $value]);
        }
        Capsule::table('tblupgrades')->where('id', $id)->update(['paid' => 'Y', 'status' => 'Completed']);
        ModuleAction::run((int) $row->relid, 'changepackage');
    }

    /**
     * The options of a service, in the form of WHMCS's template variable.
     *
     * @return list<array<string, mixed>>
     */
    private static function options(Service $service): array
    {
        $rows = Capsule::table('tblproductconfiglinks as l')->join('tblproductconfigoptions as o', 'o.gid', '=', 'l.gid')
            ->leftJoin('tblhostingconfigoptions as h', static function (object $join) use ($service): void {
                $join->on('h.configid', '=', 'o.id')->where('h.relid', '=', $service->id);
            })->where('l.pid', $service->packageid)->get(['o.id', 'o.optionname', 'o.optiontype', 'h.optionid', 'h.qty']);
        return $rows->map(static fn (object $row): array => [
            'id' => (int) $row->id, 'optionname' => explode('|', $row->optionname)[0], 'optiontype' => (int) $row->optiontype, 'selectedqty' => (int) $row->qty,
            'options' => Capsule::table('tblproductconfigoptionssub')->where('configid', $row->id)->get()->map(static fn (object $sub): array => [
                'id' => (int) $sub->id, 'name' => $sub->optionname, 'nameonly' => $sub->optionname, 'selected' => (int) $sub->id === (int) $row->optionid,
            ])->all(),
        ])->all();
    }
}
