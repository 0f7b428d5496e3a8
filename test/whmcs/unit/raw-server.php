<?php

/**
 * A server that says the same to everybody, whatever they say. Prints its port; argument: what it says, in base64.
 */

declare(strict_types=1);

$server = stream_socket_server('tcp://127.0.0.1:0');
echo substr((string) strrchr((string) stream_socket_get_name($server, false), ':'), 1), "\n";
while (($client = @stream_socket_accept($server, 60)) !== false) {
    fread($client, 8192);
    fwrite($client, (string) base64_decode($argv[1]));
    fclose($client);
}
