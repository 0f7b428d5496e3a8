package control_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	enumspb "go.temporal.io/api/enums/v1"

	"metalease/internal/control"
	"metalease/internal/temporaltest"
	"metalease/workflows/api/fleet"
)

func TestStockThatIsFreshIsTakenAsItIs(t *testing.T) {
	s := newScene(t)
	s.Work(t)
	asOf := time.Now().Add(-30 * time.Second).UTC()
	s.StartInventory(t, "fra1", asOf)
	stock, err := s.Stock(t.Context(), "fra1", false)
	require.NoError(t, err)
	require.Equal(t, 5, *stock.Packages[0].Free)
	require.True(t, asOf.Equal(*stock.AsOf))

	stock, err = s.Stock(t.Context(), "fra1", true)
	require.NoError(t, err)
	require.Equal(t, 2, *stock.Packages[0].Free, "somebody wants it fresher")
}

func TestStockThatIsOldIsLookedAtAgain(t *testing.T) {
	s := newScene(t)
	s.Work(t)
	s.StartInventory(t, "fra1", time.Now().Add(-time.Hour))
	stock, err := s.Stock(t.Context(), "fra1", false)
	require.NoError(t, err)
	require.Equal(t, 2, *stock.Packages[0].Free)
	require.WithinDuration(t, time.Now(), *stock.AsOf, time.Minute)
}

func TestStockThatCannotBeVouchedForIsUnknown(t *testing.T) {
	s := newScene(t)
	s.Work(t)
	old := time.Now().Add(-time.Hour).UTC()
	s.StartInventory(t, temporaltest.PanelDown, old)
	s.eventually(func() bool { // nobody answers until the worker has begun
		stock, err := s.Stock(t.Context(), temporaltest.PanelDown, false)
		return err == nil && len(stock.Packages) > 0
	})
	for range 3 {
		stock, err := s.Stock(t.Context(), temporaltest.PanelDown, false)
		require.NoError(t, err)
		require.Nil(t, stock.Packages[0].Free)
		require.Nil(t, stock.Packages[0].Claimed)
		require.Equal(t, 1, stock.Packages[0].Waiting, "that the allocator knows by itself")
		require.True(t, old.Equal(*stock.AsOf))
	}
	require.Equal(t, 1, s.signals(fleet.InventoryWorkflowID(temporaltest.PanelDown)),
		"a panel that is down must not fill the history of its inventory")
}

// signals counts the signals in a history.
func (s scene) signals(id string) int {
	s.t.Helper()
	count := 0
	for history := s.Client.GetWorkflowHistory(s.t.Context(), id, "", false, enumspb.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT); history.HasNext(); {
		event, err := history.Next()
		require.NoError(s.t, err)
		if event.GetWorkflowExecutionSignaledEventAttributes() != nil {
			count++
		}
	}
	return count
}

func TestStockOfAPanelWithoutAnInventory(t *testing.T) {
	s := newScene(t)
	stock, err := s.Stock(t.Context(), "fra1", false)
	require.NoError(t, err)
	require.Equal(t, fleet.Stock{Panel: "fra1", Packages: []fleet.PackageStock{}}, stock)
	_, err = s.Stock(t.Context(), "nowhere", false)
	require.ErrorIs(t, err, control.ErrUnknownPanel)
}
