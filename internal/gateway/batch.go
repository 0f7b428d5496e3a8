package gateway

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"golang.org/x/sync/errgroup"

	"metalease/internal/control"
	"metalease/workflows/api"
)

// Limits of a batch: the web request of a payment stands behind it.
const (
	batchOrders = 50
	// maxBatch is far above so many orders of the longest texts, in bytes.
	maxBatch = 512 << 10
	// batchAtOnce is how many are started side by side.
	batchAtOnce = 10
)

// Batch is the body of POST /v1/services/batch.
type Batch struct {
	Services []api.Order `json:"services"`
}

// BatchAnswer is its answer, in the order of the body.
type BatchAnswer struct {
	Results []BatchResult `json:"results"`
}

// BatchResult is what POST /v1/services would have answered to one order.
type BatchResult struct {
	// ServiceID is left out when the order has none that can be read.
	ServiceID int      `json:"service_id,omitempty"`
	Status    int      `json:"status"`
	Problem   *Problem `json:"problem,omitempty"`
}

var batchRoute = route{
	method: http.MethodPost, pattern: "/v1/services/batch", id: "startServices", tag: "services",
	summary: "Start the lives of several paid services",
	text: "For an order of many services: one call in place of many. Each is answered as `POST /v1/services` answers it, in the order of the body; " +
		"one that is refused stops no other. The same batch again starts nothing.",
	body:     &body{text: "The orders, from one to 50.", required: true, value: Batch{}, limit: maxBatch},
	answers:  []answerType{{http.StatusOK, "What became of each.", BatchAnswer{}}},
	problems: []kind{notJSON, invalidOrder},
	handle:   (*gateway).startAll,
}

func (g *gateway) startAll(c call) (reply, error) {
	orders, err := readBatch(c.body)
	if err != nil {
		return reply{}, err
	}
	results := make([]BatchResult, len(orders))
	var starting errgroup.Group
	starting.SetLimit(batchAtOnce)
	for i, text := range orders {
		starting.Go(func() error { results[i] = g.startOne(c.Request, text); return nil })
	}
	_ = starting.Wait() // each has its own result
	return reply{status: http.StatusOK, body: BatchAnswer{results}}, nil
}

// readBatch takes the orders apart; each is read where it is started.
func readBatch(text []byte) ([]json.RawMessage, error) {
	var batch struct {
		Services []json.RawMessage `json:"services"`
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if !json.Valid(text) || decoder.Decode(&batch) != nil {
		return nil, notJSON.because("")
	}
	if n := len(batch.Services); n < 1 || n > batchOrders {
		return nil, invalidOrder.because("", api.FieldError{Field: "services", Reason: fmt.Sprintf("must have from 1 to %d orders", batchOrders)})
	}
	return batch.Services, nil
}

func (g *gateway) startOne(r *http.Request, text []byte) BatchResult {
	order, answer, err := g.startOrder(r.Context(), text)
	if err != nil {
		said := g.problemOf(r, err).sent()
		return BatchResult{ServiceID: order.ServiceID, Status: said.Status, Problem: &said}
	}
	return BatchResult{ServiceID: order.ServiceID, Status: answer.status}
}

// startOrder starts one order from its JSON.
func (g *gateway) startOrder(ctx context.Context, text []byte) (api.Order, reply, error) {
	order, err := control.ReadOrder(text, g.Panels)
	if err != nil {
		return order, reply{}, err
	}
	done, err := g.Control.Start(ctx, order)
	if err != nil {
		return order, reply{}, err
	}
	answer := reply{status: http.StatusOK, body: Started{order.ServiceID, done}}
	if done {
		answer.status, answer.location = http.StatusCreated, pathOf(order.ServiceID)
	}
	return order, answer, nil
}
