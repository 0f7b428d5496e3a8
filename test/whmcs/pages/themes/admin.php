<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>Clients Profile - Products/Services</title>
  <link rel="stylesheet" href="<?= htmlspecialchars($css) ?>">
  <style>
    body { background: #fff; color: #333; font: 13px/1.5 "Open Sans", "DejaVu Sans", sans-serif; padding: 14px; }
    h1 { font-size: 22px; margin: 0 0 12px; color: #1a4d80; font-weight: 400; }
    table.form { border-collapse: separate; border-spacing: 3px; width: 100%; }
    td.fieldlabel { background: #f2f3f5; text-align: right; padding: 5px 8px; width: 15%; vertical-align: top; }
    td.fieldarea { background: #fafafa; padding: 5px 8px; vertical-align: top; }
    .input-150 { width: 150px; display: inline-block; height: 28px; padding: 3px 8px; font-size: 12px; }
    #modcmdbtns .btn { margin: 0 2px 4px 0; padding: 4px 10px; font-size: 12px; }
  </style>
</head>
<body>
<h1>Products/Services: Dedicated Server E3-16G - s101.example.com</h1>
<form id="frm1">
<table class="form">
  <tr><td class="fieldlabel">Status</td><td class="fieldarea"><?= $shown ?></td></tr>
  <tr><td class="fieldlabel">Module Commands</td><td class="fieldarea"><div id="modcmdbtns">
<?php foreach (['Create', 'Suspend', 'Unsuspend', 'Terminate'] as $label) : ?>
    <button type="button" class="btn btn-default"><?= $label ?></button>
<?php endforeach ?>
<?php foreach (WHMCS\Module\Server\Metalease\Module\Buttons::LABELS as $label => $function) : ?>
    <button type="button" class="btn btn-default" onclick="runModuleCommand('custom','<?= $function ?>')"><?= $label ?></button>
<?php endforeach ?>
  </div></td></tr>
</table>
<?= $output ?>
</form>
<script>var ran = []; function runModuleCommand(command, name) { ran.push(name); }</script>
</body>
</html>
