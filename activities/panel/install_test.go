package panel

import (
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/activities/holding"
)

func TestTheAnnouncementOfAnInstallSurvivesTheMark(t *testing.T) {
	for _, before := range []Seen{{}, {Template: "ISPsystem__Debian-12-x86_64"}, {Failed: true}, {"X__Y", true, true}} {
		mark := holding.ParseMarks(holding.Mark{Installation: "main", ServiceID: 101, State: InstallingState(3, before)}.String())[0]
		got, number := AskedInstall(mark)
		require.Equal(t, 3, number)
		require.Equal(t, before, got)
		require.Equal(t, 3, InstallNumber(mark))
	}
	require.Zero(t, InstallNumber(holding.Mark{State: holding.StateActive}))
	require.Zero(t, InstallNumber(holding.Mark{State: "installing soon"}))
}
