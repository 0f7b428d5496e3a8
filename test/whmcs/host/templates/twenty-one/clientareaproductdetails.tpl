{* A service in the client area, in the structure and class names of the theme twenty-one. Like the theme it escapes nothing. *}
<!doctype html>
<html lang="en">
<head>
  <meta charset="{$charset}">
  <meta name="viewport" content="width=device-width, initial-scale=1, shrink-to-fit=no">
  <title>Manage Product - {$companyname}</title>
  {if $css}<link rel="stylesheet" href="{$css}">{/if}
  {literal}<style>
    body { background: #f8f9fa; color: #626262; font-family: "Open Sans", "DejaVu Sans", sans-serif; }
    .header { background: #fff; border-bottom: 1px solid #ddd; padding: 14px 0; margin-bottom: 24px; color: #2a3f54; }
    .card { border-radius: .25rem; margin-bottom: 1rem; }
    .product-status { border-radius: .25rem; color: #fff; padding: 22px; text-align: center; }
    .product-status-active { background: #46a546; } .product-status-pending { background: #f89406; } .product-status-suspended { background: #0768b8; }
    .product-details-tab-container { padding: 1rem; } h3 { font-size: 1.3rem; } h4 { font-size: 1rem; }
  </style>{/literal}
</head>
<body class="primary-bg-color" data-phone-cc-input="1">
<header id="header" class="header"><div class="container"><strong>{$companyname}</strong></div></header>
<section id="main-body"><div class="container"><div class="row">
  <div class="col-lg-4 col-xl-3"><div class="sidebar">
    <div menuItemName="Service Details Overview" class="mb-3 card card-sidebar">
      <div class="card-header"><h3 class="card-title m-0">Overview</h3></div>
      <div class="collapsable-card-body"><div class="list-group list-group-flush d-md-flex" role="tablist"><a menuItemName="Information" href="#tabOverview" class="list-group-item list-group-item-action active" data-toggle="list" role="tab">Information</a></div></div>
    </div>
  </div></div>
  <div class="col-12 col-lg-8 col-xl-9 primary-content">
    {if $modulecustombuttonresult eq 'success'}<div class="alert alert-success text-center" id="alertModuleCustomButtonSuccess">Action Completed Successfully!</div>
    {elseif $modulecustombuttonresult}<div class="alert alert-danger text-center" id="alertModuleCustomButtonFailed">Action Failed - {$modulecustombuttonresult}</div>{/if}
    <div class="tab-content">
      <div class="tab-pane fade show active" role="tabpanel" id="tabOverview">
      {if $tplOverviewTabOutput}
        {$tplOverviewTabOutput}
      {else}
        <div class="card"><div class="card-body"><div class="product-details"><div class="row justify-content-center">
          <div class="col-md-6"><div class="product-status product-status-{$rawstatus} mb-3">
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
        </div></div></div></div>
        {foreach $hookOutput as $html}<div>{$html}</div>{/foreach}
        {if $domain || $moduleclientarea || $configurableoptions}
        <ul class="nav nav-tabs responsive-tabs-sm" role="tablist">
          {if $domain}<li class="nav-item"><a href="#domain" data-toggle="tab" role="tab" class="nav-link active"><i class="fas fa-globe fa-fw"></i> Server Information</a></li>
          {elseif $moduleclientarea}<li class="nav-item"><a href="#manage" data-toggle="tab" role="tab" class="nav-link active"><i class="fas fa-globe fa-fw"></i> Manage</a></li>{/if}
          {if $configurableoptions}<li class="nav-item"><a href="#configoptions" data-toggle="tab" role="tab" class="nav-link"><i class="fas fa-cubes fa-fw"></i> Configurable Options</a></li>{/if}
        </ul>
        <div class="responsive-tabs-sm-connector"><div class="channel"></div><div class="bottom-border"></div></div>
        <div class="tab-content bg-white product-details-tab-container">
          {if $domain}
          <div class="tab-pane fade show active text-center" role="tabpanel" id="domain">
            <div class="row"><div class="col-sm-5 text-right"><strong>Hostname</strong></div><div class="col-sm-7 text-left">{$domain}</div></div>
            {if $dedicatedip}<div class="row"><div class="col-sm-5 text-right"><strong>Primary IP</strong></div><div class="col-sm-7 text-left">{$dedicatedip}</div></div>{/if}
            {if $assignedips}<div class="row"><div class="col-sm-5 text-right"><strong>Assigned IPs</strong></div><div class="col-sm-7 text-left">{$assignedips|nl2br}</div></div>{/if}
            {if $ns1 || $ns2}<div class="row"><div class="col-sm-5 text-right"><strong>Nameservers</strong></div><div class="col-sm-7 text-left">{$ns1}<br>{$ns2}</div></div>{/if}
            {if $moduleclientarea}<div class="text-center module-client-area">{$moduleclientarea}</div>{/if}
          </div>
          {elseif $moduleclientarea}
          <div class="tab-pane fade show active text-center" role="tabpanel" id="manage"><div class="text-center module-client-area">{$moduleclientarea}</div></div>
          {/if}
          {if $configurableoptions}
          <div class="tab-pane fade" role="tabpanel" id="configoptions">{foreach $configurableoptions as $name => $value}<div class="row"><div class="col-sm-5"><strong>{$name}</strong></div><div class="col-sm-7 text-left">{$value}</div></div>{/foreach}</div>
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
