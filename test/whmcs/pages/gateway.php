<?php

/**
 * Answers as a gateway does, from the file that GATEWAY_ANSWER names: {"status": 200, "body": {...}}. The path that
 * was asked for is written beside it. Run by PHP's own web server.
 */

declare(strict_types=1);

$file = (string) getenv('GATEWAY_ANSWER');
file_put_contents($file . '.asked', $_SERVER['REQUEST_METHOD'] . ' ' . $_SERVER['REQUEST_URI']);
$answer = json_decode((string) file_get_contents($file), true, 64, JSON_THROW_ON_ERROR);
http_response_code($answer['status']);
header('Content-Type: application/json');
echo is_string($answer['body']) ? $answer['body'] : json_encode($answer['body'], JSON_THROW_ON_ERROR);
