<?php

declare(strict_types=1);

namespace WHMCS\Module\Server\Metalease\Module;

defined('WHMCS') || die();

/**
 * The version of this tree.
 */
final class Version
{
    public const NUMBER = '0.0.0-dev';
}
