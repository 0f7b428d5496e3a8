<?php

declare(strict_types=1);

namespace WHMCS\Authentication;

use WHMCS\User\Client;

/**
 * Who is logged in, by the session.
 */
class CurrentUser
{
    /**
     * The client who is logged in; null for a guest.
     */
    public function client(): ?Client
    {
        return Client::query()->find((int) ($_SESSION['uid'] ?? 0));
    }

    /**
     * The person who is logged in: here, each client is one person.
     */
    public function user(): ?Client
    {
        return $this->client();
    }

    /**
     * Whether an administrator is logged in.
     */
    public function isAuthenticatedAdmin(): bool
    {
        return (int) ($_SESSION['adminid'] ?? 0) > 0;
    }

    /**
     * Whether a client is logged in.
     */
    public function isAuthenticatedUser(): bool
    {
        return $this->client() !== null;
    }
}
