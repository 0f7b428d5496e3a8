<?php

declare(strict_types=1);

namespace WHMCS\Module\Server\Metalease\Module;

use WHMCS\Database\Capsule;
use WHMCS\Module\Server\Metalease\Gateway\Gateways;
use WHMCS\Module\Server\Metalease\Gateway\Status;

defined('WHMCS') || die();

/**
 * What a panel has to sell, for the product editor.
 */
final class Catalogue
{
    public function __construct(private Gateways $gateways)
    {
    }

    /**
     * The packages of the panel.
     *
     * @param array<string, mixed> $params
     * @return array<string, string> package => label
     * @throws \Exception whose message WHMCS shows
     */
    public function packages(array $params): array
    {
        $names = $this->ask($params, 'packages')->texts('packages');
        return self::filled(array_combine($names, $names), 'packages');
    }

    /**
     * The OS templates of the panel.
     *
     * @param array<string, mixed> $params
     * @return array<string, string> template id => label
     * @throws \Exception whose message WHMCS shows
     */
    public function templates(array $params): array
    {
        $labels = [];
        foreach ($this->ask($params, 'templates')->each('templates') as $template) {
            $labels[$template->text('id')] = $template->text('name') ?: $template->text('id');
        }
        return self::filled($labels, 'OS templates');
    }

    /**
     * Asks the panel of the product.
     *
     * @param array<string, mixed> $params
     */
    private function ask(array $params, string $what): Status
    {
        Settings::activated();
        $panel = trim((string) ($params[Option::Panel->key()] ?? ''));
        $gateway = $this->gateways->forEntry(self::entry($params), $panel);
        $reply = $gateway->call('GET', '/v1/panels/' . rawurlencode($gateway->panel()) . '/' . $what, null, 15);
        if (!$reply->ok()) {
            throw new Refusal($reply->problem() . '.');
        }
        return new Status($reply->body);
    }

    /**
     * The entry of the params; where WHMCS gives none, one of the product's server group, else the only one there is.
     *
     * @param array<string, mixed> $params
     */
    private static function entry(array $params): ServerEntry
    {
        if ((int) ($params['serverid'] ?? 0) > 0) {
            return ServerEntry::find((int) $params['serverid']);
        }
        $product = (int) ($params['pid'] ?? $params['packageid'] ?? $_REQUEST['id'] ?? 0);
        $stored = Capsule::table('tblproducts')->where('id', $product)->value('servergroup');
        $group = (int) ($_REQUEST['servergroup'] ?? 0) ?: (int) $stored;
        $ids = ServerEntry::ids();
        $grouped = Capsule::table('tblservergroupsrel')->where('groupid', $group)->whereIn('serverid', $ids)
            ->orderBy('serverid')->pluck('serverid')->all();
        return ServerEntry::find((int) ($grouped[0] ?? $ids[0] ?? 0));
    }

    /**
     * The labels in their order; an empty list is nothing to choose from.
     *
     * @param array<string, string> $labels
     * @return array<string, string>
     */
    private static function filled(array $labels, string $what): array
    {
        if ($labels === []) {
            throw new Refusal("The panel shows no $what.");
        }
        asort($labels);
        return $labels;
    }
}
