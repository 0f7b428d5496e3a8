package panel

import (
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/activities/holding"
)

func TestTheAnnouncementOfAnInstallSurvivesTheMark(t *testing.T) {
	for _, before := range []seen{{}, {template: "ISPsystem__Debian-12-x86_64"}, {failed: true}, {template: "X__Y", failed: true, accepted: true}, {again: true}} {
		mark := holding.ParseMarks(holding.Mark{Installation: "main", ServiceID: 101, State: installingState(3, before)}.String())[0]
		got, number := askedInstall(mark)
		require.Equal(t, 3, number)
		require.Equal(t, before, got)
		require.Equal(t, 3, InstallNumber(mark))
	}
	require.Zero(t, InstallNumber(holding.Mark{State: holding.StateActive}))
	require.Zero(t, InstallNumber(holding.Mark{State: "installing soon"}))
}
