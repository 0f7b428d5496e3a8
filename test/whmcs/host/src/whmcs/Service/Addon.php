<?php

declare(strict_types=1);

namespace WHMCS\Service;

use Illuminate\Database\Eloquent\Model;

/**
 * A row of tblhostingaddons.
 */
class Addon extends Model
{
    public $timestamps = false;
    protected $table = 'tblhostingaddons';
}
