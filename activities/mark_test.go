package activities

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestMarkIsOneLineAmongOthers(t *testing.T) {
	mark := Mark{"main", 101, StateClaimed}
	notes := withMark("rack 4\r\nfan replaced", mark)
	require.Equal(t, "rack 4\nfan replaced\nmetalease:main/service-101 claimed", notes)
	require.Equal(t, []Mark{mark}, parseMarks(notes))

	notes = withMark(notes, Mark{"main", 101, "installing 1 was=ISPsystem__Debian-11"})
	require.Len(t, parseMarks(notes), 1, "the old state is replaced")
	require.True(t, parseMarks(notes)[0].Is(StateInstalling))
	require.Equal(t, "rack 4\nfan replaced", withoutMark(notes, mark))
	require.Equal(t, mark.String(), withMark("", mark))
}

func TestForeignMarksAreNeverTouched(t *testing.T) {
	foreign := "metalease:other/service-101 active"
	require.Equal(t, foreign, withoutMark(foreign, Mark{"main", 101, ""}))
	require.Len(t, parseMarks(withMark(foreign, Mark{"main", 101, StateClaimed})), 2)
}

func TestWhatIsNoMark(t *testing.T) {
	for _, notes := range []string{"", "metalease", "metalease:main/service-x claimed", "see metalease:main/service-1 claimed",
		"metalease:main/service-99999999999999999999999 claimed"} {
		require.Empty(t, parseMarks(notes), notes)
	}
}

func TestAReasonFitsIntoTheLine(t *testing.T) {
	line := oneLine("disk\nfailed\t" + strings.Repeat("ä", 300))
	require.NotContains(t, line, "\n")
	require.Len(t, []rune(line), 160)
}

func TestTheAnnouncementOfAnInstallSurvivesTheMark(t *testing.T) {
	for _, before := range []seen{{}, {template: "ISPsystem__Debian-12-x86_64"}, {failed: true}, {"X__Y", true, true}} {
		mark := parseMarks(Mark{"main", 101, installingState(3, before)}.String())[0]
		got, number := askedInstall(mark)
		require.Equal(t, 3, number)
		require.Equal(t, before, got)
		require.Equal(t, 3, InstallNumber(mark))
	}
	require.Zero(t, InstallNumber(Mark{State: StateActive}))
	require.Zero(t, InstallNumber(Mark{State: "installing soon"}))
}
