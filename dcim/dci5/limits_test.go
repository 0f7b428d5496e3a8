package dci5

import (
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const mebibyte = 1 << 20

// endless repeats a text behind a beginning.
type endless struct{ begin, again string }

func (e *endless) Read(to []byte) (int, error) {
	if e.begin == "" {
		e.begin = strings.Repeat(e.again, 1+(64<<10)/len(e.again))
	}
	n := copy(to, e.begin)
	e.begin = e.begin[n:]
	return n, nil
}

// Whatever fills the largest answer that is accepted, reading it takes little more than that: all
// that is ever allocated is measured, which is more than what is held at a time.
func TestALargeAnswerTakesLittleMemory(t *testing.T) {
	const largest = 12 * mebibyte
	for name, from := range map[string]*endless{
		"elements":         {"<doc>", "<a/>"},
		"rows":             {"<doc>", "<elem/>"},
		"flags":            {"<doc>", "<elem><a/><b/></elem>"},
		"fields of a row":  {"<doc><elem>", "<a/>"},
		"nested":           {"<doc>", "<a>"},
		"attributes":       {"<doc><a ", `b="" `},
		"attributes, more": {"<doc>", `<a b="" b="" b="" b="" b="" b=""/>`},
		"one text":         {"<doc><a>", "text"},
		"one name":         {"<doc><", "name"},
		"names":            {"<doc>", "<elem><a>1</a><bb>2</bb></elem>"},
		"comments":         {"<doc>", "<!-- x -->"},
		"one comment":      {"<doc><!--", "xxxx"},
		"one CDATA":        {"<doc><a><![CDATA[", "xxxx"},
		"references":       {"<doc><a>", "&#1;"},
		"one reference":    {"<doc><a>&", "aaaa"},
		"declarations":     {"<!DOCTYPE doc [", `<!ENTITY a "b">`},
		"instructions":     {"<?xml ", "aaaa"},
		"no characters":    {"<doc><a>", "\xff\xfe\x00\x01"},
		"large rows":       {"<doc>", "<elem><id>1</id><name>" + strings.Repeat("x", 200<<10) + "</name></elem>"},
	} {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		bounded := &answer{in: from, left: largest}
		_, err := decode(bounded, "")
		runtime.ReadMemStats(&after)
		require.Error(t, err, "%s: it is without end", name)
		took := (after.TotalAlloc - before.TotalAlloc) / mebibyte
		require.Less(t, took, uint64(400), "%s: MiB allocated for an answer of at most 12 MiB; %v", name, err)
	}
}

// The largest answer that is read whole stays small too once it is read.
func TestALargeFleetIsReadWhole(t *testing.T) {
	var text strings.Builder
	text.WriteString("<doc>")
	for id := range 20_000 {
		_, _ = fmt.Fprintf(&text, `<elem><id>%d</id><name>A1-%d</name><hostname>server%d.example.com</hostname><ip>192.0.2.1</ip><owner>17</owner>`+
			`<type>2x E5</type><chassis_templ>E5-64G</chassis_templ><rack>A1 5</rack><ipmi>IPMI S%d</ipmi><poweron>on</poweron><a/><b/><c/><d/><e/><f/><g/><h/></elem>`, id, id, id, id)
	}
	text.WriteString("</doc>")
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	doc, err := decode(strings.NewReader(text.String()), "")
	require.NoError(t, err)
	runtime.GC()
	runtime.ReadMemStats(&after)
	require.Len(t, doc.rows(), 20_000)
	require.Less(t, (int64(after.HeapAlloc)-int64(before.HeapAlloc))/mebibyte, int64(150))
	runtime.KeepAlive(doc)
}

// A row over a limit costs itself; its server is not free, and says why.
func TestARowOverALimitCostsItself(t *testing.T) {
	free := "<hostname>free.ds</hostname>"
	for why, row := range map[string]string{
		"name: its text is longer": "<name>" + strings.Repeat("x", maxText+1) + "</name>",
		"more than 5000 fields":    strings.Repeat("<a/>", maxFields) + "<blocked>on</blocked>",
		"name: its attributes":     "<name " + strings.Repeat(`a="" `, maxAttributes+1) + "/>",
	} {
		doc, err := decodeText("<doc><elem><id>1</id>" + free + "</elem><elem><id>2</id>" + free + row + "</elem><elem><id>3</id>" + free + "</elem></doc>")
		require.NoError(t, err, why)
		require.Empty(t, doc.fault, why)
		rows := doc.rows()
		require.Len(t, rows, 3)
		for i, row := range rows {
			server := newServer(row)
			require.Equal(t, i != 1, server.Free(), "%s: %+v", why, server.Unreadable)
			if i == 1 {
				require.Contains(t, server.Unreadable, why)
			}
		}
	}
}

func TestLimitsAreTyped(t *testing.T) {
	for _, text := range []string{
		"<doc>" + strings.Repeat("<elem/>", maxNodes) + "</doc>",
		strings.Repeat("<doc>", maxDepth+1),
		"<doc><a>" + strings.Repeat("x", maxToken+1) + "</a></doc>",
	} {
		_, err := decodeText(text)
		var large tooLarge
		require.ErrorAs(t, err, &large)
	}
	bounded := &answer{in: strings.NewReader("<doc/>"), left: 5}
	_, err := io.ReadAll(bounded)
	require.ErrorIs(t, err, errOverLimit)
	require.True(t, bounded.over)
}
