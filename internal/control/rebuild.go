package control

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"metalease/activities/drift"
	"metalease/activities/panel"
	"metalease/activities/reconciler"
	"metalease/whmcs"
	"metalease/workflows/api"
)

const (
	// marksTimeout is for one page of marks: fifty records at the pace of a comparison.
	marksTimeout = 5 * time.Minute
	// ordersAtOnce bounds the orders in one answer.
	ordersAtOnce = 100
)

// Rebuilt is what can be rebuilt of the lifecycles from the panels' marks and WHMCS.
type Rebuilt struct {
	drift.Rebuilt
	// Orders are those of the services that are taken up, as WHMCS has them. Unread is why the order of a service cannot be read:
	// what it had beside its server is not known then. A service of another module is in neither, for it never had one.
	Orders map[int]api.Order
	Unread map[int]string
}

// Rebuild reads the marks of panels and what WHMCS has sold, and says which lifecycles can begin
// anew from them, and what a person has to decide. It writes nothing; tell hears how many of a
// panel's records are read. Errors: ErrUnknownPanel, ErrWorkerUnavailable, *[Refused].
func (c *Control) Rebuild(ctx context.Context, panels []string, tell func(panel string, read, all int)) (Rebuilt, error) {
	sold, err := c.sales(ctx, panels[0])
	if err != nil {
		return Rebuilt{}, err
	}
	var views []drift.View
	for _, name := range panels {
		view, err := c.marks(ctx, name, sold, func(read, all int) { tell(name, read, all) })
		if err != nil {
			return Rebuilt{}, fmt.Errorf("panel %s: %w", name, err)
		}
		views = append(views, view)
	}
	// They come last: one that began meanwhile explains a mark that was read before.
	var lives []drift.Life
	for _, name := range c.config.PanelNames() {
		running, err := c.Running(ctx, name)
		if err != nil {
			return Rebuilt{}, err
		}
		lives = append(lives, running...)
	}
	for i := range views {
		views[i].Lives, views[i].Now = lives, time.Now()
	}
	r := Rebuilt{Rebuilt: drift.Rebuild(len(panels) == len(c.config.Panels), views...), Orders: map[int]api.Order{}, Unread: map[int]string{}}
	return r, c.readOrders(ctx, panels[0], &r)
}

func (c *Control) sales(ctx context.Context, panelName string) (drift.View, error) {
	view := drift.View{Installation: c.config.Installation}
	for after := 0; ; {
		page, err := askPanel[reconciler.SalesPage](ctx, c, panelName, "Sales", after, marksTimeout)
		if err != nil {
			return view, err
		}
		view.Services, view.Orders = append(view.Services, page.Services...), append(view.Orders, page.Orders...)
		if !page.More || len(page.Services) == 0 {
			return view, nil
		}
		after = page.Services[len(page.Services)-1].ID
	}
}

// marks reads the servers of a panel, page by page.
func (c *Control) marks(ctx context.Context, panelName string, sold drift.View, tell func(read, all int)) (drift.View, error) {
	view, read := sold, 0
	view.Panel = panelName
	question := reconciler.MarksQuestion{}
	for _, b := range sold.Services {
		if !drift.OurUsername.MatchString(b.Username) && !slices.Contains(question.Names, b.Username) {
			question.Names = append(question.Names, b.Username)
		}
	}
	for first := true; ; first = false {
		page, err := askPanel[reconciler.MarksPage](ctx, c, panelName, "Marks", question, marksTimeout)
		if err != nil {
			return view, err
		}
		if first {
			view.API, view.Home = page.API, drift.Home(page.Only, page.Entries)
		}
		view.Servers, view.Accounts = append(view.Servers, page.Servers...), append(view.Accounts, page.Accounts...)
		read += page.Read
		tell(read, read+page.Left)
		servers, accounts := len(page.Servers), len(page.Accounts)
		if !page.More && !page.MoreAccounts || servers+accounts == 0 {
			return view, nil
		}
		if servers > 0 {
			question.After = page.Servers[servers-1].ID
		}
		if accounts > 0 {
			question.AccountsAfter = page.Accounts[accounts-1].ID
		}
	}
}

// readOrders reads what WHMCS has ordered for those who have a server. An answer may have no room for all that were asked for,
// and says nothing of those of another module.
func (c *Control) readOrders(ctx context.Context, panelName string, r *Rebuilt) error {
	var ids []int
	for _, t := range r.Taken {
		if t.Way == drift.WayServe || t.Way == drift.WayRelease {
			ids = append(ids, t.ID)
		}
	}
	for some := range slices.Chunk(ids, ordersAtOnce) {
		for asked := 0; len(some) > 0 && len(some) != asked; { // all that were asked for are of another module
			asked = len(some)
			sold, err := askPanel[[]whmcs.SoldOrder](ctx, c, panelName, "SoldOrders", some, soldTimeout)
			if err != nil {
				return fmt.Errorf("read the orders from WHMCS: %w", err)
			}
			for _, s := range sold {
				i := slices.Index(some, s.ServiceID)
				if i < 0 {
					continue // of somebody who was not asked about
				}
				some = slices.Delete(some, i, i+1)
				if err := r.keep(s, c.config.PanelNames()); err != nil {
					r.Unread[s.ServiceID] = err.Error()
				}
			}
		}
	}
	return nil
}

// keep takes an order as WHMCS has it.
func (r *Rebuilt) keep(sold whmcs.SoldOrder, panels []string) error {
	if sold.Problem != "" {
		return errors.New(sold.Problem)
	}
	order, err := ReadOrder(sold.Order, panels)
	if err == nil {
		r.Orders[sold.ServiceID] = order
	}
	return err
}

// TakeUp begins the lifecycle of a service anew. It looks first where the world is; the server is
// not touched. False is one that runs already. Errors: those of Adopt and StartSold.
func (c *Control) TakeUp(ctx context.Context, t drift.Taken, order *api.Order) (started bool, err error) {
	switch t.Way {
	case drift.WayNone:
		return false, nil
	case drift.WayBuild:
		return c.takeUpBuild(ctx, t)
	case drift.WayServe, drift.WayRelease:
	}
	if err := c.startable(t.Panel); err != nil {
		return false, err
	}
	server := panel.Server{ID: t.Server.ID, Label: t.Server.Label, Hostname: t.Server.Hostname, IP: t.Server.IP}
	in := api.NewAdoption(panel.Adoption{
		ServiceID: t.ID, ClientID: t.ClientID, OrderID: t.OrderID, Server: server, Package: t.Server.Package(),
		Account: t.Account, Status: string(t.Status), Reason: t.Reason,
	}, t.Panel, time.Now().UTC(), api.Duration(c.config.Defaults.Grace), Settings(c.config.Timing))
	if order != nil {
		in.Order = complete(ordered(*order, in.Order), c.config.Defaults)
	}
	in.Adopt.Look = t.Looks()
	return c.startAdoption(ctx, in, server.Hostname)
}

// ordered is what WHMCS has of an order, with whose service it is and which panel has its server.
func ordered(order, known api.Order) api.Order {
	order.ServiceID, order.ClientID, order.OrderID, order.Panel, order.Restart = known.ServiceID, known.ClientID, known.OrderID, known.Panel, false
	if order.PaidAt.IsZero() {
		order.PaidAt = known.PaidAt
	}
	return order
}

// takeUpBuild starts an order that goes on with the server that carries its mark. The mark says that
// somebody had it started, whether WHMCS still shows it as due or not.
func (c *Control) takeUpBuild(ctx context.Context, t drift.Taken) (bool, error) {
	sold, err := c.SoldOrder(ctx, t.ID)
	if err != nil {
		return false, err
	}
	if sold.Panel != t.Panel {
		return false, fmt.Errorf("WHMCS orders it from panel %s, but server %s of panel %s carries its mark", sold.Panel, t.Server.ID, t.Panel)
	}
	return c.StartSold(ctx, sold)
}
