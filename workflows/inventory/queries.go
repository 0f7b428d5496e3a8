package inventory

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"go.temporal.io/sdk/workflow"

	"metalease/activities/panel"
	"metalease/internal/clean"
	"metalease/workflows/api/fleet"
)

// answerQueries serves api.QueryStock and api.QueryPosition.
func (a *allocator) answerQueries() error {
	err := workflow.SetQueryHandlerWithOptions(a.run.Ctx, fleet.QueryStock, func() (fleet.Stock, error) { return a.stock(), nil },
		workflow.QueryHandlerOptions{Description: "Servers per package; null is unknown, which is not zero."})
	if err != nil {
		return err
	}
	return workflow.SetQueryHandlerWithOptions(a.run.Ctx, fleet.QueryPosition, func(service int) (int, error) { return a.position(service), nil },
		workflow.QueryHandlerOptions{Description: "Position of a service in the queue; 1 is next, 0 is not waiting."})
}

func (a *allocator) details() string {
	var b strings.Builder
	if a.trouble != "" {
		fmt.Fprintf(&b, "**Panel %s could not be looked at**: %s. It is asked again; everybody keeps the place in the queue.\n\n", a.in.Panel, clean.Markdown(a.trouble, whyLimit))
	}
	if held := len(a.in.Holds); held > 0 {
		fmt.Fprintf(&b, "Stock is held for %d carts.\n\n", held)
	}
	if len(a.in.Queue) == 0 {
		b.WriteString("Nobody waits for a server of panel " + a.in.Panel + ".")
		return b.String()
	}
	fmt.Fprintf(&b, "%d services wait, first paid, first served:\n", len(a.in.Queue))
	for i, w := range a.in.Queue[:min(len(a.in.Queue), 20)] {
		fmt.Fprintf(&b, "\n%d. service-%d, %s, paid %s", i+1, w.ServiceID, clean.Markdown(w.Package, packageLimit), w.PaidAt.UTC().Format(time.RFC3339))
	}
	return b.String()
}

func (a *allocator) position(service int) int {
	return 1 + slices.IndexFunc(a.in.Queue, func(w waiter) bool { return w.ServiceID == service })
}

// stock is the last look at the panel with the queue as it is now.
func (a *allocator) stock() fleet.Stock {
	stock := a.in.Stock
	stock.Panel = a.in.Panel
	stock.Packages = slices.Clone(stock.Packages)
	for _, w := range a.in.Queue {
		i := slices.IndexFunc(stock.Packages, func(p fleet.PackageStock) bool { return p.Package == w.Package })
		if i < 0 {
			stock.Packages = append(stock.Packages, fleet.PackageStock{Package: w.Package})
			i = len(stock.Packages) - 1
		}
		stock.Packages[i].Waiting++
	}
	for i := range stock.Packages {
		p := &stock.Packages[i]
		if p.Held = a.heldOf(p.Package); p.Free != nil {
			free := max(0, *p.Free-p.Held)
			p.Free = &free
		}
	}
	if len(a.in.Queue) > 0 {
		paid := a.in.Queue[0].PaidAt.Time
		stock.OldestPaidAt = &paid
	}
	if stock.Packages == nil {
		stock.Packages = []fleet.PackageStock{}
	}
	return stock
}

// remember keeps what a look at the panel showed.
func (a *allocator) remember(survey panel.Survey) {
	stock := fleet.Stock{Panel: a.in.Panel, AsOf: &survey.AsOf}
	for _, c := range survey.Stock[:min(len(survey.Stock), keepPackages)] {
		stock.Packages = append(stock.Packages, fleet.PackageStock{
			Package: clean.CutJSON(c.Package, packageLimit), Free: &c.Free, Claimed: &c.Claimed, Quarantined: &c.Quarantined,
		})
	}
	a.in.Stock = stock
}

// count moves one server from free to claimed, under the name that the stock has it by.
func (a *allocator) count(pkg string) {
	for _, p := range a.in.Stock.Packages {
		if p.Package == pkg && *p.Free > 0 {
			*p.Free--
			*p.Claimed++
		}
	}
}
