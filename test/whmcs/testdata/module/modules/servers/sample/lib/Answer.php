<?php

declare(strict_types=1);

namespace WHMCS\Module\Server\Sample;

/**
 * What the sample module says.
 */
final class Answer
{
    /**
     * @param array<string, mixed> $params
     */
    public static function to(array $params): string
    {
        return str_starts_with((string) ($params['domain'] ?? ''), 'fail') ? 'It failed' : 'success';
    }
}
