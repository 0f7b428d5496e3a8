<?php

declare(strict_types=1);

namespace Host\Api;

use Host\Api;
use Host\ModuleAction;

/**
 * Actions that run a function of the server module, as the buttons do.
 */
final class Modules
{
    /**
     * ModuleCreate.
     *
     * @param array<string, mixed> $post
     * @return array<string, mixed>
     */
    public static function create(array $post): array
    {
        return self::run($post, 'create');
    }

    /**
     * ModuleSuspend.
     *
     * @param array<string, mixed> $post
     * @return array<string, mixed>
     */
    public static function suspend(array $post): array
    {
        return self::run($post, 'suspend', ['suspendreason' => (string) ($post['suspendreason'] ?? '')]);
    }

    /**
     * ModuleUnsuspend.
     *
     * @param array<string, mixed> $post
     * @return array<string, mixed>
     */
    public static function unsuspend(array $post): array
    {
        return self::run($post, 'unsuspend');
    }

    /**
     * ModuleTerminate.
     *
     * @param array<string, mixed> $post
     * @return array<string, mixed>
     */
    public static function terminate(array $post): array
    {
        return self::run($post, 'terminate');
    }

    /**
     * ModuleChangePw.
     *
     * @param array<string, mixed> $post
     * @return array<string, mixed>
     */
    public static function changePassword(array $post): array
    {
        return self::run($post, 'changepassword', ['password' => (string) ($post['servicepassword'] ?? '')]);
    }

    /**
     * ModuleChangePackage.
     *
     * @param array<string, mixed> $post
     * @return array<string, mixed>
     */
    public static function changePackage(array $post): array
    {
        return self::run($post, 'changepackage');
    }

    /**
     * ModuleCustom.
     *
     * @param array<string, mixed> $post
     * @return array<string, mixed>
     */
    public static function custom(array $post): array
    {
        return self::run($post, (string) ($post['func_name'] ?? ''));
    }

    /**
     * @param array<string, mixed> $post
     * @param array<string, mixed> $more further params
     * @return array<string, mixed>
     */
    private static function run(array $post, string $action, array $more = []): array
    {
        if ((int) ($post['serviceid'] ?? 0) === 0) {
            return Api::error('Service ID is required');
        }
        $result = ModuleAction::run((int) $post['serviceid'], $action, $more);
        return $result === 'success' ? Api::success() : Api::error($result);
    }
}
