<?php

declare(strict_types=1);

namespace WHMCS\Module\Server\Metalease\Page;

use WHMCS\Module\Server\Metalease\Gateway\Status;

defined('WHMCS') || die();

/**
 * How far an install of a server is that its customer has.
 */
final class Reinstall
{
    /** Seconds that an install may take, where the gateway does not say it. */
    private const USUAL = 720;

    /** What is shown until it has ended. */
    private const MOST = 95;

    /**
     * The progress bar, as at the first install.
     *
     * @return array{percent: int, value: string, left: string, label: string}
     */
    public static function progress(Status $status, Time $time, Language $language): array
    {
        // Until the panel has accepted it, the times are those of the install before.
        $accepted = $status->time('install.accepted_at');
        $since = $status->time('action.since');
        $ours = $accepted !== null && $accepted >= $since;
        $began = $ours ? $accepted : $since;
        $ends = $ours ? $status->time('install.deadline') : null;
        $passed = $began === null ? 0 : max(0, $time->passed($began));
        $takes = $began === null || $ends === null ? self::USUAL
            : max(1, $ends->getTimestamp() - $began->getTimestamp());
        $percent = min(self::MOST, intdiv($passed * 100, $takes));
        $words = ['percent' => $percent, 'time' => $language->about($takes - $passed)];
        $late = $passed >= $takes || $status->has('trouble');
        return [
            'percent' => $percent, 'label' => $language->text('reinstalling_label'),
            'value' => $language->text($late ? 'progress_percent' : 'progress_value', $words),
            'left' => $late ? $language->text('progress_longer') : $language->text('progress_within', $words),
        ];
    }
}
