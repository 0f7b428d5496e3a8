package temporalclient

import (
	"testing"

	"github.com/stretchr/testify/require"
	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
	"go.uber.org/zap"

	"metalease/internal/config"
)

const (
	keyword  = enumspb.INDEXED_VALUE_TYPE_KEYWORD
	boolean  = enumspb.INDEXED_VALUE_TYPE_BOOL
	datetime = enumspb.INDEXED_VALUE_TYPE_DATETIME
)

func ensure(t *testing.T, server *frontend) error {
	t.Helper()
	listener := listen(t, "127.0.0.1:0")
	server.serve(t, listener)
	point(t, listener.Addr().String(), "rental")
	temporal, err := Dial(t.Context(), zap.NewNop(), "worker", config.Encryption{})
	require.NoError(t, err)
	defer temporal.Close()
	return EnsureSearchAttributes(t.Context(), temporal, map[string]enumspb.IndexedValueType{"Panel": keyword, "NeedsAttention": boolean})
}

func TestMissingAttributesAreCreatedAndAwaited(t *testing.T) {
	server := &frontend{known: map[string]enumspb.IndexedValueType{"Panel": keyword, "Other": datetime}, lag: 2}
	require.NoError(t, ensure(t, server))
	require.Equal(t, map[string]enumspb.IndexedValueType{"Panel": keyword, "NeedsAttention": boolean, "Other": datetime}, server.known)
	require.Equal(t, 1, server.added, "what is there is not created again")
	require.Equal(t, 3, server.asked, "it returns only when the attributes can be used")
}

func TestNothingIsCreatedTwice(t *testing.T) {
	server := &frontend{known: map[string]enumspb.IndexedValueType{"Panel": keyword, "NeedsAttention": boolean}}
	require.NoError(t, ensure(t, server))
	require.Zero(t, server.added)
}

func TestTwoProgramsCreateAtOnce(t *testing.T) {
	server := &frontend{known: map[string]enumspb.IndexedValueType{}, refuseAdd: serviceerror.NewAlreadyExists("it exists")}
	require.NoError(t, ensure(t, server))
}

func TestAWrongTypeIsNamed(t *testing.T) {
	server := &frontend{known: map[string]enumspb.IndexedValueType{"Panel": datetime, "NeedsAttention": boolean}}
	err := ensure(t, server)
	require.EqualError(t, err, `namespace "rental": the search attribute Panel is of type Datetime and must be Keyword: use another namespace, or remove it if nothing uses it`)
}

func TestWithoutPermission(t *testing.T) {
	denied := serviceerror.NewPermissionDenied("no", "")
	t.Run("somebody else made them", func(t *testing.T) {
		require.NoError(t, ensure(t, &frontend{refuseList: denied}))
	})
	t.Run("nobody did", func(t *testing.T) {
		err := ensure(t, &frontend{known: map[string]enumspb.IndexedValueType{}, refuseAdd: denied, lag: 1})
		require.ErrorContains(t, err, "this account may not create search attributes in namespace \"rental\"; somebody with that right must run "+
			"`temporal operator search-attribute create --namespace rental --name NeedsAttention --type Bool --name Panel --type Keyword`")
	})
}
