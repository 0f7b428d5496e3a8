package whmcs_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

// stocked and emptied are products whose stock metalease knows; the panel has nothing of the second one's package.
const (
	stocked = 900
	emptied = 901
)

// catalogue is the part of the configuration that says so.
const catalogue = `
catalogue: {public: true}
products:
  - {product: 901, panel: demo, package: NO-SUCH-PACKAGE}
  - {product: 900, panel: demo, package: E3-16G}
`

// WHMCS's own cart sells what the panel has, as soon as staff want it so.
func theCartKnowsTheStock(t *testing.T, w *world) {
	for _, id := range []int{stocked, emptied} {
		w.ask(t, "insert", record{"table": "tblproducts", "rows": []record{{"id": id, "gid": 1, "name": fmt.Sprintf("Stock %d", id), "servertype": "metalease", "paytype": "free"}}}, nil)
	}
	w.ask(t, "cron", record{}, nil)
	require.Zero(t, w.available(t, stocked), "there is no stock control unless somebody wants it")

	w.ask(t, "setting", record{"name": "MetaleaseStockSync", "value": fmt.Sprintf("%d,%d", stocked, emptied)}, nil)
	require.True(t, eventually(func() bool {
		w.ask(t, "cron", record{}, nil)
		return w.available(t, stocked) > 0
	}), "the panel has free servers of the package")
	require.LessOrEqual(t, w.available(t, stocked), len(w.panel(t).Servers))
	// In the order of the configuration: the emptied one was written before, by whatever cron run.
	var order placed
	w.ask(t, "order", record{"clientid": w.client(t), "items": []record{{"pid": emptied}}}, &order)
	require.Equal(t, []string{"Out of Stock"}, order.Errors)
}

// available is how many of a product WHMCS's stock control has; 0 without one.
func (h *host) available(t *testing.T, product int) int {
	t.Helper()
	products := h.api(t, "GetProducts", map[string]string{"pid": fmt.Sprint(product)})["products"].(map[string]any)["product"].([]any)
	require.Len(t, products, 1)
	return int(products[0].(map[string]any)["quantity_available"].(float64))
}
