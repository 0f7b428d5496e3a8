package panel

import (
	"slices"
	"strings"

	"metalease/activities/holding"
)

// Words behind the state of a mark: what has to outlive the attempt, the workflow and us.
const (
	// wasOff stands behind "releasing": the server was off before, so an undo leaves it off.
	wasOff = "was-off"
	// clearing stands behind "releasing" before the first address of a customer who did not pay is
	// deleted. From there on nothing is undone.
	clearing = "clearing"
	// switchOn stands behind "active": whoever unblocks the server switches it on too.
	switchOn = "switch-on"
	// blocked stands behind "active" while a block of ours is on the server, or may be. A block
	// without it was set by somebody in the panel.
	blocked = "blocked"
)

// detail tells whether a word stands behind the state of a mark.
func detail(mark holding.Mark, word string) bool {
	words := strings.Fields(mark.State)
	return len(words) > 1 && slices.Contains(words[1:], word)
}

// withDetail is a state with a word behind it.
func withDetail(state, word string) string {
	if detail(holding.Mark{State: state}, word) {
		return state
	}
	return state + " " + word
}

// withoutDetail is a state without a word behind it.
func withoutDetail(state, word string) string {
	words := strings.Fields(state)
	return strings.Join(append(words[:min(1, len(words))], slices.DeleteFunc(words[min(1, len(words)):], func(w string) bool { return w == word })...), " ")
}

// servedState is the state of the mark of a server that a customer has. What stands behind that of
// one that a customer had before stays: an install that runs is not forgotten.
func servedState(was string, isBlocked bool) string {
	state := holding.StateActive
	if (holding.Mark{State: was}).Is(holding.StateActive) {
		state = withoutDetail(was, blocked)
	}
	if isBlocked {
		return withDetail(state, blocked)
	}
	return state
}
