<?php

declare(strict_types=1);

namespace WHMCS\Module\Server\Metalease\Module;

defined('WHMCS') || die();

/**
 * What the module does not do, in one sentence that names the fix. It holds no secret.
 */
final class Refusal extends \RuntimeException
{
    public function __construct(string $message)
    {
        parent::__construct(Text::plain($message));
    }
}
