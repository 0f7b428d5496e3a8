package golden

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestLacks(t *testing.T) {
	read := func(text string) (value any) {
		require.NoError(t, json.Unmarshal([]byte(text), &value))
		return value
	}
	for _, same := range [][2]string{
		{`{"id":1}`, `{"id":"1","more":2}`},
		{`{"list":[{"a":1}]}`, `{"list":[{"a":0},{"a":1,"b":2}]}`},
		{`{"date":"2026-11-25"}`, `{"date":"2027-01-01"}`},
	} {
		require.Empty(t, Lacks(read(same[0]), read(same[1])), same[0])
	}
	for _, other := range [][3]string{
		{`{"id":1}`, `{"id":2}`, ".id is 2, and not 1"},
		{`{"id":1}`, `{}`, ".id is missing"},
		{`{"date":"2026-11-25"}`, `{"date":""}`, ".date is missing"},
		{`{"a":{"b":1}}`, `{"a":[]}`, ".a is [], and no object"},
		{`{"a":[1]}`, `{"a":{}}`, ".a is map[], and no list"},
		{`{"a":[1]}`, `{"a":[]}`, ".a is empty"},
		{`{"a":[1]}`, `{"a":[2]}`, ".a[] is 2, and not 1"},
	} {
		require.Equal(t, other[2], Lacks(read(other[0]), read(other[1])))
	}
}
