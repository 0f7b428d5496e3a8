<?php

declare(strict_types=1);

namespace Host\Api;

use Host\Api;
use Host\ApiOrder;
use Host\Clients;
use Host\SignOn;
use WHMCS\Database\Capsule;

/**
 * Actions of an external shop (docs/whmcs-api.md 1.5 and 5).
 */
final class Shop
{
    /** Field without which there is no client => what WHMCS says then. */
    private const NEEDED = [
        'firstname' => 'You did not enter your first name', 'lastname' => 'You did not enter your last name',
        'email' => 'You did not enter your email address', 'address1' => 'You did not enter your address line 1',
        'city' => 'You did not enter your city', 'state' => 'You did not enter your state', 'postcode' => 'You did not enter your postcode',
        'country' => 'Valid country required', 'phonenumber' => 'You did not enter your phone number', 'password2' => 'The Password field is required.',
    ];

    /**
     * AddClient: an address that is taken is refused.
     *
     * @param array<string, mixed> $post
     * @return array<string, mixed>
     */
    public static function addClient(array $post): array
    {
        foreach (self::NEEDED as $name => $says) {
            if ((string) ($post[$name] ?? '') === '') {
                return Api::error($says);
            }
        }
        if (!str_contains((string) $post['email'], '@')) {
            return Api::error('The email address you entered was not valid');
        }
        if (strlen((string) $post['country']) !== 2) {
            return Api::error('Valid country required');
        }
        if (Capsule::table('tblclients')->where('email', $post['email'])->exists()) {
            return Api::error('A user already exists with that email address');
        }
        $fields = ['firstname', 'lastname', 'companyname', 'email', 'address1', 'address2', 'city', 'state', 'postcode', 'country', 'phonenumber', 'language', 'notes'];
        $client = array_map('strval', array_intersect_key($post, array_flip($fields)));
        return Api::success(['clientid' => Clients::add($client + ['password' => encrypt((string) $post['password2']), 'currency' => (int) ($post['currency'] ?? 0) ?: 1])]);
    }

    /**
     * UpdateClient: status and notes; what is empty stays.
     *
     * @param array<string, mixed> $post
     * @return array<string, mixed>
     */
    public static function updateClient(array $post): array
    {
        $id = (int) ($post['clientid'] ?? 0);
        if (!Capsule::table('tblclients')->where('id', $id)->exists()) {
            return Api::error('Client ID Not Found');
        }
        $columns = array_filter(array_map('strval', array_intersect_key($post, ['status' => 0, 'notes' => 0])), static fn (string $text) => $text !== '');
        if ($columns !== []) {
            Capsule::table('tblclients')->where('id', $id)->update($columns);
        }
        return Api::success(['clientid' => $id]);
    }

    /**
     * DeleteClient, with all that is theirs.
     *
     * @param array<string, mixed> $post
     * @return array<string, mixed>
     */
    public static function deleteClient(array $post): array
    {
        $id = (int) ($post['clientid'] ?? 0);
        if (Capsule::table('tblclients')->where('id', $id)->delete() === 0) {
            return Api::error('Client ID Not Found');
        }
        foreach (['tblhosting', 'tblorders', 'tblinvoices'] as $table) {
            Capsule::table($table)->where('userid', $id)->delete();
        }
        return Api::success(['clientid' => $id]);
    }

    /**
     * AddOrder.
     *
     * @param array<string, mixed> $post
     * @return array<string, mixed>
     */
    public static function addOrder(array $post): array
    {
        $client = Capsule::table('tblclients')->where('id', (int) ($post['clientid'] ?? 0))->first();
        if ($client === null) {
            return Api::error('Client ID Not Found');
        }
        if ($client->status === 'Closed') {
            return Api::error('Unable to add order when client status is Closed');
        }
        $methods = Capsule::table('tblpaymentgateways')->where('setting', 'name')->orderBy('id')->pluck('gateway')->all();
        if (!in_array($post['paymentmethod'] ?? '', $methods, true)) {
            return Api::error('Invalid Payment Method. Valid options include ' . implode(',', $methods));
        }
        foreach (ApiOrder::ARRAYS as $name) {
            if (isset($post[$name]) && !is_array($post[$name])) {
                return Api::error("Expecting parameter '$name' to be an array");
            }
        }
        $placed = ApiOrder::place($client, $post);
        return $placed === null ? Api::error('No items added to cart so order cannot proceed') : Api::success($placed);
    }

    /**
     * GetCurrencies.
     *
     * @param array<string, mixed> $post
     * @return array<string, mixed>
     */
    public static function currencies(array $post): array
    {
        $rows = Capsule::table('tblcurrencies')->orderBy('id')->get()->map(static fn (object $c) => [
            'id' => (string) $c->id, 'code' => $c->code, 'prefix' => $c->prefix, 'suffix' => $c->suffix, 'format' => '1', 'rate' => '1.00000',
        ])->all();
        return Api::success(['totalresults' => (string) count($rows), 'currencies' => ['currency' => $rows]]);
    }

    /**
     * GetPaymentMethods: those that are switched on.
     *
     * @param array<string, mixed> $post
     * @return array<string, mixed>
     */
    public static function methods(array $post): array
    {
        $rows = Capsule::table('tblpaymentgateways')->where('setting', 'name')->orderBy('id')->get()
            ->map(static fn (object $g) => ['module' => $g->gateway, 'displayname' => $g->value])->all();
        return Api::success(['totalresults' => count($rows), 'paymentmethods' => ['paymentmethod' => $rows]]);
    }

    /**
     * GetPromotions.
     *
     * @param array<string, mixed> $post
     * @return array<string, mixed>
     */
    public static function promotions(array $post): array
    {
        $query = Capsule::table('tblpromotions')->orderBy('id');
        if (($post['code'] ?? '') !== '') {
            $query->where('code', $post['code']);
        }
        $rows = $query->get()->map(static fn (object $p) => [
            'id' => $p->id, 'code' => $p->code, 'type' => $p->type, 'recurring' => 0, 'value' => $p->value, 'cycles' => '', 'appliesto' => '',
            'requires' => '', 'requiresexisting' => 0, 'startdate' => $p->startdate, 'expirationdate' => $p->expirationdate, 'maxuses' => $p->maxuses,
            'uses' => $p->uses, 'newsignups' => 0, 'existingclient' => 0, 'onceperclient' => 0,
        ])->all();
        return Api::success(['totalresults' => count($rows), 'promotions' => ['promotion' => $rows]]);
    }

    /**
     * CreateSsoToken.
     *
     * @param array<string, mixed> $post
     * @return array<string, mixed>
     */
    public static function signOn(array $post): array
    {
        if (($post['client_id'] ?? '') === '') {
            return Api::error('A valid client_id or user_id is required');
        }
        $client = Capsule::table('tblclients')->where('id', (int) $post['client_id'])->first();
        if ($client === null) {
            return Api::error('Invalid client_id');
        }
        $path = SignOn::path((string) ($post['destination'] ?? ''), $post);
        if ($path === null) {
            return Api::error('Invalid destination');
        }
        if (!$client->allow_sso || $client->status === 'Closed') {
            return Api::error("SSO authentication blocked for client {$client->id}");
        }
        return Api::success(SignOn::token((int) $client->id, $path));
    }
}
