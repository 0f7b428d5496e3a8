<?php

declare(strict_types=1);

namespace Host;

use WHMCS\Database\Capsule;

/**
 * Everything a test looks at.
 */
final class State
{
    private const TABLES = [
        'orders' => 'tblorders', 'invoices' => 'tblinvoices', 'module_log' => 'tblmodulelog', 'activity' => 'tblactivitylog',
        'tickets' => 'tbltickets', 'replies' => 'tblticketreplies', 'notifications' => 'host_notifications',
        'ispsystem' => 'mod_ispsystem', 'field_values' => 'tblcustomfieldsvalues',
    ];

    /**
     * The rows of the tables; services with their passwords in clear, mails with
     * their merge fields. Of one service: its own rows only, which is quick.
     *
     * @return array<string, mixed>
     */
    public static function read(int $serviceId = 0): array
    {
        $state = $serviceId > 0 ? [] : array_map(static fn (string $table) => Capsule::table($table)->get()->all(), self::TABLES);
        $state['services'] = array_map(static function (object $service): object {
            $service->password = decrypt((string) $service->password);
            return $service;
        }, self::rows('tblhosting', 'id', $serviceId));
        $state['mails'] = array_map(static fn (object $mail) => [
            'template' => $mail->template, 'serviceid' => (int) $mail->relid, 'date' => $mail->date, 'fields' => json_decode($mail->mergefields, true),
        ], self::rows('host_mails', 'relid', $serviceId));
        $state['queue'] = self::rows('tblmodulequeue', 'service_id', $serviceId);
        $state['calls'] = self::rows('host_calls', 'serviceid', $serviceId);
        return $state;
    }

    /**
     * @return list<object>
     */
    private static function rows(string $table, string $column, int $id): array
    {
        $query = Capsule::table($table);
        return ($id > 0 ? $query->where($column, $id) : $query)->get()->all();
    }
}
