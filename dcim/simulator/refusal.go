package simulator

import "fmt"

// Error types of the panel (docs/dcimanager.md 2.6).
const (
	typeAuth   = "auth"
	typeAccess = "access"
	typeMissed = "missed"
	typeValue  = "value"
	typeExists = "exists"
	typeLimit  = "limit"
)

// refusal is an error document to be.
type refusal struct{ kind, object, value, message string }

func (r *refusal) Error() string { return r.kind + ": " + r.message }

func missed(object, value string) error {
	return &refusal{typeMissed, object, value, fmt.Sprintf("The object '%s' with value '%s' is not found", object, value)}
}

func badValue(object, value, why string) error {
	return &refusal{typeValue, object, value, fmt.Sprintf("Field '%s' has an invalid value: %s", object, why)}
}

func denied(object, value string) error {
	return &refusal{typeAccess, object, value, "Insufficient privileges to access '" + object + "'"}
}

// document is the error document. Values of secret fields are not echoed.
func (r *refusal) document(lang string) *node {
	if lang == "" {
		lang = "en"
	}
	failure := element("error").with("type", r.kind).with("object", r.object).with("lang", lang)
	param := func(name, value string) *node {
		p := field("param", value).with("name", name)
		p.many = true
		return p
	}
	failure.add(param("object", r.object))
	if r.value != "" {
		failure.add(param("value", r.value))
	}
	return document(failure.add(field("msg", r.message)))
}
