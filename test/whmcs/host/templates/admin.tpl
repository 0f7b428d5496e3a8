<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>{$product|escape} - Admin - {$companyname|escape}</title>
</head>
<body>
  <h1>Service {$service.id}: {$product|escape}</h1>
  {if $said}<div class="infobox" id="said">{$said|escape}</div>{/if}
  <form method="post" action="/admin/clientsservices.php?userid={$service.userid}&amp;id={$service.id}" id="frm1">
    <input type="hidden" name="token" value="{$token}">
    <table class="form">
      <tr><td class="fieldlabel">Status</td><td class="fieldarea" id="status">{$service.domainstatus|escape}</td></tr>
      <tr><td class="fieldlabel">Dedicated IP</td><td class="fieldarea">{$service.dedicatedip|escape}</td></tr>
      {foreach $fields as $label => $html}
      <tr><td class="fieldlabel">{$label|escape}</td><td class="fieldarea">{$html}</td></tr>
      {/foreach}
    </table>
    <p><button type="submit">Save Changes</button></p>
  </form>
  <div id="modcmdbtns">
    {foreach $buttons as $action => $label}
    <form method="post" style="display:inline"><input type="hidden" name="token" value="{$token}"><input type="hidden" name="modop" value="{$action}"><button type="submit">{$label|escape}</button></form>
    {/foreach}
    {foreach $custom as $label => $function}
    <form method="post" style="display:inline"><input type="hidden" name="token" value="{$token}"><input type="hidden" name="modop" value="custom"><input type="hidden" name="ac" value="{$function|escape}"><button type="submit">{$label|escape}</button></form>
    {/foreach}
  </div>
</body>
</html>
