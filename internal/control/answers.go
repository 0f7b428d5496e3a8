package control

import (
	"container/list"
	"encoding/json"
	"sync"
	"time"

	"go.temporal.io/api/workflowservice/v1"
)

const (
	// mostAnswers and answerBytes bound the memory of answers; those that nobody has read for longest go first.
	mostAnswers = 20_000
	answerBytes = 64 << 20
	// answerLasts is after how long a worker is asked all the same: a new build may tell the same state in other words.
	answerLasts = time.Hour
)

// version is how far the history of a workflow has come: its run, and the number of its events.
type version struct {
	run    string
	events int64
}

func versionOf(there *workflowservice.DescribeWorkflowExecutionResponse) version {
	info := there.GetWorkflowExecutionInfo()
	return version{info.GetExecution().GetRunId(), info.GetHistoryLength()}
}

// answer is what a worker said to a query.
type answer struct {
	key  string
	of   version
	text json.RawMessage
	at   time.Time
}

// size is an answer's share of answerBytes: its texts, and about what the rest takes.
func (a *answer) size() int { return len(a.key) + len(a.text) + 256 }

// answers are the newest answers to queries, by question. The zero value is empty.
type answers struct {
	mu    sync.Mutex
	kept  map[string]*list.Element // of *answer
	order list.List                // the one that was read last is in front
	bytes int
	looks map[string]*look
}

// get returns the answer that was given of this very version; another one is none.
func (m *answers) get(key string, of version) (answer, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	element, there := m.kept[key]
	if !there || element.Value.(*answer).of != of {
		return answer{}, false
	}
	m.order.MoveToFront(element)
	return *element.Value.(*answer), true
}

// put keeps an answer instead of the one before.
func (m *answers) put(a answer) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.kept == nil {
		m.kept = map[string]*list.Element{}
	}
	if before, there := m.kept[a.key]; there {
		m.drop(before)
	}
	m.kept[a.key] = m.order.PushFront(&a)
	m.bytes += a.size()
	for m.order.Len() > mostAnswers || m.bytes > answerBytes {
		m.drop(m.order.Back())
	}
}

func (m *answers) drop(element *list.Element) {
	gone := m.order.Remove(element).(*answer)
	delete(m.kept, gone.key)
	m.bytes -= gone.size()
}

// look is one look at a workflow, for all who asked before it began.
type look struct {
	begun bool
	done  chan struct{}
	seen  seen
	err   error
}

// share returns a look that begins after this call: what the caller has just done shows in it. At most one runs for a key; who
// comes meanwhile shares the next.
func (m *answers) share(key string, run func() (seen, error)) *look {
	m.mu.Lock()
	defer m.mu.Unlock()
	before := m.looks[key]
	if before != nil && !before.begun {
		return before
	}
	next := &look{done: make(chan struct{})}
	if m.looks == nil {
		m.looks = map[string]*look{}
	}
	m.looks[key] = next
	go func() {
		defer close(next.done)
		if before != nil {
			<-before.done
		}
		m.mu.Lock()
		next.begun = true
		m.mu.Unlock()
		next.seen, next.err = run()
		m.mu.Lock()
		defer m.mu.Unlock()
		if m.looks[key] == next {
			delete(m.looks, key)
		}
	}()
	return next
}
