package cli

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/internal/control"
	"metalease/workflows/api"
)

func containsReady(log string) bool { return strings.Contains(log, "gateway ready") }

func status(lines ...string) control.Status {
	s := control.Status{Status: api.Status{ServiceID: 101, Phase: api.PhaseActive}}
	for i, line := range lines {
		s.Timeline = append(s.Timeline, api.Entry{At: time.Unix(int64(len(line)*10+i), 0), What: line})
	}
	return s
}

// output is a command line whose output is kept.
func output() (c *commandLine, out, errOut *bytes.Buffer) {
	out, errOut = &bytes.Buffer{}, &bytes.Buffer{}
	return &commandLine{Streams: Streams{In: strings.NewReader(""), Out: out, Err: errOut}}, out, errOut
}

func TestNewsAreToldOnceEvenWhenTheTimelineForgets(t *testing.T) {
	c, out, _ := output()
	v := &news{c: c}
	one := api.Entry{At: time.Unix(1, 0), What: "one"}
	two := api.Entry{At: time.Unix(2, 0), What: "two"}
	three := api.Entry{At: time.Unix(3, 0), What: "three"}
	for _, timeline := range [][]api.Entry{{one, two}, {one, two}, {two, three}} {
		s := status()
		s.Timeline = timeline
		require.NoError(t, v.show(s))
	}
	for _, word := range []string{"one", "two", "three"} {
		require.Equal(t, 1, strings.Count(out.String(), word), word)
	}
}

func TestNewsTellTroubleOnce(t *testing.T) {
	c, _, errOut := output()
	v := &news{c: c}
	s := status("built")
	s.Trouble = []control.Trouble{{Where: "panel fra1", LastError: "connection\x1b refused", Attempt: 2}}
	require.NoError(t, v.show(s))
	s.Trouble[0].Attempt = 3
	require.NoError(t, v.show(s))
	v.missing(errors.New("no worker answers"))
	v.missing(errors.New("no worker answers"))
	require.Equal(t, "  panel fra1: connection  refused\n  no worker answers\n", errOut.String())
}

func TestFollowEndsWithTheServiceOrThePerson(t *testing.T) {
	c, out, _ := output()
	calls := 0
	require.NoError(t, c.follow(t.Context(), func() (control.Status, error) {
		calls++
		if calls == 1 {
			return control.Status{}, control.ErrWorkerUnavailable
		}
		s := status("released")
		s.Closed = true
		return s, nil
	}))
	require.Equal(t, 2, calls)
	require.Contains(t, out.String(), "released")

	require.ErrorIs(t, c.follow(t.Context(), func() (control.Status, error) { return control.Status{}, control.ErrUnknownService }), control.ErrUnknownService)
	ctx, cancel := context.WithCancel(t.Context())
	require.NoError(t, c.follow(ctx, func() (control.Status, error) { cancel(); return control.Status{}, context.Canceled }), "Ctrl-C is no failure")
}

func TestTheScreenIsDrawnInPlace(t *testing.T) {
	c, out, _ := output()
	v := &screen{c: c}
	require.NoError(t, v.draw("one\ntwo\n", 10))
	require.Equal(t, hideCursor+"one\ntwo\n", out.String())
	out.Reset()
	require.NoError(t, v.draw("three\n", 10))
	require.Equal(t, "\x1b[2A\r\x1b[Jthree\n", out.String(), "over both lines")
	out.Reset()
	require.NoError(t, v.draw("1\n2\n3\n4\n5\n", 4))
	require.Equal(t, "\x1b[1A\r\x1b[J1\n2\n3\n", out.String(), "no line scrolls away")
	out.Reset()
	v.missing(errors.New("no worker answers"))
	require.Equal(t, "\x1b[3A\r\x1b[Jno worker answers\n", out.String())
	out.Reset()
	v.close()
	require.Equal(t, showCursor, out.String())
}

func TestTheScreenKeepsTheLastPicture(t *testing.T) {
	c, out, _ := output()
	v := &screen{c: c}
	require.NoError(t, v.show(status("built")))
	out.Reset()
	v.missing(errors.New("no worker answers"))
	require.Contains(t, out.String(), "service 101  active")
	require.True(t, strings.HasSuffix(out.String(), "\nno worker answers\n"))
}

func TestConfirmWantsAYes(t *testing.T) {
	for text, want := range map[string]bool{"y\n": true, "YES\n": true, "n\n": false, "\n": false, "": false, "y": false, "yoghurt\n": false} {
		c, _, errOut := output()
		c.In = strings.NewReader(text)
		require.Equal(t, want, c.ask(t.Context(), losses[api.SignalTerminate]) == nil, text)
		require.Contains(t, errOut.String(), "No payment undoes that.")
	}
}

func TestCtrlCIsANo(t *testing.T) {
	c, _, _ := output()
	in, hold := io.Pipe() // nobody answers
	t.Cleanup(func() { _ = hold.Close() })
	c.In = in
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorContains(t, c.ask(ctx, "Release it?"), "nothing done")
}

func TestCorrectionsTakeTheFormOfTheField(t *testing.T) {
	text, err := corrections([]string{"ipv4=2", "os_template=5", "dont_wait=true", "grace=3d", `package="E3"`, "recipe=a=b, c", "server_id=5"})
	require.NoError(t, err)
	require.JSONEq(t, `{"ipv4":2,"os_template":"5","dont_wait":true,"grace":"3d","package":"E3","recipe":"a=b, c","server_id":5}`, string(text))
	for _, bad := range []string{"os_template", "colour=red", "ipv4=many", "grace=soon", "panel=ams1"} {
		_, err := corrections([]string{bad})
		require.Error(t, err, bad)
	}
	text, err = corrections(nil)
	require.NoError(t, err)
	require.Nil(t, text)
}
