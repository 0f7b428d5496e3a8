<?php

declare(strict_types=1);

namespace WHMCS\Module\Server\Metalease\Gateway;

use WHMCS\Module\Server\Metalease\Module\Text;

defined('WHMCS') || die();

/**
 * No answer of metalease's gateway. What was asked for may have happened: ask again before doing it again.
 */
final class Unreachable extends \RuntimeException
{
    public function __construct(string $message)
    {
        parent::__construct(Text::plain($message));
    }
}
