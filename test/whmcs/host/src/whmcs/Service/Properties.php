<?php

declare(strict_types=1);

namespace WHMCS\Service;

use WHMCS\Database\Capsule;

/**
 * $params['model']->serviceProperties (docs/whmcs-api.md 3.5): some names are
 * columns of tblhosting, all others custom fields of the product.
 */
class Properties
{
    private const COLUMNS = [
        'username' => 'username', 'password' => 'password', 'domain' => 'domain', 'license key' => 'domain', 'dedicated ip' => 'dedicatedip',
        'disk usage' => 'diskusage', 'disk limit' => 'disklimit', 'bandwidth usage' => 'bwusage', 'bandwidth limit' => 'bwlimit',
        'last update' => 'lastupdate',
    ];

    /**
     * @param Service $service whose properties these are
     */
    public function __construct(private Service $service)
    {
    }

    /**
     * Writes properties by name.
     *
     * @param array<string, mixed> $values name => value; a field that is missing is created
     */
    public function save(array $values): void
    {
        foreach ($values as $name => $value) {
            $value = is_array($value) ? ($value['value'] ?? '') : $value;
            $column = self::COLUMNS[strtolower((string) $name)] ?? null;
            if ($column !== null) {
                $value = $column === 'password' ? encrypt((string) $value) : (string) $value;
                Capsule::table('tblhosting')->where('id', $this->service->id)->update([$column => $value]);
                continue;
            }
            $field = $this->field((string) $name) ?? Capsule::table('tblcustomfields')->insertGetId(
                ['type' => 'product', 'relid' => $this->service->packageid, 'fieldname' => $name, 'adminonly' => 'on']
            );
            Capsule::table('tblcustomfieldsvalues')->updateOrInsert(['fieldid' => $field, 'relid' => $this->service->id], ['value' => (string) $value]);
        }
        $this->service->refresh();
    }

    /**
     * Reads one property; an empty text when there is none.
     */
    public function get(string $name): string
    {
        $column = self::COLUMNS[strtolower($name)] ?? null;
        if ($column !== null) {
            $value = (string) Capsule::table('tblhosting')->where('id', $this->service->id)->value($column);
            return $column === 'password' ? (string) decrypt($value) : $value;
        }
        $field = $this->field($name);
        return $field === null ? '' : (string) Capsule::table('tblcustomfieldsvalues')
            ->where('fieldid', $field)->where('relid', $this->service->id)->value('value');
    }

    /**
     * The id of the product's custom field of that name.
     */
    private function field(string $name): ?int
    {
        $id = Capsule::table('tblcustomfields')->where('type', 'product')->where('relid', $this->service->packageid)
            ->where(static fn ($query) => $query->where('fieldname', $name)->orWhere('fieldname', 'like', $name . '|%'))->value('id');
        return $id === null ? null : (int) $id;
    }
}
