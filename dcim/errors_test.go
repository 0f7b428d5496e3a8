package dcim_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/dcim"
)

func TestKindOf(t *testing.T) {
	require.Equal(t, dcim.KindLimit, dcim.KindOf(fmt.Errorf("around: %w", &dcim.Error{Kind: dcim.KindLimit})))
	require.Equal(t, dcim.KindNone, dcim.KindOf(errors.New("another")))
	require.Equal(t, dcim.KindNone, dcim.KindOf(nil))
}

// TestErrorsOfEachKind: each kind has a name, an error for errors.Is, and a line in the table.
func TestErrorsOfEachKind(t *testing.T) {
	of := map[dcim.Kind]error{
		dcim.KindCredentials: dcim.ErrCredentials, dcim.KindAccess: dcim.ErrAccess, dcim.KindMissed: dcim.ErrMissed, dcim.KindValue: dcim.ErrValue,
		dcim.KindExists: dcim.ErrExists, dcim.KindLimit: dcim.ErrLimit, dcim.KindLicense: dcim.ErrLicense, dcim.KindPanel: dcim.ErrPanel,
		dcim.KindNotAPanel: dcim.ErrNotAPanel, dcim.KindUnreachable: dcim.ErrUnreachable, dcim.KindCertificate: dcim.ErrCertificate,
		dcim.KindMayHaveHappened: dcim.ErrMayHaveHappened, dcim.KindUnsupported: dcim.ErrUnsupported, dcim.KindReadOnly: dcim.ErrReadOnly,
		dcim.KindTooLarge: dcim.ErrTooLarge, dcim.KindUnreadable: dcim.ErrUnreadable, dcim.KindDenied: dcim.ErrDenied,
	}
	require.Len(t, of, len(dcim.Kinds()))
	names := map[string]bool{}
	for _, kind := range dcim.Kinds() {
		require.NotEmpty(t, kind.String())
		names[kind.String()] = true
		err := fmt.Errorf("around: %w", &dcim.Error{Kind: kind})
		for other, target := range of {
			require.Equal(t, other == kind, errors.Is(err, target), "%s as %s", kind, other)
		}
		require.NotErrorIs(t, errors.New("another"), of[kind])
	}
	require.Len(t, names, len(of))
}

// TestDoubtNeedsARequest: a call that was not sent has changed nothing, whatever its kind.
func TestDoubtNeedsARequest(t *testing.T) {
	uncertain := map[dcim.Kind]bool{dcim.KindMayHaveHappened: true, dcim.KindNotAPanel: true}
	for _, kind := range dcim.Kinds() {
		for _, sent := range []bool{true, false} {
			err := fmt.Errorf("around: %w", &dcim.Error{Kind: kind, Sent: sent})
			require.Equal(t, sent && uncertain[kind], dcim.Uncertain(err), "%s", kind)
			require.False(t, dcim.Uncertain(err) && dcim.Refused(err), "%s", kind)
			require.False(t, !sent && dcim.Refused(err), "%s", kind)
		}
	}
	require.True(t, dcim.Refused(&dcim.Error{Kind: dcim.KindValue, Sent: true}))
	require.False(t, dcim.Uncertain(nil) || dcim.Refused(nil))
	require.False(t, dcim.Uncertain(errors.New("another")) || dcim.Refused(errors.New("another")))
}

func TestChange(t *testing.T) {
	require.NotEqual(t, dcim.Change{}, dcim.Unassign(""), "the zero value saves nothing, and frees no server")
	require.NotEqual(t, dcim.Change{}, dcim.Assign(dcim.Account{}, ""), "that is refused, not left out")
	id, nobody := dcim.Assign(dcim.Account{ID: "17", Name: "cust42"}, "notes").Owner()
	require.Equal(t, "17", id)
	require.False(t, nobody)
	_, nobody = dcim.Unassign("notes").Owner()
	require.True(t, nobody)
}
