<?php

declare(strict_types=1);

namespace WHMCS\Module\Server\Metalease\Module;

use WHMCS\Database\Capsule;
use WHMCS\Module\Server\Metalease\Gateway\SignedPage;
use WHMCS\Module\Server\Metalease\Page\Language;
use WHMCS\User\Admin\Permission;

defined('WHMCS') || die();

/**
 * The page on which metalease reads what the module is, and what it finds in WHMCS that the API does not show. It names
 * nobody, tells no secret, and writes nothing. What of it is well is judged by metalease, in one table.
 */
final class AboutPage
{
    /** Where WHMCS reads the hooks, from its root. */
    private const HOOKS = '/includes/hooks/metalease.php';

    /**
     * Answers the request.
     */
    public static function serve(): void
    {
        SignedPage::serve(self::answer(...));
    }

    /**
     * The answer to a request.
     *
     * @param array<string, mixed> $server as $_SERVER
     * @return array{0: int, 1: array<string, mixed>} HTTP status and JSON
     */
    public static function answer(array $server, string $body): array
    {
        return SignedPage::answer('about.php', $server, $body, static fn (): array => [200, self::about()]);
    }

    /**
     * What there is to say.
     *
     * @return array<string, mixed>
     */
    public static function about(): array
    {
        [$overdue, $other] = self::suspended();
        return [
            'version' => Version::NUMBER,
            'php' => PHP_MAJOR_VERSION . '.' . PHP_MINOR_VERSION . '.' . PHP_RELEASE_VERSION,
            'time_zone' => date_default_timezone_get(),
            'hooks' => defined('ROOTDIR') && is_file(ROOTDIR . self::HOOKS),
            'cron' => Settings::cronRan(),
            'set_up' => self::products(static fn ($all) => $all->whereIn('autosetup', ['on', 'payment', 'order'])),
            'uncontrolled' => self::products(static fn ($all) => $all->where('stockcontrol', 0)),
            'rules' => Guard::value(self::rules(...), static fn () => null),
            'overdue' => $overdue,
            'other_reason' => $other,
            'faults' => array_values(array_filter([Settings::overdueFault(), Language::fault()])),
            'permissions' => class_exists(Permission::class),
            'users' => Capsule::schema()->hasTable('tblusers_clients'),
        ];
    }

    /**
     * The ids of the module's products that a query finds.
     *
     * @param callable(\Illuminate\Database\Query\Builder): \Illuminate\Database\Query\Builder $which
     * @return list<int>
     */
    private static function products(callable $which): array
    {
        $query = $which(Capsule::table('tblproducts')->where('servertype', ServerEntry::MODULE));
        return array_map('intval', $query->orderBy('id')->pluck('id')->all());
    }

    /**
     * Active notification rules that hear of metalease: their conditions name it, or they are of the API without
     * naming anybody; null where WHMCS keeps them elsewhere [UNCONFIRMED, docs/whmcs-api.md W31].
     */
    private static function rules(): ?int
    {
        if (!Capsule::schema()->hasTable('tblnotificationrules')) {
            return null;
        }
        $rules = Capsule::table('tblnotificationrules')->where('active', 1)->get(['event_type', 'conditions']);
        $hear = static function (object $rule): bool {
            $conditions = strtolower((string) $rule->conditions);
            $all = in_array($conditions, ['', '[]', '{}', 'null'], true);
            return str_contains($conditions, 'metalease')
                || $all && strtolower((string) $rule->event_type) === 'api';
        };
        return count(array_filter($rules->all(), $hear));
    }

    /**
     * How many of the module's suspended services, whose due date is past, are so because nobody paid, and how many
     * for another reason.
     *
     * @return array{0: int, 1: int}
     */
    private static function suspended(): array
    {
        $count = [0, 0];
        $rows = Service::ours()->where('h.domainstatus', 'Suspended')->where('h.nextduedate', '<', date('Y-m-d'))
            ->where('h.nextduedate', '!=', '0000-00-00')->get(['h.suspendreason']);
        foreach ($rows as $row) {
            $reason = html_entity_decode((string) $row->suspendreason, ENT_QUOTES);
            $count[Settings::isOverdue($reason) ? 0 : 1]++;
        }
        return $count;
    }
}
