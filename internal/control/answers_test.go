package control

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAnAnswerCountsForItsVersionOnly(t *testing.T) {
	var m answers
	_, there := m.get("a", version{"run", 7})
	require.False(t, there)
	m.put(answer{key: "a", of: version{"run", 7}, text: json.RawMessage(`1`)})
	for _, other := range []version{{"run", 8}, {"run", 6}, {"another", 7}} {
		_, there = m.get("a", other)
		require.False(t, there, other)
	}
	m.put(answer{key: "a", of: version{"another", 3}, text: json.RawMessage(`2`)})
	_, there = m.get("a", version{"run", 7})
	require.False(t, there, "one answer is kept for a question")
	kept, there := m.get("a", version{"another", 3})
	require.True(t, there)
	require.JSONEq(t, `2`, string(kept.text))
}

func TestTheMemoryOfAnswersIsBounded(t *testing.T) {
	var m answers
	of := version{"run", 1}
	for i := range mostAnswers + 10 {
		m.put(answer{key: fmt.Sprint(i), of: of})
		if i >= 1 {
			_, there := m.get("0", of) // the one that is read stays
			require.True(t, there)
		}
	}
	require.Equal(t, mostAnswers, m.order.Len())
	require.Len(t, m.kept, mostAnswers)
	_, there := m.get("5", of)
	require.False(t, there, "the one that nobody has read for longest goes first")

	m = answers{}
	large := json.RawMessage(strings.Repeat("x", answerBytes/4))
	for i := range 6 {
		m.put(answer{key: fmt.Sprint(i), of: of, text: large})
		require.LessOrEqual(t, m.bytes, answerBytes)
	}
	require.Equal(t, 3, m.order.Len())
	m.put(answer{key: "huge", of: of, text: json.RawMessage(strings.Repeat("x", answerBytes))})
	require.Zero(t, m.order.Len(), "what is larger than the memory is not kept")
	require.Zero(t, m.bytes)
}

// Whoever comes while a look runs may know of something that it does not show.
func TestALookIsSharedByThoseWhoAskedBeforeItBegan(t *testing.T) {
	var m answers
	entered, leave := make(chan int, 10), make(chan struct{})
	ran := 0
	run := func() (seen, error) {
		ran++ // at most one runs
		entered <- ran
		<-leave
		return seen{text: json.RawMessage(fmt.Sprint(ran))}, nil
	}
	first := m.share("a", run)
	require.Equal(t, 1, <-entered)
	second := m.share("a", run)
	require.NotSame(t, first, second)
	require.Same(t, second, m.share("a", run))
	other := m.share("b", func() (seen, error) { return seen{}, nil })
	<-other.done // another service waits for nobody

	leave <- struct{}{}
	<-first.done
	require.Equal(t, "1", string(first.seen.text))
	require.Equal(t, 2, <-entered)
	third := m.share("a", run)
	require.NotSame(t, second, third)
	close(leave)
	<-third.done
	require.Equal(t, "2", string(second.seen.text))
	require.Equal(t, "3", string(third.seen.text))
	require.Empty(t, m.looks)
}
