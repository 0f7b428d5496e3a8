<?php

declare(strict_types=1);

namespace Host;

use WHMCS\Database\Capsule;

/**
 * Clients.
 */
final class Clients
{
    /**
     * A client as GetClientsDetails and $params show it; empty when there is none.
     *
     * @return array<string, mixed>
     */
    public static function details(int $id): array
    {
        $row = Capsule::table('tblclients')->where('id', $id)->first();
        if ($row === null) {
            return [];
        }
        return [
            'client_id' => (int) $row->id, 'userid' => (int) $row->id, 'id' => (int) $row->id, 'uuid' => $row->uuid, 'firstname' => $row->firstname,
            'lastname' => $row->lastname, 'fullname' => trim($row->firstname . ' ' . $row->lastname), 'companyname' => $row->companyname,
            'email' => $row->email, 'address1' => $row->address1, 'address2' => $row->address2, 'city' => $row->city, 'state' => $row->state, 'postcode' => $row->postcode,
            'country' => $row->country, 'countrycode' => $row->country, 'phonenumber' => $row->phonenumber, 'currency' => (int) $row->currency,
            'currency_code' => (string) Capsule::table('tblcurrencies')->where('id', $row->currency)->value('code'), 'language' => $row->language, 'status' => $row->status,
            'credit' => $row->credit, 'allowSingleSignOn' => (int) $row->allow_sso, 'notes' => $row->notes, 'customfields' => [],
        ];
    }

    /**
     * Adds a client.
     *
     * @param array<string, mixed> $fields columns of tblclients
     */
    public static function add(array $fields): int
    {
        return (int) Capsule::table('tblclients')->insertGetId($fields + [
            'firstname' => 'Cara', 'lastname' => 'Client', 'email' => 'client-' . bin2hex(random_bytes(4)) . '@example.com',
            'uuid' => bin2hex(random_bytes(16)), 'datecreated' => Clock::today(),
        ]);
    }
}
