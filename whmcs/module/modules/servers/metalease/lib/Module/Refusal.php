<?php

declare(strict_types=1);

namespace WHMCS\Module\Server\Metalease\Module;

defined('WHMCS') || die();

/**
 * What the module does not do, in one sentence that names the fix. It holds no secret.
 */
final class Refusal extends \RuntimeException
{
    /**
     * @param string $client key of the words for the customer whose order it stops; empty for none of its own
     */
    public function __construct(string $message, public readonly string $client = '')
    {
        parent::__construct(Text::plain($message));
    }
}
