<?php

declare(strict_types=1);

namespace WHMCS\Module\Server\Metalease\Gateway;

use WHMCS\Module\Server\Metalease\Module\Text;

defined('WHMCS') || die();

/**
 * The status of a service as pages read it: the gateway's answer, of which any
 * field may be missing or of another type. Paths are written with dots: "server.ip".
 */
final class Status
{
    /**
     * @param array<mixed> $body the answer of GET /v1/services/{id}
     */
    public function __construct(private array $body)
    {
    }

    /**
     * A text without control characters; empty when there is none.
     */
    public function text(string $path): string
    {
        return Text::clean($this->value($path));
    }

    /**
     * A list of texts.
     *
     * @return list<string>
     */
    public function texts(string $path): array
    {
        $value = $this->value($path);
        return is_array($value) ? array_values(array_filter(array_map([Text::class, 'clean'], $value), 'strlen')) : [];
    }

    /**
     * The texts of an object by their names, as they are: what opens a door must not be changed.
     *
     * @return array<string, string>
     */
    public function map(string $path): array
    {
        $value = $this->value($path);
        return is_array($value) ? array_map(strval(...), array_filter($value, is_scalar(...))) : [];
    }

    /**
     * A whole number; 0 when there is none.
     */
    public function number(string $path): int
    {
        $value = $this->value($path);
        return is_numeric($value) ? (int) $value : 0;
    }

    /**
     * Whether something is true.
     */
    public function is(string $path): bool
    {
        return $this->value($path) === true;
    }

    /**
     * A moment; null when there is none. Go's zero time is none.
     */
    public function time(string $path): ?\DateTimeImmutable
    {
        $text = $this->text($path);
        if (preg_match('/^\d{4}-\d\d-\d\dT/', $text) !== 1 || str_starts_with($text, '0001-')) {
            return null;
        }
        try {
            return new \DateTimeImmutable($text);
        } catch (\Exception) {
            return null;
        }
    }

    /**
     * Seconds of a duration such as "12m0s" or 720; 0 when there is none.
     */
    public function seconds(string $path): int
    {
        $value = $this->value($path);
        if (is_int($value) || is_float($value)) {
            return (int) $value;
        }
        preg_match_all('/(\d+(?:\.\d+)?)(d|h|ms|m|s)/', Text::clean($value), $parts, PREG_SET_ORDER);
        $units = ['d' => 86400, 'h' => 3600, 'm' => 60, 's' => 1, 'ms' => 0.001];
        $seconds = static fn (array $part): float => (float) $part[1] * $units[$part[2]];
        return (int) array_sum(array_map($seconds, $parts));
    }

    /**
     * The objects of a list.
     *
     * @return list<self>
     */
    public function each(string $path): array
    {
        $value = $this->value($path);
        $objects = is_array($value) ? array_filter($value, 'is_array') : [];
        return array_values(array_map(static fn (array $object): self => new self($object), $objects));
    }

    /**
     * Whether there is an object at the path.
     */
    public function has(string $path): bool
    {
        $value = $this->value($path);
        return is_array($value) && $value !== [];
    }

    /**
     * Whether the service does not have its server yet.
     */
    public function building(): bool
    {
        return !$this->is('closed') && in_array($this->text('phase'), ['pending', 'waiting', 'attention'], true);
    }

    /**
     * Whether the lifecycle ended without a release: nobody looks after the service.
     */
    public function abandoned(): bool
    {
        return $this->is('closed') && $this->text('phase') !== 'released';
    }

    /**
     * The value at a path, null when there is none.
     */
    private function value(string $path): mixed
    {
        $value = $this->body;
        foreach (explode('.', $path) as $key) {
            if (!is_array($value) || !array_key_exists($key, $value)) {
                return null;
            }
            $value = $value[$key];
        }
        return $value;
    }
}
