package dcim_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/dcim"
)

// TestASignOnIsPrintedWithoutItsFields, however it is printed.
func TestASignOnIsPrintedWithoutItsFields(t *testing.T) {
	s := dcim.SignOn{URL: "https://dci.example.com/dcimgr", Fields: map[string]string{"key": "0123456789abcdef"}, ExpiresAt: time.Date(2026, 3, 1, 3, 2, 0, 0, time.UTC)}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		for _, printed := range []string{fmt.Sprintf(verb, s), fmt.Sprintf(verb, &s), fmt.Sprintf(verb, []any{s})} {
			require.NotContains(t, printed, "0123456789abcdef", verb)
			require.Contains(t, printed, "https://dci.example.com/dcimgr until 2026-03-01T03:02:00Z", verb)
		}
	}
	text, err := json.Marshal(s)
	require.NoError(t, err)
	require.JSONEq(t, `{"url":"https://dci.example.com/dcimgr","expires_at":"2026-03-01T03:02:00Z"}`, string(text))
}
