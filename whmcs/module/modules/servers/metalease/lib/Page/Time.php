<?php

declare(strict_types=1);

namespace WHMCS\Module\Server\Metalease\Page;

defined('WHMCS') || die();

/**
 * Moments and lengths of time in words for staff, and rounded for the words of Language.
 */
final class Time
{
    /**
     * @param \DateTimeImmutable $now  the moment at which the page is made
     * @param \DateTimeZone      $zone the time zone of WHMCS
     */
    public function __construct(private \DateTimeImmutable $now, private \DateTimeZone $zone)
    {
    }

    /**
     * The present, in the time zone that WHMCS has set.
     */
    public static function now(): self
    {
        return new self(new \DateTimeImmutable(), new \DateTimeZone(date_default_timezone_get()));
    }

    /**
     * Seconds from a moment until now; below 0 when it lies ahead.
     */
    public function passed(\DateTimeImmutable $since): int
    {
        return $this->now->getTimestamp() - $since->getTimestamp();
    }

    /**
     * Whether a moment lies ahead.
     */
    public function ahead(\DateTimeImmutable $moment): bool
    {
        return $moment > $this->now;
    }

    /**
     * For staff: a time of today, or a date and a time.
     */
    public function clock(\DateTimeImmutable $moment): string
    {
        $moment = $moment->setTimezone($this->zone);
        $today = $this->now->setTimezone($this->zone)->format('Y-m-d');
        return $moment->format($moment->format('Y-m-d') === $today ? 'H:i:s' : 'Y-m-d H:i');
    }

    /**
     * A moment on the clocks of WHMCS.
     */
    public function local(\DateTimeImmutable $moment): \DateTimeImmutable
    {
        return $moment->setTimezone($this->zone);
    }

    /**
     * The name of the time zone.
     */
    public function zone(): string
    {
        return $this->zone->getName();
    }

    /**
     * For staff: a length of time, such as 58s, 6m24s, 2d23h.
     */
    public static function length(int $seconds): string
    {
        $seconds = max($seconds, 0);
        [$minutes, $hours] = [intdiv($seconds, 60), intdiv($seconds, 3600)];
        return match (true) {
            $seconds < 60 => $seconds . 's',
            $seconds < 3600 && $seconds % 60 === 0 => $minutes . 'm',
            $seconds < 3600 => sprintf('%dm%02ds', $minutes, $seconds % 60),
            $seconds < 172800 => sprintf('%dh%02dm', $hours, $minutes % 60),
            default => sprintf('%dd%02dh', intdiv($hours, 24), $hours % 24),
        };
    }

    /**
     * For staff: a length of time in round words.
     */
    public static function about(int $seconds): string
    {
        [$count, $unit] = self::rounded($seconds);
        return "$count $unit" . ($count === 1 ? '' : 's');
    }

    /**
     * A length of time in minutes (rounded up), or in hours or days (rounded down).
     *
     * @return array{0: int, 1: string} how many, and of what: minute, hour or day
     */
    public static function rounded(int $seconds): array
    {
        return match (true) {
            $seconds >= 172800 => [intdiv($seconds, 86400), 'day'],
            $seconds >= 7200 => [intdiv($seconds, 3600), 'hour'],
            default => [max(1, (int) ceil($seconds / 60)), 'minute'],
        };
    }
}
