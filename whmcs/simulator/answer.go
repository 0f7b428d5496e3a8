package simulator

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// view reads JSON of the gateway by paths such as "server.id", as the module does:
// what is missing or of another type is empty.
type view map[string]any

func (v view) value(path string) any {
	var value any = map[string]any(v)
	for key := range strings.SplitSeq(path, ".") {
		object, _ := value.(map[string]any)
		value = object[key]
	}
	return value
}

// unsafe is what text of others must not bring into a page of staff.
var unsafe = regexp.MustCompile(`[\x{00}-\x{1F}\x{7F}-\x{9F}\x{061C}\x{200E}\x{200F}\x{202A}-\x{202E}\x{2066}-\x{2069}]+`)

func (v view) text(path string) string { return asText(v.value(path)) }

func asText(value any) string {
	var text string
	switch value := value.(type) {
	case string:
		text = strings.ToValidUTF8(value, string(utf8.RuneError))
	case float64:
		text = fmt.Sprint(value)
	}
	return strings.TrimSpace(unsafe.ReplaceAllString(text, " "))
}

func (v view) texts(path string) []string {
	var texts []string
	items, _ := v.value(path).([]any)
	for _, item := range items {
		texts = append(texts, asText(item))
	}
	return slices.DeleteFunc(texts, func(text string) bool { return text == "" })
}

func (v view) number(path string) int {
	number, _ := v.value(path).(float64)
	return int(number)
}

func (v view) is(path string) bool {
	is, _ := v.value(path).(bool)
	return is
}

func (v view) each(path string) []view {
	var objects []view
	items, _ := v.value(path).([]any)
	for _, item := range items {
		if object, is := item.(map[string]any); is {
			objects = append(objects, object)
		}
	}
	return objects
}

// has tells whether there is an object or a list with something in it.
func (v view) has(path string) bool {
	switch value := v.value(path).(type) {
	case map[string]any:
		return len(value) > 0
	case []any:
		return len(value) > 0
	}
	return false
}

func (v view) time(path string) time.Time {
	at, err := time.Parse(time.RFC3339, v.text(path))
	if err != nil || at.Year() <= 1 {
		return time.Time{}
	}
	return at
}

// abandoned is a service whose workflow has ended before the server was given back.
func (v view) abandoned() bool { return v.is("closed") && v.text("phase") != "released" }

// reply is an answer of the gateway: JSON, or a problem of RFC 9457.
type reply struct {
	code int
	body []byte
	view view
}

// ok tells that the gateway did what it was asked, or took it.
func (r reply) ok() bool { return r.code >= 200 && r.code < 300 }

// is tells whether the answer is this problem.
func (r reply) is(slug string) bool { return !r.ok() && r.view["type"] == "/problems/"+slug }

// problem says what went wrong, in the gateway's words.
func (r reply) problem() string {
	if r.ok() {
		return ""
	}
	var parts []string
	for _, key := range []string{"title", "detail"} {
		text, _ := r.view[key].(string)
		parts = append(parts, strings.TrimRight(text, "."))
	}
	var faults []string
	for _, fault := range r.view.each("errors") {
		faults = append(faults, fault.text("field")+" "+fault.text("reason"))
	}
	parts = slices.DeleteFunc(append(parts, strings.Join(faults, "; ")), func(part string) bool { return part == "" })
	if len(parts) == 0 {
		return fmt.Sprintf("metalease answered with HTTP status %d", r.code)
	}
	return strings.Join(parts, ": ")
}

// json is the body for people to read: as it is when it is JSON.
func (r reply) json() json.RawMessage {
	if json.Valid(r.body) {
		return r.body
	}
	text, _ := json.Marshal(string(r.body)) // a text can always be encoded
	return text
}
