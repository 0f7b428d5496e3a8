package dcim_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/dcim"
	"metalease/dcim/simulator"
)

// TestTogether: a read and its change take one turn, so nobody's call comes between them.
func TestTogether(t *testing.T) {
	s := simulate(t, simulator.Config{Servers: 2}, func(c *dcim.Config) { c.Concurrency, c.UrgentShare = 2, 0.5 }) // one of each class
	other := make(chan error, 1)
	users, err := s.Users(t.Context())
	require.NoError(t, err)
	err = s.Together(t.Context(), func(ctx context.Context) error {
		form, err := s.Form(ctx, "1")
		if err != nil {
			return err
		}
		go func() {
			_, err := s.Servers(t.Context())
			other <- err
		}()
		form.SetOwner(users[0].ID)
		if err := s.SaveForm(ctx, form); err != nil {
			return err
		}
		select {
		case <-other:
			t.Error("another call had a turn between the read and the change")
		default:
		}
		return nil
	})
	require.NoError(t, err)
	require.NoError(t, <-other)
	require.NotEmpty(t, s.State().Servers[0].Owner)
}

func TestTogetherEndsWithItsCaller(t *testing.T) {
	s := simulate(t, simulator.Config{Servers: 1}, func(c *dcim.Config) { c.Concurrency, c.UrgentShare = 2, 0.5 })
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, s.Together(ctx, func(context.Context) error { return nil }), context.Canceled)
	_, err := s.Servers(t.Context())
	require.NoError(t, err, "and gives its turn back")
}
