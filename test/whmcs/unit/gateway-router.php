<?php

/**
 * The fake gateway's one page. The signature is computed here once more, from the words of the contract.
 */

declare(strict_types=1);

$folder = (string) getenv('FAKE_FOLDER');
$body = (string) file_get_contents('php://input');
$system = $_SERVER['HTTP_X_METALEASE_SYSTEM'] ?? '';
$caller = [$_SERVER['HTTP_X_METALEASE_INSTALLATION'] ?? '', ...($system === '' ? [] : [$system])];
$signed = implode("\n", [...$caller, $_SERVER['HTTP_X_METALEASE_TIMESTAMP'] ?? '', $_SERVER['REQUEST_METHOD'], $_SERVER['REQUEST_URI'], $body]);
$wanted = 'v1=' . hash_hmac('sha256', $signed, (string) getenv('FAKE_SECRET'));

[$path, $query] = explode('?', $_SERVER['REQUEST_URI'] . '?');
$call = $_SERVER['REQUEST_METHOD'] . ' ' . $path;
file_put_contents($folder . '/calls.jsonl', json_encode(['call' => $call, 'query' => $query, 'body' => json_decode($body, true), 'raw' => $body, 'system' => $system, 'signed' => (int) ($_SERVER['HTTP_X_METALEASE_TIMESTAMP'] ?? 0)]) . "\n", FILE_APPEND);

if (!hash_equals($wanted, $_SERVER['HTTP_X_METALEASE_SIGNATURE'] ?? '')) {
    [$status, $answer] = [401, ['type' => '/problems/wrong-signature', 'title' => 'The signature was refused', 'status' => 401]];
} elseif ($_SERVER['HTTP_X_METALEASE_INSTALLATION'] !== getenv('FAKE_INSTALLATION')) {
    [$status, $answer] = [403, ['type' => '/problems/wrong-installation', 'title' => 'The signature was refused', 'status' => 403]];
} else {
    $replies = json_decode((string) file_get_contents($folder . '/replies.json'), true);
    $key = isset($replies[$call]) ? $call : '*';
    $reply = $replies[$key] ?? [404, ['type' => '/problems/' . (preg_match('~^\w+ /v1/services/\d+(/\w+)?$~', $call) ? 'unknown-service' : 'unknown-path'), 'title' => 'There is no such thing', 'status' => 404]];
    if (is_array($reply[0])) {
        $next = array_shift($reply);
        if ($reply !== []) {
            file_put_contents($folder . '/replies.json', json_encode([$key => $reply] + $replies));
        }
        $reply = $next;
    }
    [$status, $answer] = $reply;
    usleep((int) (1e6 * ($reply[2] ?? 0)));
}
http_response_code($status);
header('Content-Type: application/json');
header('X-Metalease-Version: 9.8.7');
echo is_string($answer) ? $answer : json_encode($answer);
