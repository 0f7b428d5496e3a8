<?php

/**
 * What clients read, in German. See english.php.
 */

defined('WHMCS') || die('This file cannot be accessed directly');

return [
    'locale' => 'de',
    'days' => '{n} Tag|{n} Tage',
    'hours' => '{n} Stunde|{n} Stunden',
    'minutes' => '{n} Minute|{n} Minuten',
    'date' => '{day}. {month} {year}, {time} Uhr {zone}',
    'months' => 'Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember',

    // Before the set-up.
    'unpaid_headline' => 'Ihre Bestellung wird vorbereitet',
    'unpaid_text' => 'Die Einrichtung Ihres Servers beginnt, sobald Ihre Bestellung bestätigt und bezahlt ist.',
    'dropped_headline' => 'Diese Bestellung wurde beendet',
    'dropped_text' => 'Für sie wird kein Server eingerichtet. Falls Sie das nicht erwartet haben, wenden Sie sich bitte an unseren Support.',

    // The set-up.
    'building_headline' => 'Ihr Server wird eingerichtet',
    'building_text' => 'Das läuft von selbst. Sie können diese Seite schließen; wir schreiben Ihnen eine E-Mail, wenn der Server bereit ist.',
    'waiting_headline' => 'Ihre Bestellung steht in der Warteschlange',
    'waiting_why' => 'Alle Server dieser Art sind zurzeit vergeben. Bestellungen werden in der Reihenfolge ihrer Bezahlung bedient.',
    'waiting_text' => 'Die Einrichtung beginnt von selbst, sobald ein Server frei ist, und wir schreiben Ihnen eine E-Mail, wenn er bereit ist. Sie müssen nichts tun.',
    'delayed_headline' => 'Die Einrichtung dauert länger als üblich',
    'delayed_text' => 'Unser Team weiß davon und kümmert sich darum. Ihre Bestellung ist sicher, und Sie müssen nichts tun.',
    'stopped_name' => 'Der bestellte Hostname „{name}“ kann nicht der Name eines Servers sein.',
    'stopped_choice' => 'Eine Auswahl in Ihrer Bestellung muss von unserem Team geprüft werden.',
    'step_account' => 'Ihr Konto wird vorbereitet',
    'step_claim' => 'Ihr Server wird ausgewählt',
    'step_addresses' => 'IP-Adressen werden zugeteilt',
    'step_power' => 'Der Server wird eingeschaltet',
    'step_install' => 'Das Betriebssystem wird installiert',
    'step_hand-over' => 'Letzte Prüfungen',
    'step_done' => 'erledigt',
    'step_now' => 'jetzt',
    'progress_label' => 'Einrichtung Ihres Servers',
    'progress_percent' => '{percent} Prozent',
    'progress_value' => '{percent} Prozent, meist bereit innerhalb von: {time}',
    'progress_within' => 'Meist bereit innerhalb von: {time}',
    'progress_longer' => 'Das dauert etwas länger als üblich',
    'refreshes' => 'Diese Seite aktualisiert sich von selbst.',
    'refresh' => 'Aktualisieren',

    // A server that the client has.
    'active_headline' => 'Ihr Server ist bereit',
    'almost_headline' => 'Ihr Server ist fast bereit',
    'almost_text' => 'Das Betriebssystem wird noch installiert. Danach können Sie sich anmelden.',
    'almost_late' => 'Die Installation dauert länger als üblich. Unser Team weiß davon und kümmert sich darum.',
    'hostname' => 'Hostname',
    'main_ip' => 'Haupt-IP-Adresse',
    'extra_ips' => 'Weitere Adressen',
    'plain_headline' => 'Ihr Server',
    'plain_text' => 'Weitere Einzelheiten Ihres Servers gibt es hier nicht. Wenn Sie sie brauchen, fragen Sie bitte unseren Support.',

    // A server that is blocked.
    'blocked_headline' => 'Ihr Server ist gesperrt',
    'blocked_unpaid' => 'Der Dienst wurde bis zum Fälligkeitstag nicht bezahlt.',
    'blocked_reason' => 'Er wurde von unserem Team gesperrt. Grund: {reason}',
    'blocked_staff' => 'Er wurde von unserem Team gesperrt.',
    'blocked_kept' => 'Was auf dem Server ist, bleibt erhalten. Bitte wenden Sie sich an unseren Support.',
    'kept_until' => 'Der Server wird für Sie aufbewahrt bis {date}.',
    'kept_left' => 'Verbleibende Zeit: {time}.',
    'kept_pay' => 'Wenn Sie die offene Rechnung rechtzeitig bezahlen, ist der Server von selbst wieder verfügbar.',
    'kept_pay_and_ask' => 'Bitte bezahlen Sie die offene Rechnung rechtzeitig, und wenden Sie sich wegen des anderen Grundes an unseren Support.',
    'kept_else' => 'Wird sie nicht bezahlt, wird der Server zurückgegeben, und alles darauf ist verloren.',
    'kept_for_now' => 'Was auf dem Server ist, bleibt vorerst erhalten. Bitte bezahlen Sie die offene Rechnung, oder wenden Sie sich an unseren Support.',
    'kept_over' => 'Die Zahlungsfrist ist abgelaufen. Wenn Sie den Server behalten möchten, wenden Sie sich bitte sofort an unseren Support.',
    'paid_headline' => 'Ihre Zahlung ist eingegangen',
    'paid_text' => 'Der Server wird wieder verfügbar gemacht. Das läuft von selbst und dauert einige Minuten.',

    // The end.
    'releasing_headline' => 'Dieser Dienst endet gerade',
    'releasing_text' => 'Ihr Server wird zurückgenommen.',
    'released_headline' => 'Dieser Dienst ist beendet',
    'released_text' => 'Der Server gehört nicht mehr Ihnen, und was darauf war, kann nicht wiederhergestellt werden.',
    'none_text' => 'Für diesen Dienst gibt es keinen Server mehr.',

    // Elsewhere.
    'unreachable_headline' => 'Die Einzelheiten können gerade nicht angezeigt werden',
    'unreachable_text' => 'Ihr Dienst ist davon nicht betroffen. Bitte sehen Sie in einigen Minuten noch einmal nach.',
    'cart_hostname' => '„{name}“ ist kein Hostname. Bitte geben Sie einen vollständigen an, zum Beispiel server1.example.com.',
    'cart_latin' => 'Er kann nur die Buchstaben a bis z, Ziffern und Bindestriche enthalten.',
    'no_upgrade' => 'Ein dedizierter Server kann nicht in einen anderen umgewandelt werden. Bitte bestellen Sie einen neuen Dienst.',
];
