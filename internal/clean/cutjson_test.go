package clean

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestACutTextFitsAsJSON(t *testing.T) {
	require.Equal(t, "short", CutJSON("short", 5))
	require.Equal(t, "a lo...", CutJSON("a long one", 7))
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) })).Draw(t, "text")
		limit := rapid.IntRange(3, 60).Draw(t, "limit")
		cut := CutJSON(text, limit)
		written, err := json.Marshal(cut)
		require.NoError(t, err)
		require.LessOrEqual(t, len(written), limit+len(`""`), "%q", cut)
		require.Equal(t, cut, CutJSON(cut, limit))
		if FitsJSON(text, limit) {
			require.Equal(t, text, cut)
		}
	})
}
