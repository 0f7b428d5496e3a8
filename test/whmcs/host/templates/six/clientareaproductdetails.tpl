{* A service in the client area, in the structure and class names of the theme six. Like the theme it escapes nothing. *}
<!doctype html>
<html lang="en">
<head>
  <meta charset="{$charset}">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>Product Details - {$companyname}</title>
  {if $css}<link rel="stylesheet" href="{$css}">{/if}
  {literal}<style>
    body { background: #fff; color: #333; font-family: "Open Sans", "DejaVu Sans", sans-serif; }
    #header { background: #f8f8f8; border-bottom: 1px solid #ddd; padding: 14px 0; margin-bottom: 20px; }
    .product-status { border-radius: 4px; color: #fff; padding: 20px; text-align: center; margin-bottom: 20px; }
    .product-status-active { background: #5cb85c; } .product-status-pending { background: #d9534f; } .product-status-suspended { background: #f0ad4e; }
    .module-client-area { padding: 15px; }
  </style>{/literal}
</head>
<body data-phone-cc-input="1">
<section id="header"><div class="container"><strong>{$companyname}</strong></div></section>
<section id="main-body"><div class="container"><div class="row">
  <div class="col-md-9 pull-md-right"><div class="header-lined"><h1>Product Details</h1></div></div>
  <div class="col-md-3 pull-md-left sidebar">
    <div menuItemName="Service Details Overview" class="panel panel-sidebar panel-sidebar">
      <div class="panel-heading"><h3 class="panel-title">Overview</h3></div>
      <div class="list-group list-group-tab-nav"><a menuItemName="Information" href="#tabOverview" class="list-group-item active" data-toggle="tab">Information</a></div>
    </div>
  </div>
  <div class="col-md-9 pull-md-right main-content">
    {if $modulecustombuttonresult eq 'success'}<div class="alert alert-success text-center" id="alertModuleCustomButtonSuccess">Action Completed Successfully!</div>
    {elseif $modulecustombuttonresult}<div class="alert alert-danger text-center" id="alertModuleCustomButtonFailed">Action Failed - {$modulecustombuttonresult}</div>{/if}
    <div class="tab-content margin-bottom">
      <div class="tab-pane fade in active" id="tabOverview">
      {if $tplOverviewTabOutput}
        {$tplOverviewTabOutput}
      {else}
        <div class="product-details clearfix"><div class="row">
          <div class="col-md-6"><div class="product-status product-status-{$rawstatus}">
            <div class="product-icon text-center"><span class="fa-stack fa-lg"><i class="fas fa-circle fa-stack-2x"></i><i class="fas fa-server fa-stack-1x fa-inverse"></i></span><h3>{$product}</h3><h4>{$groupname}</h4></div>
            <div class="product-status-text" id="status">{$status}</div>
          </div></div>
          <div class="col-md-6 text-center">
            <h4>Registration Date</h4>{$regdate}
            <h4>Recurring Amount</h4>{$recurringamount}
            <h4>Billing Cycle</h4>{$billingcycle}
            <h4>Next Due Date</h4>{$nextduedate}
            {if $suspendreason}<h4>Suspension Reason</h4><span id="suspendreason">{$suspendreason}</span>{/if}
          </div>
        </div></div>
        {foreach $hookOutput as $html}<div>{$html}</div>{/foreach}
        {if $domain || $moduleclientarea || $configurableoptions}
        <div class="row clearfix"><div class="col-xs-12"><ul class="nav nav-tabs nav-tabs-overflow">
          {if $domain}<li class="active"><a href="#domain" data-toggle="tab"><i class="fas fa-globe fa-fw"></i> Server Information</a></li>
          {elseif $moduleclientarea}<li class="active"><a href="#manage" data-toggle="tab"><i class="fas fa-globe fa-fw"></i> Manage</a></li>{/if}
          {if $configurableoptions}<li><a href="#configoptions" data-toggle="tab"><i class="fas fa-cubes fa-fw"></i> Configurable Options</a></li>{/if}
        </ul></div></div>
        <div class="tab-content product-details-tab-container">
          {if $domain}
          <div class="tab-pane fade in active text-center" id="domain">
            <div class="row"><div class="col-sm-5 text-right"><strong>Hostname</strong></div><div class="col-sm-7 text-left">{$domain}</div></div>
            {if $dedicatedip}<div class="row"><div class="col-sm-5 text-right"><strong>Primary IP</strong></div><div class="col-sm-7 text-left">{$dedicatedip}</div></div>{/if}
            {if $assignedips}<div class="row"><div class="col-sm-5 text-right"><strong>Assigned IPs</strong></div><div class="col-sm-7 text-left">{$assignedips|nl2br}</div></div>{/if}
            {if $ns1 || $ns2}<div class="row"><div class="col-sm-5 text-right"><strong>Nameservers</strong></div><div class="col-sm-7 text-left">{$ns1}<br>{$ns2}</div></div>{/if}
            {if $moduleclientarea}<div class="text-center module-client-area">{$moduleclientarea}</div>{/if}
          </div>
          {elseif $moduleclientarea}
          <div class="tab-pane fade in active text-center" id="manage"><div class="text-center module-client-area">{$moduleclientarea}</div></div>
          {/if}
          {if $configurableoptions}
          <div class="tab-pane fade" id="configoptions">{foreach $configurableoptions as $name => $value}<div class="row"><div class="col-sm-5"><strong>{$name}</strong></div><div class="col-sm-7 text-left">{$value}</div></div>{/foreach}</div>
          {/if}
        </div>
        {/if}
      {/if}
      </div>
    </div>
  </div>
</div></div></section>
</body>
</html>
