package control_test

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/internal/control"
	"metalease/workflows/api"
)

// named is a control of an installation of that name, in the namespace of the scene.
func (s scene) named(installation string) *control.Control {
	cfg := settings(0)
	cfg.Installation = installation
	return control.New(s.Client, s.Namespace, cfg)
}

func TestANamespaceIsOneInstallations(t *testing.T) {
	s := newScene(t) // no worker runs
	require.NoError(t, s.named("staging").Belongs(t.Context()), "it is nobody's yet")
	require.NoError(t, s.Claim(t.Context()))
	require.NoError(t, s.Claim(t.Context()), "a second worker, or the next start")
	require.NoError(t, s.Belongs(t.Context()))
	for _, err := range []error{s.named("staging").Claim(t.Context()), s.named("staging").Belongs(t.Context())} {
		var other *control.OtherInstallation
		require.ErrorAs(t, err, &other)
		require.Equal(t, &control.OtherInstallation{Namespace: s.Namespace, Owner: "test", Ours: "staging"}, other)
		require.Contains(t, err.Error(), "TEMPORAL_NAMESPACE")
	}
}

func TestTheFirstOfManyCounts(t *testing.T) {
	s := newScene(t)
	var claiming sync.WaitGroup
	claims, calls := make([]error, 8), make([]error, 8)
	name := func(i int) string { return string(rune('a' + i)) }
	for i := range claims {
		claiming.Go(func() {
			claims[i] = s.named(name(i)).Claim(t.Context())
			calls[i] = s.System(t.Context(), "https://"+name(i)+".example.com/")
		})
	}
	claiming.Wait()
	known, err := s.Installation(t.Context())
	require.NoError(t, err)
	for i := range claims {
		require.Equal(t, known.Name == name(i), claims[i] == nil, "%s: %v", name(i), claims[i])
		require.Equal(t, known.System == "https://"+name(i)+".example.com/", calls[i] == nil, "%s: %v", name(i), calls[i])
	}
}

func TestTheWHMCSThatIsServed(t *testing.T) {
	s := newScene(t)
	require.NoError(t, s.System(t.Context(), "https://billing.example.com/whmcs/"))
	require.NoError(t, s.System(t.Context(), "http://billing.example.com/whmcs"))
	err := s.System(t.Context(), "https://staging.example.com/whmcs/")
	require.ErrorAs(t, err, new(*control.OtherSystem))
	require.ErrorContains(t, err, "starter installation move --to https://staging.example.com/whmcs/")
	require.ErrorIs(t, s.System(t.Context(), "staging"), control.ErrNoSystem)

	require.ErrorIs(t, s.MoveSystem(t.Context(), "staging"), control.ErrNoSystem)
	require.NoError(t, s.MoveSystem(t.Context(), "https://new.example.com/"))
	require.NoError(t, s.System(t.Context(), "https://new.example.com/"))
	require.ErrorAs(t, s.System(t.Context(), "https://billing.example.com/whmcs/"), new(*control.OtherSystem))
}

func TestWhoEndsTheMemoryForgetsNothing(t *testing.T) {
	s := newScene(t)
	require.NoError(t, s.Claim(t.Context()))
	require.NoError(t, s.System(t.Context(), "https://billing.example.com/"))
	for _, id := range []string{api.InstallationWorkflowID, api.SystemWorkflowID} {
		require.NoError(t, s.Client.TerminateWorkflow(t.Context(), id, "", "by hand"))
	}
	require.ErrorAs(t, s.named("staging").Claim(t.Context()), new(*control.OtherInstallation))
	require.ErrorAs(t, s.System(t.Context(), "https://staging.example.com/"), new(*control.OtherSystem))
	require.NoError(t, s.System(t.Context(), "https://billing.example.com/"))
}

func TestARenamedInstallation(t *testing.T) {
	s := newScene(t)
	require.NoError(t, s.Claim(t.Context()))
	s.start(order(101))
	var used *control.InUse
	s.eventually(func() bool { // the list of services is a moment behind
		listed, err := s.List(t.Context(), control.Filter{}, "", 1)
		return err == nil && len(listed.Services) == 1
	})
	require.ErrorAs(t, s.Rename(t.Context(), "main"), &used)
	require.Equal(t, int64(1), used.Services)
	require.NoError(t, s.Claim(t.Context()))

	require.NoError(t, s.Client.TerminateWorkflow(t.Context(), api.ServiceWorkflowID(101), "", "by hand"))
	s.eventually(func() bool { return s.Rename(t.Context(), "main") == nil })
	require.NoError(t, s.named("main").Claim(t.Context()))
	require.ErrorAs(t, s.Claim(t.Context()), new(*control.OtherInstallation))
}
