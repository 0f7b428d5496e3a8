package control_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/internal/control"
	"metalease/internal/temporaltest"
)

func TestFactsAreReadOnceAndTheirAgeIsTold(t *testing.T) {
	s := newScene(t)
	stop := s.Work(t)
	s.start(order(101))
	var first control.Facts
	s.eventually(func() bool { // the lifecycle has only just begun
		var err error
		first, err = s.Facts(t.Context(), 101, false)
		return err == nil
	})
	require.Equal(t, "5 srv-5 on 192.0.2.205", first.ServerID+" "+*first.Label+" "+*first.Power+" "+*first.IPMIIP)
	require.Nil(t, first.Rack, "what the panel does not tell is not known")
	require.Equal(t, "ge-0/0/5", *first.Ports[0].Port)
	again, err := s.Facts(t.Context(), 101, false)
	require.NoError(t, err)
	require.Equal(t, first, again)
	fresh, err := s.Facts(t.Context(), 101, true)
	require.NoError(t, err)
	require.True(t, fresh.AsOf.After(first.AsOf))
	stop()
	again, err = s.Facts(t.Context(), 101, false)
	require.NoError(t, err, "nobody has to be asked")
	require.Equal(t, fresh, again)
}

func TestFactsOfNoServer(t *testing.T) {
	s := newScene(t)
	s.Work(t)
	_, err := s.Facts(t.Context(), 424242, false)
	require.ErrorIs(t, err, control.ErrUnknownService)
	waits := order(102)
	waits.Recipe = temporaltest.RecipeWaiting
	s.start(waits)
	_, err = s.Facts(t.Context(), 102, false)
	var notNow *control.NotNow
	require.ErrorAs(t, err, &notNow)
	s.start(order(103))
	s.end(103)
	_, err = s.Facts(t.Context(), 103, false)
	require.ErrorIs(t, err, control.ErrClosed)
}
