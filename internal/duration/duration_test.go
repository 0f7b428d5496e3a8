package duration

import (
	"encoding/json"
	"errors"
	"strconv"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestParse(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"720s": 720 * time.Second, "72h": 3 * day, "3d": 3 * day, "1d12h": 36 * time.Hour, "0": 0, "0s": 0, "0d": 0, "00d": 0,
		"1.5h": 90 * time.Minute, "250ms": 250 * time.Millisecond, " 90s ": 90 * time.Second, "1d0.5h": 24*time.Hour + 30*time.Minute,
		"720": 720 * time.Second, "0.25": 250 * time.Millisecond, "3650d": Longest, "87600h": Longest, "315360000": Longest,
		"3649d24h": Longest,
	} {
		got, err := Parse(text)
		require.NoError(t, err, text)
		require.Equal(t, want, got, text)
	}
	for text, want := range map[string]error{
		"": ErrForm, " ": ErrForm, "d": ErrForm, "1.5d": ErrForm, "3 days": ErrForm, "3d-1h": ErrForm, "3d+1h": ErrForm, "1h3d": ErrForm, "1d1d": ErrForm,
		"five": ErrForm, ".": ErrForm, "1.2.3": ErrForm, "1e3": ErrForm, "0x10": ErrForm, "+5s": ErrForm, "--5s": ErrForm, "Inf": ErrForm,
		"-3d": ErrNegative, "-1s": ErrNegative, "-5": ErrNegative, "-x": ErrForm, "-999999d": ErrNegative,
		"3651d": ErrTooLong, "213504d": ErrTooLong, "99999999999999999999d": ErrTooLong, "9999999h": ErrTooLong, "9999999999999999999999h": ErrTooLong,
		"60000d2562047h": ErrTooLong, "3650d1ns": ErrTooLong, "315360000.1": ErrTooLong, "99999999999999999999": ErrTooLong, "60000dx": ErrForm,
	} {
		_, err := Parse(text)
		require.ErrorIs(t, err, want, text)
	}
}

func TestTheRoundTripIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := Duration(rapid.OneOf(
			rapid.Int64Range(0, int64(Longest)),
			rapid.Map(rapid.Int64Range(0, 10*365*24*60), func(m int64) int64 { return m * int64(time.Minute) }),
		).Draw(t, "duration"))
		parsed, err := Parse(d.String())
		if err != nil || Duration(parsed) != d {
			t.Fatalf("%s became %v: %v", d, parsed, err)
		}
		for name, format := range map[string]struct {
			marshal   func(any) ([]byte, error)
			unmarshal func([]byte, any) error
		}{"JSON": {json.Marshal, json.Unmarshal}, "YAML": {yaml.Marshal, func(b []byte, into any) error { return yaml.Unmarshal(b, into) }}} {
			type holder struct{ D Duration }
			text, err := format.marshal(holder{d})
			var read holder
			if err := errors.Join(err, format.unmarshal(text, &read)); err != nil || read.D != d {
				t.Fatalf("%s: %s became %s: %v", name, text, read.D, err)
			}
		}
	})
}

func TestString(t *testing.T) {
	for want, d := range map[string]time.Duration{
		"0s": 0, "12m": 720 * time.Second, "3d": 72 * time.Hour, "1d12h": 36 * time.Hour, "10m5s": 605 * time.Second, "1h0m1s": time.Hour + time.Second,
		"250ms": 250 * time.Millisecond, "20h": 20 * time.Hour, "1h10m": 70 * time.Minute, "1d1ms": 24*time.Hour + time.Millisecond, "-5s": -5 * time.Second,
	} {
		require.Equal(t, want, Duration(d).String())
	}
}

func TestJSON(t *testing.T) {
	for text, want := range map[string]time.Duration{
		`"72h"`: 72 * time.Hour, `720`: 720 * time.Second, `1.5`: 1500 * time.Millisecond, `""`: 0, `7.2e2`: 720 * time.Second, `"1d12h"`: 36 * time.Hour, `1e-3`: time.Millisecond,
	} {
		var d Duration
		require.NoError(t, json.Unmarshal([]byte(text), &d), text)
		require.Equal(t, Duration(want), d, text)
	}
	kept := Duration(5)
	require.NoError(t, json.Unmarshal([]byte(`null`), &kept))
	require.Equal(t, Duration(5), kept)
	for text, want := range map[string]string{
		`"213504d"`: `"213504d" is too long; the longest is 3650d (ten years)`, `-5`: `"-5" is negative`, `1e300`: `is too long`, `-1e300`: `is negative`,
		`true`: `a duration must be a text such as "72h" or a number of seconds`, `{}`: `must be a text`, `"x"`: `"x" is not a duration`,
	} {
		d := Duration(7)
		require.ErrorContains(t, json.Unmarshal([]byte(text), &d), want, text)
		require.Equal(t, Duration(7), d, "an error changes nothing")
	}
}

func TestYAML(t *testing.T) {
	for text, want := range map[string]time.Duration{`72h`: 72 * time.Hour, `"3d"`: 72 * time.Hour, `'1d12h'`: 36 * time.Hour, `720`: 720 * time.Second, `~`: 0} {
		var holder struct{ D Duration }
		require.NoError(t, yaml.Unmarshal([]byte("d: "+text+"\n"), &holder), text)
		require.Equal(t, Duration(want), holder.D, text)
	}
	var holder struct{ D Duration }
	require.ErrorContains(t, yaml.Unmarshal([]byte("d: -5s\n"), &holder), "is negative")
}

// FuzzParse: whatever is read is within bounds and is read again from its own text.
func FuzzParse(f *testing.F) {
	for _, text := range []string{"720s", "3d", "1d12h", "1.5h", "720", "0.25", "213504d", "-3d", "3650d1ns", "9999999999999999999999h"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, err := Parse(text)
		if err != nil {
			require.Zero(t, d)
			require.True(t, err == ErrForm || err == ErrNegative || err == ErrTooLong, "%v", err)
			return
		}
		require.True(t, d >= 0 && d <= Longest, "%v", d)
		again, err := Parse(Duration(d).String())
		require.NoError(t, err)
		require.Equal(t, d, again)
		if reference, err := time.ParseDuration(text); err == nil {
			require.Equal(t, reference, d)
		}
		if seconds, err := strconv.ParseUint(text, 10, 31); err == nil {
			require.Equal(t, time.Duration(seconds)*time.Second, d)
		}
	})
}
