package gateway_test

import (
	"bytes"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"

	"metalease/internal/gateway"
)

// contract judges calls by the document.
type contract struct {
	paths, responses map[string]any
	compiler         *jsonschema.Compiler
}

var theContract = sync.OnceValues(func() (contract, error) {
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(gateway.Contract()))
	if err != nil {
		return contract{}, err
	}
	compiler := jsonschema.NewCompiler()
	compiler.DefaultDraft(jsonschema.Draft2020)
	compiler.AssertFormat()
	err = compiler.AddResource("contract.json", document)
	whole := document.(map[string]any)
	return contract{whole["paths"].(map[string]any), whole["components"].(map[string]any)["responses"].(map[string]any), compiler}, err
})

func newContract(t *testing.T) contract {
	t.Helper()
	c, err := theContract()
	require.NoError(t, err)
	return c
}

var wildcard = regexp.MustCompile(`\{\w+\}`)

// operation finds the one that a call meets; nil is none. Where two fit, the one without a
// wildcard at the end is meant, as in the mux.
func (c contract) operation(method, path string) (pattern string, operation map[string]any) {
	path, _, _ = strings.Cut(path, "?")
	for candidate, operations := range c.paths {
		fits := regexp.MustCompile("^" + wildcard.ReplaceAllString(candidate, "[^/]+") + "$").MatchString(path)
		if found, there := operations.(map[string]any)[strings.ToLower(method)]; fits && there {
			return candidate, found.(map[string]any)
		}
	}
	return "", nil
}

// validate compares a text with a schema of the document.
func (c contract) validate(t *testing.T, text string, at ...string) {
	t.Helper()
	require.NoError(t, c.compiled(t, at).Validate(parsed(t, text)), "%s is not as %v says", text, at)
}

// compiled is the schema at a place of the document.
func (c contract) compiled(t *testing.T, at []string) *jsonschema.Schema {
	t.Helper()
	pointer := "contract.json#"
	for _, part := range at {
		pointer += "/" + strings.NewReplacer("~", "~0", "/", "~1", "{", "%7B", "}", "%7D").Replace(part)
	}
	schema, err := c.compiler.Compile(pointer)
	require.NoError(t, err, pointer)
	return schema
}

func parsed(t *testing.T, text string) any {
	t.Helper()
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	require.NoError(t, err, text)
	return value
}

// answered checks that a call and its answer are what the document says of them.
func (c contract) answered(t *testing.T, method, path, sent string, r reply) {
	t.Helper()
	media, _, _ := strings.Cut(r.header.Get("Content-Type"), ";")
	pattern, operation := c.operation(method, path)
	if operation == nil {
		kind := strings.TrimPrefix(r.problem(t).Type, "/problems/")
		require.Contains(t, []string{"unknown-path", "wrong-method", "unknown-signal", "unsigned"}, kind)
		c.validate(t, r.body, "components", "schemas", "problem-"+kind)
		return
	}
	method = strings.ToLower(method)
	responses := operation["responses"].(map[string]any)
	require.Contains(t, responses, strconv.Itoa(r.code), "%s %s", method, pattern)
	response, at := responses[strconv.Itoa(r.code)].(map[string]any), []string{"paths", pattern, method, "responses", strconv.Itoa(r.code)}
	if ref, shared := response["$ref"].(string); shared {
		at = strings.Split(strings.TrimPrefix(ref, "#/"), "/")
		response = c.responses[at[len(at)-1]].(map[string]any)
	}
	content, _ := response["content"].(map[string]any)
	if content == nil {
		require.Empty(t, r.body)
		return
	}
	require.Contains(t, content, media)
	if !strings.HasPrefix(media, "text/") {
		c.validate(t, r.body, append(at, "content", media, "schema")...)
	}
	refusedOne := strings.Contains(r.body, `"problem":`) // of a batch
	if r.code < http.StatusMultipleChoices && strings.TrimSpace(sent) != "" && !refusedOne {
		c.validate(t, sent, "paths", pattern, method, "requestBody", "content", "application/json", "schema")
	}
}

func TestEverySchemaOfTheDocumentCanBeUsed(t *testing.T) {
	c := newContract(t)
	var walk func(value any, at []string)
	used := 0
	walk = func(value any, at []string) {
		switch value := value.(type) {
		case map[string]any:
			for key, part := range value {
				here := append(at[:len(at):len(at)], key)
				if key == "schema" || len(at) == 2 && at[0] == "components" && at[1] == "schemas" {
					used++
					c.compiled(t, here)
				}
				walk(part, here)
			}
		case []any:
			for i, part := range value {
				walk(part, append(at[:len(at):len(at)], strconv.Itoa(i)))
			}
		}
	}
	walk(parsed(t, string(gateway.Contract())), nil)
	require.Greater(t, used, 100)
}

// TestExamplesAreWhatTheirSchemasSay: people copy them.
func TestExamplesAreWhatTheirSchemasSay(t *testing.T) {
	c := newContract(t)
	shown := 0
	var walk func(value any, at []string)
	walk = func(value any, at []string) {
		object, is := value.(map[string]any)
		if !is {
			return
		}
		for key, part := range object {
			here := append(at[:len(at):len(at)], key)
			if key != "examples" || object["schema"] == nil {
				walk(part, here)
				continue
			}
			for _, example := range part.(map[string]any) {
				shown++
				at := append(at[:len(at):len(at)], "schema")
				require.NoError(t, c.compiled(t, at).Validate(example.(map[string]any)["value"]), "%v", here)
			}
		}
	}
	walk(parsed(t, string(gateway.Contract())), nil)
	require.GreaterOrEqual(t, shown, 9)
}

func TestTheDocumentIsServedToEverybody(t *testing.T) {
	s := newScene(t)
	r := s.send(http.MethodGet, "/openapi.json", "", func(*http.Request) {})
	require.Equal(t, http.StatusOK, r.code)
	require.Equal(t, string(gateway.Contract()), r.body)
	require.Equal(t, "application/json", r.header.Get("Content-Type"))
}

// TestTheSchemasRefuse keeps them from saying yes to everything.
func TestTheSchemasRefuse(t *testing.T) {
	c := newContract(t)
	for _, wrong := range []struct{ text, pattern string }{
		{`{"service_id":101}`, "/v1/services"},
		{strings.Replace(goodOrder, `"os_template":"a",`, "", 1), "/v1/services"},
		{strings.Replace(goodOrder, `"client_id":7`, `"client_id":"7"`, 1), "/v1/services"},
		{`{"services":[` + goodOrder + `,{"service_id":102}]}`, "/v1/services/batch"},
		{`{"services":[]}`, "/v1/services/batch"},
		{`{"reason":5}`, "/v1/services/{id}/suspend"},
		{`{"action":"explode"}`, "/v1/services/{id}/power"},
		{`{"action":"on","actor":{"kind":"robot"}}`, "/v1/services/{id}/power"},
		{`{"domains":{"192.0.2.1":5}}`, "/v1/services/{id}/addresses"},
		{`{"target":"panel"}`, "/v1/services/{id}/sso"},
		{`{"target":"roof","actor":{"kind":"staff"}}`, "/v1/services/{id}/sso"},
		{`{"reason":"` + strings.Repeat("x", 501) + `"}`, "/v1/services/{id}/suspend"},
	} {
		schema := c.compiled(t, []string{"paths", wrong.pattern, "post", "requestBody", "content", "application/json", "schema"})
		require.Error(t, schema.Validate(parsed(t, wrong.text)), wrong.text)
	}
}
