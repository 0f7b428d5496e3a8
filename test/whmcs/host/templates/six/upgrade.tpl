{* The upgrade of a service, in the structure of the theme six. Like the theme it escapes nothing. *}
<!doctype html>
<html lang="en">
<head><meta charset="{$charset}"><title>Upgrade/Downgrade - {$companyname}</title></head>
<body>
{if $upgradenotavailable}
  <div class="alert alert-warning text-center">{if $errormessage}{$errormessage}{else}This service cannot be upgraded{/if}</div>
{else}
  {if $errormessage}<div class="alert alert-danger"><ul>{$errormessage}</ul></div>{/if}
  <form method="post" action="upgrade.php">
    <input type="hidden" name="token" value="{$token}"><input type="hidden" name="step" value="2"><input type="hidden" name="type" value="{$type}"><input type="hidden" name="id" value="{$id}">
    {if $type eq "package"}
      {foreach $upgradepackages as $package}<label><input type="radio" name="pid" value="{$package.pid}">{$package.name}</label>{/foreach}
    {else}
      {foreach $configoptions as $option}
      <label>{$option.optionname}
        {if $option.optiontype eq 4}<input type="text" name="configoption[{$option.id}]" value="{$option.selectedqty}">
        {elseif $option.optiontype eq 3}<input type="checkbox" name="configoption[{$option.id}]" value="1"{if $option.selectedqty} checked{/if}>
        {else}<select name="configoption[{$option.id}]">{foreach $option.options as $choice}<option value="{$choice.id}"{if $choice.selected} selected{/if}>{$choice.nameonly}</option>{/foreach}</select>{/if}
      </label>
      {/foreach}
    {/if}
    <input type="submit" value="Continue" class="btn btn-primary">
  </form>
{/if}
</body>
</html>
