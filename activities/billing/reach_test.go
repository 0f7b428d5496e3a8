package billing

import (
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/whmcs"
)

func TestWhetherWHMCSAnswers(t *testing.T) {
	w := newWorld(t)
	reach := func() Reach {
		answer, err := w.Env.ExecuteActivity(w.w.Reach)
		require.NoError(t, err, "what does not answer is an answer")
		var got Reach
		require.NoError(t, answer.Get(&got))
		return got
	}
	require.Equal(t, Reach{OK: true}, reach())

	nobody, err := whmcs.New(whmcs.Config{URL: "http://127.0.0.1:1", Identifier: "identifier", Secret: "a-secret-of-the-api"})
	require.NoError(t, err)
	w.w.Client = nobody
	got := reach()
	require.False(t, got.OK)
	require.Contains(t, got.Problem, "127.0.0.1:1")
	require.NotContains(t, got.Problem, "a-secret-of-the-api")
}
