<?php

declare(strict_types=1);

namespace WHMCS\Product;

use Illuminate\Database\Eloquent\Model;

/**
 * A row of tblproducts.
 */
class Product extends Model
{
    public $timestamps = false;
    protected $table = 'tblproducts';

    /**
     * The name of the server module.
     */
    public function getModuleAttribute(): string
    {
        return (string) $this->servertype;
    }
}
