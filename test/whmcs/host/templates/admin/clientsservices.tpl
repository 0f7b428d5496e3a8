{* A service in the admin area, in the structure of the theme blend: one form with a table of fields, and the module's buttons in it. What modules
   say and give is shown as it is: nobody knows whether WHMCS escapes it. *}
<!doctype html>
<html lang="en">
<head>
  <meta charset="{$charset}">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>WHMCS - Clients Profile - Products/Services</title>
  {if $css}<link rel="stylesheet" href="{$css}">{/if}
  {literal}<style>
    body { background: #fff; color: #333; font: 13px/1.5 "Open Sans", "DejaVu Sans", sans-serif; padding: 14px; }
    h1 { font-size: 22px; margin: 0 0 12px; color: #1a4d80; font-weight: 400; }
    table.form { border-collapse: separate; border-spacing: 3px; width: 100%; }
    td.fieldlabel { background: #f2f3f5; text-align: right; padding: 5px 8px; width: 15%; vertical-align: top; }
    td.fieldarea { background: #fafafa; padding: 5px 8px; vertical-align: top; }
    .input-150 { width: 150px; display: inline-block; height: 28px; padding: 3px 8px; font-size: 12px; }
    #modcmdbtns .btn { margin: 0 2px 4px 0; padding: 4px 10px; font-size: 12px; }
  </style>{/literal}
</head>
<body class="admin-page" data-phone-cc-input="1">
<div id="contentarea">
  <h1>Clients Profile</h1>
  <div class="tab-content admin-tabs"><div class="tab-pane active" id="profileContent">
  {if $said eq 'success'}<div class="successbox"><strong><span class="title">Module Command Success</span></strong><br>The command was completed.</div>
  {elseif $said}<div class="errorbox" id="said"><strong><span class="title">Module Command Error</span></strong><br>{$said}</div>{/if}
  <form method="post" action="/admin/clientsservices.php?userid={$service.userid}&amp;id={$service.id}" name="frm1" id="frm1">
    <input type="hidden" name="token" value="{$token}">
    <div id="servicecontent">
    <table class="form" width="100%" border="0" cellspacing="2" cellpadding="3">
      <tr><td class="fieldlabel" width="20%">Order #</td><td class="fieldarea">{$service.orderid}</td><td class="fieldlabel">Registration Date</td><td class="fieldarea">{$service.regdate}</td></tr>
      <tr><td class="fieldlabel">Product/Service</td><td class="fieldarea">{$product}</td><td class="fieldlabel">Recurring Amount</td><td class="fieldarea">{$service.amount}</td></tr>
      <tr><td class="fieldlabel">Hostname</td><td class="fieldarea"><input type="text" name="domain" value="{$service.domain|escape}" class="form-control input-300"></td><td class="fieldlabel">Next Due Date</td><td class="fieldarea">{$service.nextduedate}</td></tr>
      <tr><td class="fieldlabel">Dedicated IP</td><td class="fieldarea"><input type="text" name="dedicatedip" value="{$service.dedicatedip|escape}" class="form-control input-200"></td><td class="fieldlabel">Status</td><td class="fieldarea"><span id="status">{$service.domainstatus}</span></td></tr>
      <tr><td class="fieldlabel">Assigned IPs</td><td class="fieldarea" colspan="3"><textarea name="assignedips" rows="3" class="form-control">{$service.assignedips|escape}</textarea></td></tr>
      <tr><td class="fieldlabel">Module Commands</td><td class="fieldarea" colspan="3"><div id="modcmdbtns">
        {foreach $buttons as $action => $label}<button type="button" class="btn btn-default" id="btn{$label}" onclick="runModuleCommand('{$action}')">{$label}</button>
        {/foreach}{foreach $custom as $label => $function}<button type="button" class="btn btn-default" id="btn{$function}" onclick="runModuleCommand('custom','{$function}')">{$label}</button>
        {/foreach}
      </div></td></tr>
      {foreach $fields as $label => $html}<tr><td class="fieldlabel">{$label}</td><td class="fieldarea" colspan="3">{$html}</td></tr>
      {/foreach}
    </table>
    </div>
    <div class="btn-container"><input type="submit" value="Save Changes" class="btn btn-primary"> <input type="reset" value="Cancel Changes" class="btn btn-default"></div>
  </form>
  </div></div>
</div>
{literal}<script>var ran = []; function runModuleCommand(command, name) { ran.push(name || command); }</script>{/literal}
</body>
</html>
