<?php

declare(strict_types=1);

namespace WHMCS\Module\Server\Metalease\Running;

defined('WHMCS') || die();

/**
 * Why a customer's click does nothing: a key of the language files, with its words.
 */
final class Refused extends \RuntimeException
{
    /**
     * @param string                     $key   of the text
     * @param array<string, string|int>  $words in it
     */
    public function __construct(public readonly string $key, public readonly array $words = [])
    {
        parent::__construct($key);
    }
}
