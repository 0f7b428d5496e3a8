package holding

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestMarkIsOneLineAmongOthers(t *testing.T) {
	mark := Mark{"main", 101, StateClaimed}
	notes := WithMark("rack 4\r\nfan replaced", mark)
	require.Equal(t, "rack 4\nfan replaced\nmetalease:main/service-101 claimed", notes)
	require.Equal(t, []Mark{mark}, ParseMarks(notes))

	notes = WithMark(notes, Mark{"main", 101, "installing 1 was=ISPsystem__Debian-11"})
	require.Len(t, ParseMarks(notes), 1, "the old state is replaced")
	require.True(t, ParseMarks(notes)[0].Is(StateInstalling))
	require.Equal(t, "rack 4\nfan replaced", WithoutMark(notes, mark))
	require.Equal(t, mark.String(), WithMark("", mark))
}

func TestForeignMarksAreNeverTouched(t *testing.T) {
	foreign := "metalease:other/service-101 active"
	require.Equal(t, foreign, WithoutMark(foreign, Mark{"main", 101, ""}))
	require.Len(t, ParseMarks(WithMark(foreign, Mark{"main", 101, StateClaimed})), 2)
}

func TestWhatIsNoMark(t *testing.T) {
	for _, notes := range []string{"", "metalease", "metalease:main/service-x claimed", "see metalease:main/service-1 claimed",
		"metalease:main/service-99999999999999999999999 claimed"} {
		require.Empty(t, ParseMarks(notes), notes)
	}
}

func TestAReasonFitsIntoTheLine(t *testing.T) {
	line := OneLine("disk\nfailed\t" + strings.Repeat("ä", 300))
	require.NotContains(t, line, "\n")
	require.Len(t, []rune(line), 160)
}

// Of a mark that is not ours people are told whom it is for, and nothing that somebody has put
// behind that.
func TestAForeignMarkIsToldByItsHolderOnly(t *testing.T) {
	marks := ParseMarks("metalease:other/service-7 active <script>[x](http://evil.example)\x1b[31m\u202e call 555-0100")
	require.Len(t, marks, 1)
	require.Equal(t, "service 7 of installation other", marks[0].Holder())
	long := ParseMarks("metalease:" + strings.Repeat("a", 5000) + "/service-7 active")
	require.Less(t, len(long[0].Holder()), 100)
}

func TestAReasonMeansNothingToAPage(t *testing.T) {
	require.Equal(t, "‹b›x‹/b› [a] (http://evil.example)", OneLine("<b>x</b>\n[a](http://evil.example)\u202e"))
}
