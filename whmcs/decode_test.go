package whmcs

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/internal/secret"
)

func TestScalarsComeInEveryShape(t *testing.T) {
	for raw, want := range map[string]int{`5`: 5, `"5"`: 5, `5.0`: 5, `""`: 0, `null`: 0, `"x"`: 0, `true`: 0, `[]`: 0} {
		var n number
		require.NoError(t, json.Unmarshal([]byte(raw), &n), raw)
		require.Equal(t, number(want), n, raw)
	}
	for raw, want := range map[string]string{`"a"`: "a", `5`: "5", `{}`: "", `[]`: "", `true`: "true"} {
		var s text
		require.NoError(t, json.Unmarshal([]byte(raw), &s), raw)
		require.Equal(t, text(want), s, raw)
	}
	for raw, want := range map[string]bool{`"on"`: true, `1`: true, `"1"`: true, `true`: true, `"0"`: false, `""`: false, `null`: false, `"off"`: false} {
		var f flag
		require.NoError(t, json.Unmarshal([]byte(raw), &f), raw)
		require.Equal(t, flag(want), f, raw)
	}
}

func TestListsComeInEveryShape(t *testing.T) {
	for raw, want := range map[string]list[number]{
		`""`: nil, `[]`: nil, `{}`: nil, `null`: nil, `{"product":""}`: nil, `{"product":[]}`: nil,
		`{"product":[1,"2"]}`: {1, 2}, `[1,2]`: {1, 2}, `{"0":1,"2":3,"10":4}`: {1, 3, 4}, `{"product":{"1":5}}`: {5},
	} {
		var l list[number]
		require.NoError(t, json.Unmarshal([]byte(raw), &l), raw)
		require.Equal(t, len(want), len(l), raw)
		for i := range want {
			require.Equal(t, want[i], l[i], raw)
		}
	}
	var l list[number]
	require.Error(t, json.Unmarshal([]byte(`{"a":[1],"b":[2]}`), &l))
}

func TestZeroDatesAreNone(t *testing.T) {
	for raw, zero := range map[string]bool{`"0000-00-00"`: true, `"0000-00-00 00:00:00"`: true, `""`: true, `null`: true, `"2026-01-31"`: false, `"2026-01-31 10:00:00"`: false} {
		var d Date
		require.NoError(t, json.Unmarshal([]byte(raw), &d))
		require.Equal(t, zero, d.IsZero(), raw)
	}
	var d Date
	require.NoError(t, json.Unmarshal([]byte(`"2026-01-31 10:00:00"`), &d))
	require.Equal(t, "2026-01-31", d.String())
	require.Equal(t, "not set", Date{}.String())
}

func TestASecretIsNeverShown(t *testing.T) {
	service := Service{ID: 1, Password: secret.New("s3cret!"), CustomFields: []CustomField{{Value: secret.New("s3cret!")}}}
	text, err := json.Marshal(service)
	require.NoError(t, err)
	for _, shown := range []string{string(text), fmt.Sprint(service), fmt.Sprintf("%+v %#v %q %x", service, service, service.Password, service.Password)} {
		require.NotContains(t, shown, "s3cret!")
		require.NotContains(t, shown, fmt.Sprintf("%x", "s3cret!"))
	}
	require.Equal(t, "s3cret!", service.Password.Reveal())
}
