<?php

/**
 * A TLS server that says {} to everybody. Prints its port; argument: a file with certificate and key.
 */

declare(strict_types=1);

$context = stream_context_create(['ssl' => ['local_cert' => $argv[1]]]);
$server = stream_socket_server('tcp://127.0.0.1:0', $code, $text, STREAM_SERVER_BIND | STREAM_SERVER_LISTEN, $context);
echo substr((string) strrchr((string) stream_socket_get_name($server, false), ':'), 1), "\n";
while (true) {
    $client = @stream_socket_accept($server, 60);
    if ($client === false) {
        exit(1);
    }
    if (@stream_socket_enable_crypto($client, true, STREAM_CRYPTO_METHOD_TLS_SERVER) === true) {
        fread($client, 8192);
        fwrite($client, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}");
    }
    fclose($client);
}
