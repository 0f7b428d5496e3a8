<?php

declare(strict_types=1);

namespace Host;

use WHMCS\Database\Capsule;
use WHMCS\Service\Service;

/**
 * What tests ask of this WHMCS: JSON to POST /_host/NAME, and GET /_host/state.
 */
final class Control
{
    /**
     * Answers a call; what it cannot do is 400 with the reason.
     */
    public static function serve(string $name): void
    {
        header('Content-Type: application/json');
        try {
            $body = (array) json_decode((string) file_get_contents('php://input') ?: '{}', true, 64, JSON_THROW_ON_ERROR);
            $answer = self::run($name, $body);
        } catch (\Throwable $fault) {
            http_response_code($fault instanceof \InvalidArgumentException ? 400 : 500);
            $answer = ['error' => get_class($fault) . ': ' . $fault->getMessage() . ' at ' . $fault->getFile() . ':' . $fault->getLine()];
        }
        echo json_encode($answer, JSON_THROW_ON_ERROR | JSON_PARTIAL_OUTPUT_ON_ERROR);
    }

    /**
     * @param array<string, mixed> $in
     */
    private static function run(string $name, array $in): mixed
    {
        if (in_array($name, ['button', 'save'], true)) {
            define('ADMINAREA', true);
        }
        return match ($name) {
            'state' => State::read((int) ($in['serviceid'] ?? 0)),
            'client' => ['id' => Clients::add($in)],
            'server' => Catalogue::addServer($in),
            'product' => ['id' => Catalogue::addProduct($in)],
            'order' => Checkout::place($in),
            'order/action' => self::order((int) $in['orderid'], (string) $in['action']),
            'invoice' => ['invoiceid' => self::invoice((int) $in['serviceid'])],
            'pay' => self::done(Invoices::pay(...), (int) $in['invoiceid']),
            'refund' => self::done(Invoices::refund(...), (int) $in['invoiceid']),
            'cancel-request' => Api::run('AddCancelRequest', $in),
            'cron' => self::done(Cron::run(...), (bool) ($in['daily'] ?? false)),
            'button' => ['result' => ModuleAction::run((int) $in['serviceid'], (string) $in['action'], $in['params'] ?? [], (bool) ($in['queue'] ?? false))],
            'save' => self::done(AdminPage::save(...), (int) $in['serviceid'], $in['request'] ?? []),
            'edit' => self::edit((string) $in['table'], (int) $in['id'], (array) $in['columns']),
            'insert' => ['ok' => Capsule::table((string) $in['table'])->insert((array) $in['rows'])],
            'next' => self::next((string) $in['table'], (int) $in['id']),
            'delete' => self::done(Orders::deleteService(...), (int) $in['serviceid']),
            'queue/retry' => ['result' => Queue::retry((int) $in['id'])],
            'call' => self::call($in),
            'hook' => ['results' => Hooks::run((string) $in['point'], $in['vars'] ?? []), 'points' => Hooks::points()],
            'setting' => self::done(Setting::set(...), (string) $in['name'], (string) $in['value']),
            'way' => self::done(Ways::set(...), (string) $in['name'], (string) $in['value']),
            'ways' => ['names' => Ways::NAMES],
            'login' => self::login($in),
            default => throw new \InvalidArgumentException("there is no $name"),
        };
    }

    /**
     * Runs what has no answer of its own.
     *
     * @return array{ok: bool}
     */
    private static function done(callable $run, mixed ...$arguments): array
    {
        $run(...$arguments);
        return ['ok' => true];
    }

    /**
     * @return array<string, mixed>
     */
    private static function order(int $id, string $action): array
    {
        $failures = match ($action) {
            'accept' => Orders::accept($id),
            'cancel' => self::done(Orders::mark(...), $id, 'Cancelled'),
            'fraud' => self::done(Orders::mark(...), $id, 'Fraud'),
            'pending' => self::done(Orders::mark(...), $id, 'Pending'),
            'cancel-refund' => self::done(Orders::cancelAndRefund(...), $id),
            'insert' => ['ok' => Capsule::table((string) $in['table'])->insert((array) $in['rows'])],
            'next' => self::next((string) $in['table'], (int) $in['id']),
            'delete' => self::done(Orders::delete(...), $id),
            default => throw new \InvalidArgumentException("there is no action $action"),
        };
        return ['failures' => $action === 'accept' ? $failures : []];
    }

    /**
     * A renewal invoice.
     */
    private static function invoice(int $serviceId): int
    {
        return Invoices::add((int) Capsule::table('tblhosting')->where('id', $serviceId)->value('userid'), [$serviceId]);
    }

    /**
     * Staff edit a row. A password is given in clear.
     *
     * @param array<string, mixed> $columns
     * @return array{ok: bool}
     */
    private static function edit(string $table, int $id, array $columns): array
    {
        if (isset($columns['password'])) {
            $columns['password'] = encrypt((string) $columns['password']);
        }
        if (!Capsule::table($table)->where('id', $id)->exists()) {
            throw new \InvalidArgumentException("$table has no row $id");
        }
        Capsule::table($table)->where('id', $id)->update($columns); // the count of MySQL leaves out rows that have these values
        if ($table === 'tblhosting') {
            $client = (int) Capsule::table($table)->where('id', $id)->value('userid');
            Hooks::run('ServiceEdit', ['userid' => $client, 'serviceid' => $id]);
            Hooks::run('AdminServiceEdit', ['userid' => $client, 'serviceid' => $id]);
        }
        return ['ok' => true];
    }

    /**
     * The next row of a table gets this number.
     *
     * @return array{ok: bool}
     */
    private static function next(string $table, int $id): array
    {
        return ['ok' => Capsule::connection()->unprepared(sprintf('ALTER TABLE `%s` AUTO_INCREMENT = %d', $table, $id))];
    }

    /**
     * Calls a function of a module: with the params of a service or a server entry,
     * or with exactly those given.
     *
     * @param array<string, mixed> $in module, function, serviceid or serverid, params
     * @return array{there: bool, result: mixed}
     */
    private static function call(array $in): array
    {
        $params = [];
        if (isset($in['serviceid'])) {
            $params = Params::of(Service::query()->findOrFail((int) $in['serviceid']));
        } elseif (isset($in['serverid'])) {
            $params = Params::server((int) $in['serverid']);
        }
        $module = new ServerModule((string) ($in['module'] ?? 'metalease'));
        $there = $module->has((string) $in['function']);
        return ['there' => $there, 'result' => $there ? $module->call((string) $in['function'], array_merge($params, $in['params'] ?? [])) : null];
    }

    /**
     * Logs a client or an administrator in; the answer sets the session cookie.
     *
     * @param array<string, mixed> $in client or admin
     * @return array{token: string}
     */
    private static function login(array $in): array
    {
        unset($_SESSION['uid'], $_SESSION['adminid']);
        if (isset($in['client'])) {
            $_SESSION['uid'] = (int) $in['client'];
        }
        if (isset($in['admin'])) {
            $_SESSION['adminid'] = (int) $in['admin'];
        }
        return ['token' => Token::value()];
    }
}
