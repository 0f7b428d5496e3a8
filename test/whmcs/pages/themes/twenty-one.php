<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>Manage Product</title>
  <link rel="stylesheet" href="<?= htmlspecialchars($css) ?>">
  <style>
    body { background: #f8f9fa; color: #626262; font-family: "Open Sans", "DejaVu Sans", sans-serif; }
    .site { background: #fff; border-bottom: 1px solid #ddd; padding: 14px 0; margin-bottom: 24px; color: #2a3f54; }
    .card { border-radius: .25rem; margin-bottom: 1rem; }
    .product-status { border-radius: .25rem; color: #fff; padding: 22px; text-align: center; }
    .product-status-active { background: #46a546; } .product-status-pending { background: #f89406; } .product-status-suspended { background: #0768b8; }
    h3 { font-size: 1.3rem; } h4 { font-size: 1rem; }
  </style>
</head>
<body>
<header class="site"><div class="container"><strong>Example Hosting</strong></div></header>
<section id="main-body"><div class="container"><div class="row">
  <div class="col-lg-4 col-xl-3 d-none d-lg-block"><div class="card"><div class="card-header">Overview</div><div class="list-group list-group-flush"><span class="list-group-item active">Information</span><span class="list-group-item">Request Cancellation</span></div></div></div>
  <div class="col-12 col-lg-8 col-xl-9 primary-content">
    <h3 class="mb-3">Manage Product</h3>
    <div class="product-details"><div class="row">
      <div class="col-md-6"><div class="product-status product-status-<?= strtolower($shown) ?> mb-3"><h4 class="mb-0">Dedicated Server E3-16G</h4><small><?= $shown ?></small></div></div>
      <div class="col-md-6 text-center"><h4>Registration Date</h4>05/01/2026<h4 class="mt-2">Recurring Amount</h4>$59.00 USD</div>
    </div></div>
    <ul class="nav nav-tabs responsive-tabs-sm"><li class="nav-item"><a class="nav-link active" href="#manage">Manage</a></li></ul>
    <div class="tab-content bg-white product-details-tab-container"><div class="tab-pane fade show active p-3 text-center" role="tabpanel" id="manage">
      <div class="text-center module-client-area"><?= $output ?></div>
    </div></div>
  </div>
</div></div></section>
</body>
</html>
