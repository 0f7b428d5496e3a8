package control

import (
	"context"
	"time"

	"metalease/workflows/api/fleet"
)

const (
	// stockAge is how old a stock may be before the panel is read again.
	stockAge = time.Minute
	// readTimeout is how long reading a panel may take while somebody waits for it.
	readTimeout = 5 * time.Second
)

// Stock returns what a panel could sell. A count that cannot be vouched for is nil: old
// counts may be higher than what is left. With refresh the panel is read in any case.
// Error: ErrUnknownPanel.
func (c *Control) Stock(ctx context.Context, panelName string, refresh bool) (fleet.Stock, error) {
	if _, there := c.config.Panel(panelName); !there {
		return fleet.Stock{}, ErrUnknownPanel
	}
	stock := fleet.Stock{Panel: panelName, Packages: []fleet.PackageStock{}}
	inventory := fleet.InventoryWorkflowID(panelName)
	if err := c.told(ctx, inventory, fleet.QueryStock, &stock); err != nil {
		return stock, nil // nobody can say; that is not zero
	}
	if !refresh && stock.AsOf != nil && time.Since(*stock.AsOf) < stockAge {
		return stock, nil
	}
	before := stock.AsOf
	limited, cancel := context.WithDeadline(ctx, c.refreshUntil(ctx, panelName, refresh))
	defer cancel()
	for pause := 2 * firstPoll; limited.Err() == nil; pause = min(pause*3/2, lastPoll) {
		sleep(limited, pause)
		var fresh fleet.Stock
		// Another time of reading, not a later one than ours: clocks differ between hosts.
		if c.told(limited, inventory, fleet.QueryStock, &fresh) == nil && moved(before, fresh.AsOf) {
			return fresh, nil
		}
	}
	return unknownCounts(stock), nil
}

// SeenStock is what the inventory of a panel has seen last; the panel is not read for it. Errors: ErrUnknownPanel,
// ErrWorkerUnavailable, ErrUnknownService for a panel without an inventory.
func (c *Control) SeenStock(ctx context.Context, panelName string) (fleet.Stock, error) {
	if _, there := c.config.Panel(panelName); !there {
		return fleet.Stock{}, ErrUnknownPanel
	}
	var stock fleet.Stock
	err := c.query(ctx, fleet.InventoryWorkflowID(panelName), fleet.QueryStock, &stock)
	return stock, err
}

// refreshUntil has the inventory read its panel and returns until when to wait for that. A
// panel that is down for days must not fill the inventory's history with requests: one a
// minute is sent, whoever asks.
func (c *Control) refreshUntil(ctx context.Context, panelName string, always bool) time.Time {
	c.mu.Lock()
	asked := c.refreshed[panelName]
	send := always || time.Since(asked) > stockAge
	if send {
		asked = time.Now()
		c.refreshed[panelName] = asked
	}
	c.mu.Unlock()
	if send && c.send(ctx, fleet.InventoryWorkflowID(panelName), fleet.SignalRefresh, nil) != nil {
		return time.Now() // the stock stays unknown
	}
	return asked.Add(readTimeout)
}

func moved(before, after *time.Time) bool {
	return after != nil && (before == nil || !after.Equal(*before))
}

// unknownCounts keeps what the allocator knows by itself, who waits, and when the panel was seen last.
func unknownCounts(stock fleet.Stock) fleet.Stock {
	for i := range stock.Packages {
		p := &stock.Packages[i]
		p.Free, p.Claimed, p.Quarantined = nil, nil, nil
	}
	return stock
}
