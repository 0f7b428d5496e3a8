package whmcs

import (
	"context"
	"slices"
	"strconv"
	"sync"
	"time"
)

const (
	// recentFor is how long lists of services are kept.
	recentFor = 5 * time.Second
	// recentLists and recentSize bound what is kept: lists, and services of each.
	recentLists = 500
	recentSize  = 200
)

// recent remembers for some seconds which services a client has: an order is looked at more than
// once within a moment in which nothing but the order itself goes on.
type recent struct {
	mu    sync.Mutex
	lists map[int]recentList
}

type recentList struct {
	services []Service
	asked    time.Time
}

func (r *recent) keep(clientID int, services []Service, asked time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for client, list := range r.lists {
		if time.Since(list.asked) >= recentFor {
			delete(r.lists, client)
		}
	}
	if len(services) > recentSize || len(r.lists) >= recentLists || r.lists[clientID].asked.After(asked) {
		return
	}
	if r.lists == nil {
		r.lists = map[int]recentList{}
	}
	r.lists[clientID] = recentList{slices.Clone(services), asked}
}

// forget drops what is known of a service that we change.
func (r *recent) forget(serviceID int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for client, list := range r.lists {
		if slices.ContainsFunc(list.services, func(s Service) bool { return s.ID == serviceID }) {
			delete(r.lists, client)
		}
	}
}

func (r *recent) service(id int) (Service, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, list := range r.lists {
		i := slices.IndexFunc(list.services, func(s Service) bool { return s.ID == id && s.Unreadable == "" })
		if i >= 0 && time.Since(list.asked) < recentFor {
			return list.services[i], true
		}
	}
	return Service{}, false
}

func (r *recent) of(clientID int) ([]Service, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	list, there := r.lists[clientID]
	if !there || time.Since(list.asked) >= recentFor {
		return nil, false
	}
	return slices.Clone(list.services), true
}

// RecentClientServices is ClientServices at most five seconds ago, if those that are asked for are
// among them: for questions that are asked anew before anything is done. What we have changed
// ourselves since, or want to find and do not, is read.
func (c *Client) RecentClientServices(ctx context.Context, clientID int, having ...int) ([]Service, error) {
	services, kept := c.recent.of(clientID)
	for _, id := range having {
		kept = kept && slices.ContainsFunc(services, func(s Service) bool { return s.ID == id && s.Unreadable == "" })
	}
	if kept {
		return services, nil
	}
	return c.ClientServices(ctx, clientID)
}

// RecentService is Service at most five seconds ago, if its client's services were read then.
func (c *Client) RecentService(ctx context.Context, id int) (Service, error) {
	if service, kept := c.recent.service(id); kept {
		return service, nil
	}
	return c.Service(ctx, id)
}

// changing drops what is known of the service that a call changes, before and after it.
func (c *Client) changing(what call) (done func()) {
	id, err := strconv.Atoi(what.params.Get("serviceid"))
	if err != nil || !what.changes {
		return func() {}
	}
	c.recent.forget(id)
	return func() { c.recent.forget(id) }
}
