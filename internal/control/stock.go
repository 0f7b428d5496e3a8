package control

import (
	"context"
	"time"

	"metalease/workflows/api"
)

const (
	// stockAge is how old a stock may be before the panel is looked at again.
	stockAge = time.Minute
	// lookPatience is how long a look at a panel may take while somebody waits for it.
	lookPatience = 5 * time.Second
)

// Stock returns what a panel could sell. A count that cannot be vouched for is nil: old
// counts may be higher than what is left. With refresh the panel is looked at in any case.
// Error: ErrUnknownPanel.
func (c *Control) Stock(ctx context.Context, panel string, refresh bool) (api.Stock, error) {
	if _, there := c.config.Panel(panel); !there {
		return api.Stock{}, ErrUnknownPanel
	}
	stock := api.Stock{Panel: panel, Packages: []api.PackageStock{}}
	inventory := api.InventoryWorkflowID(panel)
	if err := c.query(ctx, inventory, api.QueryStock, &stock); err != nil {
		return stock, nil // nobody can say; that is not zero
	}
	if !refresh && stock.AsOf != nil && time.Since(*stock.AsOf) < stockAge {
		return stock, nil
	}
	before := stock.AsOf
	limited, cancel := context.WithDeadline(ctx, c.lookUntil(ctx, panel, refresh))
	defer cancel()
	for pause := 2 * firstPoll; limited.Err() == nil; pause = min(pause*3/2, lastPoll) {
		sleep(limited, pause)
		var fresh api.Stock
		// Another time of looking, not a later one than ours: clocks differ between machines.
		if c.query(limited, inventory, api.QueryStock, &fresh) == nil && moved(before, fresh.AsOf) {
			return fresh, nil
		}
	}
	return unknownCounts(stock), nil
}

// lookUntil has the inventory look at its panel and returns until when to wait for that. A
// panel that is down for days must not fill the inventory's history with requests: one a
// minute is sent, whoever asks.
func (c *Control) lookUntil(ctx context.Context, panel string, always bool) time.Time {
	c.mu.Lock()
	asked := c.looks[panel]
	send := always || time.Since(asked) > stockAge
	if send {
		asked = time.Now()
		c.looks[panel] = asked
	}
	c.mu.Unlock()
	if send && c.send(ctx, api.InventoryWorkflowID(panel), api.SignalRefresh, nil) != nil {
		return time.Now() // the stock stays unknown
	}
	return asked.Add(lookPatience)
}

func moved(before, after *time.Time) bool {
	return after != nil && (before == nil || !after.Equal(*before))
}

// unknownCounts keeps what the allocator knows by itself, who waits, and when the panel was seen last.
func unknownCounts(stock api.Stock) api.Stock {
	for i := range stock.Packages {
		p := &stock.Packages[i]
		p.Free, p.Claimed, p.Quarantined = nil, nil, nil
	}
	return stock
}
