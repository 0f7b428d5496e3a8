package entity

import (
	"slices"

	"go.temporal.io/sdk/workflow"
)

// batch is how many letters are on their way at once; the engine refuses more than 2 000.
const batch = 50

// Letter is a signal to another workflow of ours.
type Letter struct {
	// To is the workflow's id; its newest run gets the letter.
	To     string
	Signal string
	Input  any
	// Lost is called when the letter could not be delivered, because nothing of that id runs or
	// because the engine refuses more signals to it; nil: nobody minds. It must not block.
	Lost func()
}

// Post puts a letter into the outbox. Await, Flush and ContinueAsNew deliver it.
func (r *Run) Post(l Letter) { r.outbox = append(r.outbox, l) }

// Flush delivers the outbox, a batch after the other, and waits until each letter has arrived or
// failed. Letters to one workflow keep their order.
func (r *Run) Flush() {
	_ = workflow.Await(r.Ctx, func() bool { return !r.delivering })
	r.delivering = true
	for len(r.outbox) > 0 {
		r.deliver(r.nextBatch())
	}
	r.delivering = false
}

// nextBatch takes letters until one goes to a workflow that has one in the batch already: two on
// their way at once may overtake each other.
func (r *Run) nextBatch() []Letter {
	n := 0
	for n < min(batch, len(r.outbox)) && !slices.ContainsFunc(r.outbox[:n], func(l Letter) bool { return l.To == r.outbox[n].To }) {
		n++
	}
	letters := slices.Clone(r.outbox[:n])
	r.outbox = r.outbox[n:]
	return letters
}

func (r *Run) deliver(letters []Letter) {
	sent := make([]workflow.Future, len(letters))
	for i, l := range letters {
		sent[i] = workflow.SignalExternalWorkflow(r.Ctx, l.To, "", l.Signal, l.Input)
	}
	for i, l := range letters {
		if sent[i].Get(r.Ctx, nil) != nil && l.Lost != nil {
			l.Lost()
		}
	}
}
