package openapi

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"strings"
	"time"
)

// Schema is a JSON Schema of the dialect of OpenAPI 3.1, which is 2020-12.
type Schema map[string]any

// Ref refers to a schema of the components.
func Ref(name string) Schema { return Schema{"$ref": "#/components/schemas/" + name} }

// Types reads schemas off Go types as encoding/json writes them.
type Types struct {
	// Known are types that marshal themselves.
	Known map[reflect.Type]Schema
	// Property tells more about a property of a type: a description, limits. It may be nil.
	Property func(typeName, property string) Schema
	// Whole tells more about a type. It may be nil.
	Whole func(typeName string) Schema

	names   map[reflect.Type]string
	schemas map[string]Schema
}

// Schemas are the named ones that Of has met so far.
func (t *Types) Schemas() map[string]Schema { return t.schemas }

// Of returns the schema of a value's type. A struct with a name becomes a component. It panics
// for two types of one name, and for a type that JSON cannot have: both are programming errors.
func (t *Types) Of(value any) Schema { return t.of(reflect.TypeOf(value)) }

func (t *Types) of(typ reflect.Type) Schema {
	if known, there := t.Known[typ]; there {
		return maps.Clone(known)
	}
	switch typ {
	case reflect.TypeFor[time.Time]():
		return Schema{"type": "string", "format": "date-time"}
	case reflect.TypeFor[json.RawMessage]():
		return Schema{}
	}
	switch typ.Kind() {
	case reflect.Bool:
		return Schema{"type": "boolean"}
	case reflect.String:
		return Schema{"type": "string"}
	case reflect.Int, reflect.Int32, reflect.Int64:
		return Schema{"type": "integer"}
	case reflect.Float64:
		return Schema{"type": "number"}
	case reflect.Slice:
		return Schema{"type": "array", "items": t.of(typ.Elem())}
	case reflect.Map:
		return Schema{"type": "object", "additionalProperties": t.of(typ.Elem())}
	case reflect.Pointer:
		return t.of(typ.Elem())
	case reflect.Struct:
		if typ.Name() == "" {
			return t.object(typ, "")
		}
		return Ref(t.component(typ))
	default:
		panic(fmt.Sprintf("%s has no schema", typ))
	}
}

func (t *Types) component(typ reflect.Type) string {
	if name, there := t.names[typ]; there {
		return name
	}
	if t.names == nil {
		t.names, t.schemas = map[reflect.Type]string{}, map[string]Schema{}
	}
	name := strings.ToUpper(typ.Name()[:1]) + typ.Name()[1:]
	if _, taken := t.schemas[name]; taken {
		panic(fmt.Sprintf("two types are named %s; one is %s", name, typ))
	}
	t.names[typ], t.schemas[name] = name, nil // before the fields: a type may hold itself
	t.schemas[name] = t.object(typ, name)
	return name
}

// object is a struct's schema. What is always written is required.
func (t *Types) object(typ reflect.Type, name string) Schema {
	properties, required := Schema{}, []string{}
	for _, field := range Fields(typ) {
		schema := t.of(field.Type)
		if field.Type.Kind() == reflect.Pointer && field.Always {
			schema = orNull(schema)
		}
		if t.Property != nil {
			maps.Copy(schema, t.Property(name, field.Name))
		}
		properties[field.Name] = schema
		if field.Always {
			required = append(required, field.Name)
		}
	}
	whole := Schema{"type": "object", "properties": properties}
	if len(required) > 0 {
		whole["required"] = required
	}
	if t.Whole != nil {
		maps.Copy(whole, t.Whole(name))
	}
	return whole
}

func orNull(schema Schema) Schema {
	if kind, plain := schema["type"].(string); plain {
		schema["type"] = []string{kind, "null"}
		return schema
	}
	return Schema{"oneOf": []Schema{schema, {"type": "null"}}}
}

// Field is a struct's field as JSON has it.
type Field struct {
	Name string
	Type reflect.Type
	// Always is false when the field is left out while it is empty.
	Always bool
}

// Fields lists the fields of a struct that JSON shows, embedded structs among them.
func Fields(typ reflect.Type) []Field {
	var fields []Field
	for field := range typ.Fields() {
		name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		switch {
		case name == "-":
		case field.Anonymous && name == "": // also of a type that is not exported
			fields = append(fields, Fields(field.Type)...)
		case !field.IsExported():
		default:
			if name == "" {
				name = field.Name
			}
			fields = append(fields, Field{name, field.Type, !strings.Contains(options, "omit")})
		}
	}
	return fields
}
