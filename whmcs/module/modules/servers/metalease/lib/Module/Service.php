<?php

declare(strict_types=1);

namespace WHMCS\Module\Server\Metalease\Module;

use WHMCS\Database\Capsule;

defined('WHMCS') || die();

/**
 * A service as WHMCS's tables show it now: what module params may show of a moment ago, and what hooks do not get.
 */
final class Service
{
    /**
     * @param array<string, string> $settings among other columns, module settings by key: configoption1 ...
     * @param Choices               $choices  configurable options
     */
    private function __construct(
        public readonly int $id,
        public readonly int $client,
        public readonly int $order,
        public readonly int $product,
        public readonly int $entry,
        public readonly string $status,
        public readonly string $domain,
        public readonly string $username,
        public readonly string $mainIp,
        public readonly string $moreIps,
        public readonly string $nextDue,
        public readonly string $registered,
        public readonly string $suspendReason,
        public readonly int $quantity,
        private array $settings,
        public readonly Choices $choices
    ) {
    }

    /**
     * A service of this module; null when there is none.
     */
    public static function find(int $id): ?self
    {
        $row = $id <= 0 ? null : Capsule::table('tblhosting as h')->join('tblproducts as p', 'p.id', '=', 'h.packageid')
            ->where('h.id', $id)->where('p.servertype', ServerEntry::MODULE)
            ->first(array_merge(
                ['h.userid', 'h.orderid', 'h.packageid', 'h.server', 'h.domainstatus', 'h.domain', 'h.username'],
                ['h.dedicatedip', 'h.assignedips', 'h.nextduedate', 'h.regdate', 'h.suspendreason', 'h.qty', 'p.type'],
                array_map(static fn (Option $option) => 'p.' . $option->key(), Option::cases())
            ));
        return $row === null ? null : new self(
            $id,
            (int) $row->userid,
            (int) $row->orderid,
            (int) $row->packageid,
            (int) $row->server,
            (string) $row->domainstatus,
            trim((string) $row->domain),
            trim((string) $row->username),
            trim((string) $row->dedicatedip),
            trim((string) $row->assignedips),
            (string) $row->nextduedate,
            (string) $row->regdate,
            (string) $row->suspendreason,
            (int) $row->qty,
            array_map('strval', (array) $row),
            Choices::of($id)
        );
    }

    /**
     * The service that a module function was called for.
     *
     * @param array<string, mixed> $params
     * @throws Refusal when WHMCS does not know it
     */
    public static function of(array $params): self
    {
        $id = (int) ($params['serviceid'] ?? 0);
        return self::find($id) ?? throw new Refusal("WHMCS has no service $id that uses the module metalease.");
    }

    /**
     * The ids of this module's services of an order.
     *
     * @return list<int>
     */
    public static function ofOrder(int $orderId): array
    {
        $ids = $orderId <= 0 ? [] : self::ours()->where('h.orderid', $orderId)->orderBy('h.id')->pluck('h.id')->all();
        return array_map('intval', $ids);
    }

    /**
     * The ids of this module's services that an invoice is about, or one that was paid with it.
     *
     * @return list<int>
     */
    public static function ofInvoice(int $invoiceId): array
    {
        $ids = self::ours()->join('tblinvoiceitems as i', 'i.relid', '=', 'h.id')->where('i.type', 'Hosting')
            ->whereIn('i.invoiceid', Payment::together($invoiceId))
            ->distinct()->orderBy('h.id')->pluck('h.id')->all();
        return array_map('intval', $ids);
    }

    /**
     * A query for the rows of tblhosting (as h) that use this module.
     */
    public static function ours(): \Illuminate\Database\Query\Builder
    {
        return Capsule::table('tblhosting as h')->join('tblproducts as p', 'p.id', '=', 'h.packageid')
            ->where('p.servertype', ServerEntry::MODULE);
    }

    /**
     * A module setting of a product; null when it is none of this module.
     */
    public static function settingOf(int $product, Option $option): ?string
    {
        $value = Capsule::table('tblproducts')->where('id', $product)->where('servertype', ServerEntry::MODULE)
            ->pluck($option->key())->first();
        return $value === null ? null : trim(html_entity_decode((string) $value, ENT_QUOTES));
    }

    /**
     * The ids of services that WHMCS shows as over and with an address still; some of them.
     *
     * @return list<int>
     */
    public static function overWithAddress(): array
    {
        $ids = self::ours()->whereIn('h.domainstatus', ['Terminated', 'Cancelled', 'Fraud'])
            ->where('h.dedicatedip', '!=', '')->whereNotIn('h.id', Records::endedIds())
            ->orderByDesc('h.id')->limit(20)->pluck('h.id')->all();
        return array_map('intval', $ids);
    }

    /**
     * The server is not the client's any more, and its addresses may be another one's tomorrow.
     */
    public function forgetAddresses(): void
    {
        Capsule::table('tblhosting')->where('id', $this->id)->update(['dedicatedip' => '', 'assignedips' => '']);
    }

    /**
     * Whether WHMCS shows the service as paid: its Next Due Date is not past.
     */
    public function paid(): bool
    {
        return $this->nextDue !== '' && !str_starts_with($this->nextDue, '0000') && !Clock::past($this->nextDue);
    }

    /**
     * What the themes of WHMCS show on a service's page by themselves: of a product of the type server with a domain,
     * that and its addresses.
     *
     * @return list<string> the host name in small letters
     */
    public function shownByTheme(): array
    {
        if (($this->settings['type'] ?? '') !== 'server' || $this->domain === '') {
            return [];
        }
        return [mb_strtolower($this->domain), $this->mainIp, ...preg_split('/[\s,]+/', $this->moreIps) ?: []];
    }

    /**
     * A module setting of the product.
     */
    public function setting(Option $option): string
    {
        return trim(html_entity_decode($this->settings[$option->key()] ?? '', ENT_QUOTES));
    }
}
