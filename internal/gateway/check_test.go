package gateway_test

import (
	"context"
	"errors"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/activities/billing"
	"metalease/internal/version"
)

func (m *memory) Check(context.Context) (bool, billing.Reach, error) { return m.worker, m.reach, m.err }

func TestTheCheckTellsWhatWorks(t *testing.T) {
	s := newScene(t)
	for _, c := range []struct {
		worker bool
		reach  billing.Reach
		want   string
	}{
		{true, billing.Reach{OK: true}, `{"ok":true}`},
		{true, billing.Reach{OK: true, Worst: &billing.ToRepair{Fact: "hooks", Expected: "installed", Seen: "not there", Means: "unpack it"}},
			`{"ok":true,"worst":{"fact":"hooks","expected":"installed","seen":"not there","means":"unpack it"}}`},
		{true, billing.Reach{Problem: "refuses the credentials"}, `{"ok":false,"problem":"refuses the credentials"}`},
		{false, billing.Reach{Problem: "not asked"}, `{"ok":false,"problem":"not asked"}`},
	} {
		s.mem.worker, s.mem.reach = c.worker, c.reach
		r := s.call("GET", "/v1/check", "")
		require.Equal(t, http.StatusOK, r.code)
		worker := map[bool]string{true: "true", false: "false"}[c.worker]
		require.JSONEq(t, `{"installation":"test","version":"`+version.String()+`","worker":`+worker+`,"whmcs":`+c.want+`}`, r.body)
	}
	s.mem.err = errors.New("no connection")
	require.Equal(t, "/problems/temporal-unavailable", s.call("GET", "/v1/check", "").problem(t).Type)
}
