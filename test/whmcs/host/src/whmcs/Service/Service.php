<?php

declare(strict_types=1);

namespace WHMCS\Service;

use Illuminate\Database\Eloquent\Model;
use Illuminate\Database\Eloquent\Relations\BelongsTo;

/**
 * A row of tblhosting under the names of WHMCS's model (docs/whmcs-api.md 6).
 */
class Service extends Model
{
    public $timestamps = false;
    protected $table = 'tblhosting';
    protected $guarded = [];

    /** Names of the model that are other columns. */
    private const COLUMNS = [
        'clientId' => 'userid', 'orderId' => 'orderid', 'productId' => 'packageid', 'serverId' => 'server', 'registrationDate' => 'regdate',
        'paymentGateway' => 'paymentmethod', 'status' => 'domainstatus', 'promotionId' => 'promoid', 'nextDueDate' => 'nextduedate',
        'overrideAutoSuspend' => 'overideautosuspend', 'overrideSuspendUntilDate' => 'overidesuspenduntil', 'bandwidthUsage' => 'bwusage',
        'dedicatedIp' => 'dedicatedip', 'assignedIps' => 'assignedips', 'suspendReason' => 'suspendreason', 'billingCycle' => 'billingcycle',
    ];

    /**
     * {@inheritDoc}
     */
    public function getAttribute($key)
    {
        return parent::getAttribute(self::COLUMNS[$key] ?? $key);
    }

    /**
     * {@inheritDoc}
     */
    public function setAttribute($key, $value)
    {
        return parent::setAttribute(self::COLUMNS[$key] ?? $key, $value);
    }

    /**
     * The service properties that a module may save and read.
     */
    public function getServicePropertiesAttribute(): Properties
    {
        return new Properties($this);
    }

    /**
     * The client who owns the service.
     */
    public function client(): BelongsTo
    {
        return $this->belongsTo(\WHMCS\User\Client::class, 'userid');
    }

    /**
     * What was ordered.
     */
    public function product(): BelongsTo
    {
        return $this->belongsTo(\WHMCS\Product\Product::class, 'packageid');
    }
}
