package gateway

import (
	"encoding/json"
	"flag"
	"maps"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/internal/openapi"
	"metalease/workflows/api"
)

var update = flag.Bool("update", false, "write docs/openapi.json anew")

// contractFile is the document for readers and for programs that want it without a gateway.
const contractFile = "../../docs/openapi.json"

func readContract(t *testing.T) openapi.Document {
	t.Helper()
	var document openapi.Document
	require.NoError(t, json.Unmarshal(Contract(), &document))
	return document
}

func TestTheDocumentInTheRepositoryIsTheOneThatIsServed(t *testing.T) {
	if *update {
		require.NoError(t, os.WriteFile(contractFile, Contract(), 0o644))
	}
	there, err := os.ReadFile(contractFile)
	require.NoError(t, err)
	require.Equal(t, string(there), string(Contract()), "go test ./internal/gateway -run Document -update")
}

func TestEveryRouteIsInTheDocumentAndTheOtherWayRound(t *testing.T) {
	var table, documented, ids []string
	for _, r := range routes {
		table = append(table, r.method+" "+r.pattern+" "+r.id)
		require.NotEmpty(t, r.summary, r.id)
		require.NotEmpty(t, r.answers, r.id)
		require.True(t, (r.handle == nil) != (r.open == nil), r.id)
		require.Equal(t, r.open == nil, strings.HasPrefix(r.pattern, "/v1/"), "what needs no signature is no part of /v1")
	}
	for path, operations := range readContract(t).Paths {
		for method, operation := range operations {
			documented = append(documented, strings.ToUpper(method)+" "+path+" "+operation.ID)
			ids = append(ids, operation.ID)
		}
	}
	require.ElementsMatch(t, table, documented)
	slices.Sort(ids)
	require.Equal(t, slices.Compact(slices.Clone(ids)), ids, "an id names one operation")
}

func TestEverySignalHasItsCall(t *testing.T) {
	document := readContract(t)
	for _, name := range api.Signals {
		require.Contains(t, document.Paths, "/v1/services/{id}/"+name)
	}
	require.Len(t, signalRoutes(), len(api.Signals))
}

func TestEveryProblemIsInTheDocumentAndTheOtherWayRound(t *testing.T) {
	var table, documented []kind
	for k, row := range problemTypes {
		table = append(table, k)
		require.NotEmpty(t, row.title, k)
		require.NotEmpty(t, row.meaning, k)
		require.NotEmpty(t, row.remedy, k)
	}
	for name := range readContract(t).Components.Schemas {
		if slug, is := strings.CutPrefix(name, problemName("")); is {
			documented = append(documented, kind(slug))
		}
	}
	require.ElementsMatch(t, table, documented)

	// What no call answers: there is no call then.
	answered := map[kind]bool{unknownPath: true, wrongMethod: true, unknownSignal: true}
	for _, r := range routes {
		for _, k := range r.everyProblem() {
			require.Contains(t, problemTypes, k, r.id)
			answered[k] = true
		}
	}
	require.ElementsMatch(t, table, slices.Collect(maps.Keys(answered)), "each problem is some call's")
}

func TestEveryPropertyIsExplainedAndEveryTextIsUsed(t *testing.T) {
	unused := maps.Clone(propertyTexts)
	explained := func(typeName, name string) {
		_, own := propertyTexts[typeName+"."+name]
		if own {
			delete(unused, typeName+"."+name)
			return
		}
		require.NotEmpty(t, propertyTexts[name], "%s.%s", typeName, name)
		delete(unused, name)
	}
	for name, schema := range readContract(t).Components.Schemas {
		properties, _ := schema["properties"].(map[string]any)
		for property := range properties {
			explained(name, property)
		}
	}
	for _, field := range openapi.Fields(reflect.TypeFor[api.Event]()) {
		explained("Event", field.Name)
	}
	require.Empty(t, unused)
}

func TestTheLimitsOfAnOrderAreThoseOfItsFaults(t *testing.T) {
	texts := 0
	for i, field := range openapi.Fields(reflect.TypeFor[api.Order]()) {
		if field.Type.Kind() != reflect.String {
			continue
		}
		texts++
		require.Contains(t, orderLimits, field.Name, "a text without a limit")
		name := strings.Repeat("a.", orderLimits[field.Name]/2) + "a" // at the limit, which is odd
		for _, text := range []string{name, name + "aa"} {
			var order api.Order
			reflect.ValueOf(&order).Elem().Field(i).SetString(text)
			refused := slices.ContainsFunc(order.Faults(), func(f api.FieldError) bool { return f.Field == field.Name })
			require.Equal(t, len(text) > orderLimits[field.Name], refused, field.Name)
		}
	}
	require.Len(t, orderLimits, texts)
}

func TestEveryTextOfAnEventHasALimit(t *testing.T) {
	texts := 0
	for _, field := range openapi.Fields(reflect.TypeFor[api.Event]()) {
		if field.Type.Kind() == reflect.String {
			texts++
			require.Contains(t, eventLimits, field.Name)
		}
	}
	require.Len(t, eventLimits, texts)
}

// inBraces is the part of a README path that stands for all signals.
const inBraces = "{signal}"

var readmeCall = regexp.MustCompile("`(GET|POST|DELETE|PUT)? ?(/[^`? ]*)[^`]*`")

func TestTheTableOfCallsInTheREADMEIsTheTableOfRoutes(t *testing.T) {
	text, err := os.ReadFile("../../README.md")
	require.NoError(t, err)
	_, section, found := strings.Cut(string(text), "\n### Gateway\n")
	require.True(t, found)
	section, _, _ = strings.Cut(section, "\n### ")
	var table, written []string
	for _, r := range routes {
		pattern := r.pattern
		if r.tag == "signals" {
			pattern = "/v1/services/{id}/" + inBraces
		}
		table = append(table, r.method+" "+pattern)
	}
	for line := range strings.SplitSeq(section, "\n") {
		if !strings.HasPrefix(line, "| `") {
			continue
		}
		method, cell := "", strings.Split(line, " | ")[0]
		for _, call := range readmeCall.FindAllStringSubmatch(cell, -1) {
			if call[1] != "" {
				method = call[1]
			}
			written = append(written, method+" "+call[2])
		}
	}
	slices.Sort(table)
	require.ElementsMatch(t, slices.Compact(table), written)
}
