package billing

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestNotesKeepTheStaffsOwnLines(t *testing.T) {
	notes := noted("VIP, call first", NoteInput{Problem: "the install\nfailed"})
	require.Equal(t, "VIP, call first\nmetalease needs attention: the install failed", notes)
	require.Equal(t, notes, noted(notes, NoteInput{Problem: "the install failed"}), "a repeat changes nothing")

	notes = noted(notes, NoteInput{Problem: "no free server"})
	require.Equal(t, "VIP, call first\nmetalease needs attention: no free server", notes)

	notes = noted(notes, NoteInput{})
	require.Equal(t, "VIP, call first", notes)

	record := NoteInput{Record: "released 2026-02-01: server 5"}
	notes = noted(notes, record)
	require.Equal(t, "VIP, call first\nmetalease: released 2026-02-01: server 5", notes)
	require.Equal(t, notes, noted(notes, record))
	require.Equal(t, "", noted("", NoteInput{}))
}
