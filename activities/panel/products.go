package panel

import (
	"sync"
	"time"
)

// productAge is how long the module of a product is believed. Hosts change it when they move to
// another module, which is a day's work.
const productAge = 5 * time.Minute

// productIndex remembers the WHMCS module of each product.
type productIndex struct {
	mu    sync.Mutex
	known map[int]knownProduct
}

type knownProduct struct {
	module string
	asked  time.Time
}

// of tells the modules of products; false when one of them has to be asked for.
func (x *productIndex) of(ids []int) (map[int]string, bool) {
	x.mu.Lock()
	defer x.mu.Unlock()
	modules := make(map[int]string, len(ids))
	for _, id := range ids {
		known, there := x.known[id]
		if !there || time.Since(known.asked) >= productAge {
			return nil, false
		}
		modules[id] = known.module
	}
	return modules, true
}

func (x *productIndex) keep(modules map[int]string, asked time.Time) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.known == nil {
		x.known = map[int]knownProduct{}
	}
	for id, module := range modules {
		x.known[id] = knownProduct{module, asked}
	}
}
