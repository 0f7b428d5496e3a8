<?php

declare(strict_types=1);

namespace Host;

/**
 * The actions of the WHMCS API, for localAPI and includes/api.php alike.
 */
final class Api
{
    private const ACTIONS = [
        'GetClientsProducts' => [Api\Services::class, 'read'], 'UpdateClientProduct' => [Api\Services::class, 'update'],
        'GetModuleQueue' => [Api\Services::class, 'queue'], 'AddCancelRequest' => [Api\Services::class, 'cancel'],
        'ModuleCreate' => [Api\Modules::class, 'create'], 'ModuleSuspend' => [Api\Modules::class, 'suspend'],
        'ModuleUnsuspend' => [Api\Modules::class, 'unsuspend'], 'ModuleTerminate' => [Api\Modules::class, 'terminate'],
        'ModuleChangePw' => [Api\Modules::class, 'changePassword'], 'ModuleChangePackage' => [Api\Modules::class, 'changePackage'],
        'ModuleCustom' => [Api\Modules::class, 'custom'],
        'GetOrders' => [Api\Orders::class, 'read'], 'AcceptOrder' => [Api\Orders::class, 'accept'], 'CancelOrder' => [Api\Orders::class, 'cancel'],
        'AddClient' => [Api\Shop::class, 'addClient'], 'AddOrder' => [Api\Shop::class, 'addOrder'], 'GetCurrencies' => [Api\Shop::class, 'currencies'],
        'GetPaymentMethods' => [Api\Shop::class, 'methods'], 'GetPromotions' => [Api\Shop::class, 'promotions'], 'CreateSsoToken' => [Api\Shop::class, 'signOn'],
        'UpdateClient' => [Api\Shop::class, 'updateClient'], 'DeleteClient' => [Api\Shop::class, 'deleteClient'],
        'PendingOrder' => [Api\Orders::class, 'reopen'], 'DeleteOrder' => [Api\Orders::class, 'delete'], 'UpdateInvoice' => [Api\Orders::class, 'updateInvoice'],
        'FraudOrder' => [Api\Orders::class, 'fraud'], 'GetInvoice' => [Api\Orders::class, 'invoice'],
        'GetClientsDetails' => [Api\Catalogue::class, 'client'], 'GetProducts' => [Api\Catalogue::class, 'products'],
        'GetServers' => [Api\Catalogue::class, 'servers'], 'GetConfigurationValue' => [Api\Catalogue::class, 'setting'], 'WhmcsDetails' => [Api\Catalogue::class, 'version'],
        'EncryptPassword' => [Api\Catalogue::class, 'encrypt'], 'DecryptPassword' => [Api\Catalogue::class, 'decrypt'],
        'LogActivity' => [Api\Messages::class, 'log'], 'OpenTicket' => [Api\Messages::class, 'open'], 'AddTicketReply' => [Api\Messages::class, 'reply'],
        'SendEmail' => [Api\Messages::class, 'mail'], 'TriggerNotificationEvent' => [Api\Messages::class, 'notify'],
    ];

    /**
     * Runs an action.
     *
     * @param array<string, mixed> $post
     * @return array<string, mixed>
     */
    public static function run(string $action, array $post): array
    {
        $run = self::ACTIONS[$action] ?? null;
        return $run === null ? self::error("Invalid API Action: \"$action\" is not a valid API action") : $run($post);
    }

    /**
     * Answers includes/api.php: business errors with 200, refused credentials with
     * 403 (docs/whmcs-api.md 1.2).
     */
    public static function serve(): void
    {
        $identifier = (string) ($_POST['identifier'] ?? $_POST['username'] ?? '');
        $secret = (string) ($_POST['secret'] ?? $_POST['password'] ?? '');
        $action = (string) ($_POST['action'] ?? '');
        if (!hash_equals(Setting::get('ApiIdentifier'), $identifier) || !hash_equals(Setting::get('ApiSecret'), $secret)) {
            http_response_code((int) (Ways::get('refused-status') ?: 403));
            $answer = self::error('Authentication Failed');
        } elseif ($action === '') {
            http_response_code(400);
            $answer = self::error('Empty action request');
        } else {
            $answer = self::run($action, $_POST);
        }
        header('Content-Type: application/json');
        echo json_encode($answer, JSON_THROW_ON_ERROR);
    }

    /**
     * A refusal.
     *
     * @return array{result: string, message: string}
     */
    public static function error(string $message): array
    {
        return ['result' => 'error', 'message' => $message];
    }

    /**
     * An answer.
     *
     * @param array<string, mixed> $more
     * @return array<string, mixed>
     */
    public static function success(array $more = []): array
    {
        return ['result' => 'success'] + $more;
    }

    /**
     * The page of rows that limitstart and limitnum ask for, and what it holds.
     *
     * @param list<mixed>          $rows
     * @param array<string, mixed> $post
     * @return array{0: list<mixed>, 1: array<string, int>}
     */
    public static function page(array $rows, array $post): array
    {
        $start = max(0, (int) ($post['limitstart'] ?? 0));
        $page = array_slice($rows, $start, (int) ($post['limitnum'] ?? 0) ?: 25);
        return [$page, ['totalresults' => count($rows), 'startnumber' => $start, 'numreturned' => count($page)]];
    }
}
