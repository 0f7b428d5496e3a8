<?php

declare(strict_types=1);

namespace Host\Api;

use Host\Activity;
use Host\Api;
use Host\Clock;
use Host\Mail;
use WHMCS\Database\Capsule;

/**
 * Actions that tell somebody something (docs/whmcs-api.md 1.6).
 */
final class Messages
{
    /**
     * LogActivity.
     *
     * @param array<string, mixed> $post
     * @return array<string, mixed>
     */
    public static function log(array $post): array
    {
        Activity::add((string) ($post['description'] ?? ''), (int) ($post['clientid'] ?? 0));
        return Api::success();
    }

    /**
     * OpenTicket.
     *
     * @param array<string, mixed> $post
     * @return array<string, mixed>
     */
    public static function open(array $post): array
    {
        if (!Capsule::table('tblticketdepartments')->where('id', (int) ($post['deptid'] ?? 0))->exists()) {
            return Api::error('Department ID not found');
        }
        if (($post['subject'] ?? '') === '' || ($post['message'] ?? '') === '') {
            return Api::error('Subject and Message Required');
        }
        $mask = strtoupper(bin2hex(random_bytes(3)));
        $id = Capsule::table('tbltickets')->insertGetId([
            'tid' => $mask, 'did' => (int) $post['deptid'], 'userid' => (int) ($post['clientid'] ?? 0), 'service' => (string) ($post['serviceid'] ?? ''),
            'title' => (string) $post['subject'], 'message' => (string) $post['message'], 'urgency' => (string) ($post['priority'] ?? 'Medium'), 'date' => Clock::now(),
        ]);
        return Api::success(['id' => $id, 'tid' => $mask, 'c' => bin2hex(random_bytes(4))]);
    }

    /**
     * AddTicketReply.
     *
     * @param array<string, mixed> $post
     * @return array<string, mixed>
     */
    public static function reply(array $post): array
    {
        if (!Capsule::table('tbltickets')->where('id', (int) ($post['ticketid'] ?? 0))->exists()) {
            return Api::error('Ticket ID Not Found');
        }
        Capsule::table('tblticketreplies')->insert([
            'tid' => (int) $post['ticketid'], 'admin' => (string) ($post['adminusername'] ?? ''), 'message' => (string) ($post['message'] ?? ''), 'date' => Clock::now(),
        ]);
        return Api::success();
    }

    /**
     * SendEmail, about services only.
     *
     * @param array<string, mixed> $post
     * @return array<string, mixed>
     */
    public static function mail(array $post): array
    {
        $template = (string) ($post['messagename'] ?? '');
        if (!Capsule::table('tblemailtemplates')->where('name', $template)->exists()) {
            return Api::error('Email Template not found');
        }
        return Mail::send($template, (int) ($post['id'] ?? 0)) ? Api::success() : Api::error('Sending Failed. Please see documentation.');
    }

    /**
     * TriggerNotificationEvent.
     *
     * @param array<string, mixed> $post
     * @return array<string, mixed>
     */
    public static function notify(array $post): array
    {
        foreach (['notification_identifier', 'title', 'message'] as $name) {
            if ((string) ($post[$name] ?? '') === '') {
                return Api::error("$name is required");
            }
        }
        Capsule::table('host_notifications')->insert([
            'date' => Clock::now(), 'identifier' => $post['notification_identifier'], 'title' => $post['title'], 'message' => $post['message'],
            'url' => $post['url'] ?? '', 'status' => $post['status'] ?? '', 'style' => $post['statusStyle'] ?? '',
            'attributes' => (string) json_encode($post['attributes'] ?? []),
        ]);
        return Api::success();
    }
}
