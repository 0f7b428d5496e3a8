package service

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/workflows/api"
)

// stateLimit is far below the 2 MiB above which the engine ends a workflow.
const stateLimit = 512 << 10

// TestTheStateIsBounded fills what others write to its limit, many times over.
func TestTheStateIsBounded(t *testing.T) {
	s := active()
	long := strings.Repeat("€", 900)
	for i := range 300 {
		for _, signal := range api.Signals {
			if signal == api.SignalUnsuspend { // it would take away what the others bring
				continue
			}
			input, err := json.Marshal(map[string]any{
				"event_id": fmt.Sprint(signal, i, long), "reason": fmt.Sprint(i, long), "source": fmt.Sprint(i%7, long), "server_id": long,
				"order": map[string]any{"package": long},
			})
			require.NoError(t, err)
			s.Attention = &api.Attention{Number: 1, Code: api.CodeInstallFailed, Actions: api.Signals}
			s.receive(signal, input, "", noon.Add(time.Duration(i)*time.Minute))
			s.Operator.Terminate, s.Operator.Detach = nil, nil
		}
	}
	text, err := json.Marshal(s)
	require.NoError(t, err)
	require.Less(t, len(text), stateLimit)
	require.LessOrEqual(t, len(s.Blocks.Suspensions), keepReasons)
	require.True(t, s.wantsBlock(), "what does not fit still blocks")
}

func TestAnInputWithoutEndIsRefused(t *testing.T) {
	s := active()
	require.False(t, s.receive(api.SignalTerminate, []byte(`{"reason":"`+strings.Repeat("x", 1_500_000)+`"}`), "", noon))
	require.Nil(t, s.Operator.Terminate)
	require.Contains(t, s.Journal.Events[0].Reason, "at most 16384 are read")
}

func TestAnOrderWithTextsWithoutEndIsRefused(t *testing.T) {
	o := order()
	o.Package, o.Recipe = strings.Repeat("x", 62<<10), strings.Repeat("y", 300)
	var fields []string
	for _, f := range o.Faults() {
		fields = append(fields, f.Field)
	}
	require.Equal(t, []string{"package", "recipe"}, fields)
}
