<?php

declare(strict_types=1);

namespace WHMCS\User;

use Illuminate\Database\Eloquent\Model;

/**
 * A row of tblclients.
 */
class Client extends Model
{
    public $timestamps = false;
    protected $table = 'tblclients';
}
