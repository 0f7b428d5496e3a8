<?php

declare(strict_types=1);

namespace WHMCS\Module\Server\Metalease\Gateway;

defined('WHMCS') || die();

/**
 * An answer of the gateway: JSON, or a problem as RFC 9457 has it.
 */
final class Reply
{
    /**
     * @param int                  $status  HTTP status
     * @param array<string, mixed> $body    the JSON object
     * @param int                  $date    the gateway's clock, in unix seconds; 0 when it did not tell
     * @param string               $version of the gateway; empty when it did not tell
     */
    public function __construct(
        public int $status,
        public array $body,
        public int $date = 0,
        public string $version = ''
    ) {
    }

    /**
     * Whether the gateway did what it was asked, or took it.
     */
    public function ok(): bool
    {
        return $this->status >= 200 && $this->status < 300;
    }

    /**
     * Whether the answer is this problem; slugs are stable, such as unknown-service.
     */
    public function is(string $slug): bool
    {
        return !$this->ok() && ($this->body['type'] ?? '') === '/problems/' . $slug;
    }

    /**
     * The problem in the words of a person; empty when there is none.
     */
    public function problem(): string
    {
        if ($this->ok()) {
            return '';
        }
        $parts = array_filter([$this->text('title'), $this->text('detail'), $this->fields()]);
        return implode(': ', $parts) ?: 'metalease answered with HTTP status ' . $this->status;
    }

    /**
     * The fields that were wrong, and why.
     */
    private function fields(): string
    {
        $faults = [];
        foreach ((array) ($this->body['errors'] ?? []) as $fault) {
            if (is_array($fault)) {
                $faults[] = ($fault['field'] ?? '') . ' ' . ($fault['reason'] ?? '');
            }
        }
        return implode('; ', $faults);
    }

    /**
     * A text of the body, without a full stop.
     */
    private function text(string $key): string
    {
        $value = $this->body[$key] ?? '';
        return is_string($value) ? rtrim($value, '.') : '';
    }
}
