<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>Manage Product</title>
  <link rel="stylesheet" href="<?= htmlspecialchars($css) ?>">
  <style>
    body { background: #fff; color: #333; font-family: "Open Sans", "DejaVu Sans", sans-serif; }
    .site { background: #f8f8f8; border-bottom: 1px solid #ddd; padding: 14px 0; margin-bottom: 20px; }
    .product-status { border-radius: 4px; color: #fff; padding: 20px; text-align: center; margin-bottom: 20px; }
    .product-status-active { background: #5cb85c; } .product-status-pending { background: #d9534f; } .product-status-suspended { background: #f0ad4e; }
    .module-client-area { padding: 15px; }
  </style>
</head>
<body>
<header class="site"><div class="container"><strong>Example Hosting</strong></div></header>
<section id="main-body"><div class="container"><div class="row">
  <div class="col-md-3 hidden-xs hidden-sm"><div class="panel panel-sidebar panel-default"><div class="panel-heading">Overview</div><div class="list-group"><span class="list-group-item active">Information</span><span class="list-group-item">Request Cancellation</span></div></div></div>
  <div class="col-md-9 main-content">
    <div class="header-lined"><h1>Product Details</h1></div>
    <div class="product-details clearfix"><div class="row">
      <div class="col-md-6"><div class="product-status product-status-<?= strtolower($shown) ?>"><h4>Dedicated Server E3-16G</h4><?= $shown ?></div></div>
      <div class="col-md-6 text-center"><h4>Registration Date</h4>05/01/2026<h4>Recurring Amount</h4>$59.00 USD</div>
    </div></div>
    <ul class="nav nav-tabs"><li class="active"><a href="#manage">Manage</a></li></ul>
    <div class="tab-content product-details-tab-container"><div class="tab-pane fade in active text-center" id="manage">
      <div class="text-center module-client-area"><?= $output ?></div>
    </div></div>
  </div>
</div></div></section>
</body>
</html>
