package gateway

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"metalease/internal/openapi"
	"metalease/internal/signing"
	"metalease/workflows/api"
)

// contractVersion changes when a call of /v1 changes.
const contractVersion = "1"

// Contract is the OpenAPI document of the gateway, as GET /openapi.json answers it. It panics
// when the tables are wrong, which a test finds.
func Contract() []byte {
	d := documenter{newTypes(), map[string]openapi.Response{}}
	document := openapi.Document{
		OpenAPI: openapi.Version,
		Info: openapi.Info{
			Title: "metalease gateway", Version: contractVersion, Description: contractText,
			Summary: "The life of rented dedicated servers, for WHMCS and other programs",
			License: &openapi.Naming{Name: "Apache License 2.0", Identifier: "Apache-2.0"},
		},
		Servers: []openapi.Server{{URL: "/", Description: "The gateway that answers this document."}},
		Tags: []openapi.Tag{
			{Name: "services", Description: "The lives of services."}, {Name: "signals", Description: "What happens to a service."},
			{Name: "servers", Description: "Servers that customers have."},
			{Name: "panels", Description: "What panels have."}, {Name: "carts", Description: "What shops hand over; signed with a shop's own key, named in X-Metalease-Key."},
			{Name: "catalogue", Description: "What shops may sell."}, {Name: "operation", Description: "What machines ask the gateway itself; needs no signature."},
		},
		Security: []map[string][]string{signatureSchemes()},
		Paths:    map[string]map[string]*openapi.Operation{},
	}
	for _, r := range routes {
		if document.Paths[r.pattern] == nil {
			document.Paths[r.pattern] = map[string]*openapi.Operation{}
		}
		document.Paths[r.pattern][strings.ToLower(r.method)] = d.operation(r)
	}
	d.types.Of(Problem{})
	document.Components = openapi.Components{Schemas: maps.Clone(d.types.Schemas()), Responses: d.problems, SecuritySchemes: securitySchemes}
	for k := range problemTypes {
		document.Components.Schemas[problemName(k)] = problemSchema(k)
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(document); err != nil {
		panic(err)
	}
	return text.Bytes()
}

// contract serves the document that New has made.
func (g *gateway) contract(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(g.document) // a caller that went away is its own affair
}

// documenter collects what operations refer to.
type documenter struct {
	types    *openapi.Types
	problems map[string]openapi.Response
}

var wildcard = regexp.MustCompile(`\{(\w+)\}`)

func (d documenter) operation(r route) *openapi.Operation {
	operation := &openapi.Operation{
		ID: r.id, Tags: []string{r.tag}, Summary: r.summary, Description: r.text, Responses: map[string]openapi.Response{},
	}
	if r.open != nil {
		operation.Security = &[]map[string][]string{}
	}
	for _, name := range wildcard.FindAllStringSubmatch(r.pattern, -1) {
		p := pathParameters[name[1]]
		operation.Parameters = append(operation.Parameters, openapi.Parameter{Name: p.name, In: "path", Description: p.text, Required: true, Schema: p.schema})
	}
	for _, p := range r.headers {
		operation.Parameters = append(operation.Parameters, openapi.Parameter{Name: p.name, In: "header", Description: p.text, Required: p.required, Schema: p.schema})
	}
	for _, p := range r.query {
		operation.Parameters = append(operation.Parameters, openapi.Parameter{Name: p.name, In: "query", Description: p.text, Required: p.required, Schema: p.schema})
	}
	if r.body != nil {
		operation.Body = d.body(r.body)
		exemplify(operation.Body.Content, r.sent)
	}
	for i, a := range r.answers {
		response := d.answer(a)
		if i == 0 {
			exemplify(response.Content, r.told)
		}
		operation.Responses[strconv.Itoa(a.status)] = response
	}
	kinds := map[int][]kind{}
	for _, k := range r.everyProblem() {
		kinds[problemTypes[k].status] = append(kinds[problemTypes[k].status], k)
	}
	for status, list := range kinds {
		operation.Responses[strconv.Itoa(status)] = d.problem(list)
	}
	return operation
}

// exemplify adds an example to a body of JSON.
func exemplify(content map[string]openapi.Media, example any) {
	if media, is := content["application/json"]; is && example != nil {
		media.Examples = map[string]openapi.Example{"example": {Value: example}}
		content["application/json"] = media
	}
}

func (d documenter) body(b *body) *openapi.Body {
	schema := openapi.Schema{"oneOf": []openapi.Schema{
		d.event(b.fields), {"type": "string", "maxLength": api.LimitReason, "description": "The reason."}, {"type": "null"},
	}}
	switch {
	case b.value != nil:
		schema = d.types.Of(b.value)
	case b.required: // it says what is to be done, which no text and no absence does
		schema = d.event(b.fields)
	}
	return &openapi.Body{Description: b.text, Required: b.required, Content: map[string]openapi.Media{"application/json": {Schema: schema}}}
}

// event is the object that a signal takes: the fields that it reads, of those of all events.
func (d documenter) event(fields []string) openapi.Schema {
	properties := openapi.Schema{}
	for _, field := range openapi.Fields(reflect.TypeFor[api.Event]()) {
		if slices.Contains(fields, field.Name) {
			schema := d.types.Of(reflect.Zero(field.Type).Interface())
			maps.Copy(schema, property("Event", field.Name))
			properties[field.Name] = schema
		}
	}
	return openapi.Schema{"type": "object", "properties": properties}
}

func (d documenter) answer(a answerType) openapi.Response {
	response := openapi.Response{Description: a.text}
	switch value := a.value.(type) {
	case nil:
		return response
	case string:
		response.Content = map[string]openapi.Media{"text/plain": {Schema: openapi.Schema{"type": "string"}}}
	case script:
		response.Content = map[string]openapi.Media{"text/javascript": {Schema: openapi.Schema{"type": "string"}}}
	case struct{}:
		response.Content = map[string]openapi.Media{"application/json": {Schema: openapi.Schema{"type": "object"}}}
	default:
		response.Content = map[string]openapi.Media{"application/json": {Schema: d.types.Of(value)}}
	}
	if a.status == http.StatusCreated {
		response.Headers = map[string]openapi.Header{"Location": {Description: "The path of what was created.", Schema: openapi.Schema{"type": "string"}}}
	}
	return response
}

func problemName(k kind) string { return "problem-" + string(k) }

// problemSchema is a problem whose type and status are known.
func problemSchema(k kind) openapi.Schema {
	row := problemTypes[k]
	return openapi.Schema{
		"title": row.title, "description": row.meaning + " " + row.remedy,
		"allOf": []openapi.Schema{openapi.Ref("Problem"), {"properties": openapi.Schema{
			"type": openapi.Schema{"const": problemBase + string(k)}, "status": openapi.Schema{"const": row.status},
		}}},
	}
}

// problem is the answer of one status, which may have several types of problems. Most calls
// share most of theirs.
func (d documenter) problem(kinds []kind) openapi.Response {
	slices.Sort(kinds)
	var names, texts []string
	var refs []openapi.Schema
	for _, k := range kinds {
		names = append(names, string(k))
		texts = append(texts, "`"+string(k)+"`: "+problemTypes[k].meaning+" "+problemTypes[k].remedy)
		refs = append(refs, openapi.Ref(problemName(k)))
	}
	schema := refs[0]
	if len(refs) > 1 {
		schema = openapi.Schema{"oneOf": refs}
	}
	name := strings.Join(names, ".")
	d.problems[name] = openapi.Response{
		Description: strings.Join(texts, "\n\n"), Content: map[string]openapi.Media{"application/problem+json": {Schema: schema}},
	}
	return openapi.RefResponse(name)
}

// securitySchemes are the headers that sign a call; all of them are needed.
var securitySchemes = map[string]openapi.SecurityScheme{
	"installation": {Type: "apiKey", In: "header", Name: signing.HeaderInstallation, Description: "The configured name of the installation that calls."},
	"timestamp":    {Type: "apiKey", In: "header", Name: signing.HeaderTimestamp, Description: "The time of the call in unix seconds; at most 5 minutes off."},
	"signature":    {Type: "apiKey", In: "header", Name: signing.HeaderSignature, Description: "v1= and the HMAC-SHA256 in hex, as the description of this API says."},
}

func signatureSchemes() map[string][]string {
	all := map[string][]string{}
	for name := range securitySchemes {
		all[name] = []string{}
	}
	return all
}
