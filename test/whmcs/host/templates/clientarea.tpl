<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>{$product|escape} - {$companyname|escape}</title>
</head>
<body>
  <header><strong>{$companyname|escape}</strong></header>
  <main class="primary-content">
    <h1>Managing {$product|escape}</h1>
    {if $said && $said neq 'success'}<div class="alert alert-danger">{$said|escape}</div>{/if}
    {if $said eq 'success'}<div class="alert alert-success">Action completed successfully</div>{/if}
    <dl>
      <dt>Status</dt><dd id="status">{$status|escape}</dd>
      <dt>Next Due Date</dt><dd>{$nextduedate|escape}</dd>
    </dl>
    <section id="module-output">
{$output}
    </section>
  </main>
</body>
</html>
