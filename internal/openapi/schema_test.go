package openapi_test

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/internal/openapi"
)

type colour string

type base struct {
	ID int `json:"id"`
}

type node struct {
	base
	Base2    base            `json:"base"`
	Name     string          `json:"name,omitempty"`
	At       time.Time       `json:"at,omitzero"`
	Children []node          `json:"children"`
	Count    *int            `json:"count"`
	Other    *base           `json:"other"`
	Maybe    *base           `json:"maybe,omitempty"`
	Colour   colour          `json:"colour"`
	Raw      json.RawMessage `json:"raw,omitempty"`
	Tags     map[string]bool `json:"tags,omitempty"`
	Share    float64         `json:"share,omitempty"`
	Hidden   string          `json:"-"`
	private  string
	Plain    bool
}

func TestSchemasAreWhatJSONWrites(t *testing.T) {
	_ = node{}.private
	types := &openapi.Types{
		Known: map[reflect.Type]openapi.Schema{reflect.TypeFor[colour](): {"type": "string", "enum": []string{"red"}}},
		Property: func(typeName, property string) openapi.Schema {
			if typeName == "Node" && property == "name" {
				return openapi.Schema{"maxLength": 5}
			}
			return nil
		},
		Whole: func(typeName string) openapi.Schema {
			if typeName == "Base" {
				return openapi.Schema{"description": "a base"}
			}
			return nil
		},
	}
	require.Equal(t, openapi.Ref("Node"), types.Of(node{}))
	require.Equal(t, openapi.Schema{"type": "array", "items": openapi.Ref("Node")}, types.Of([]node{}), "met twice")
	text, err := json.Marshal(types.Schemas())
	require.NoError(t, err)
	require.JSONEq(t, `{
		"Base": {"type": "object", "description": "a base", "required": ["id"], "properties": {"id": {"type": "integer"}}},
		"Node": {"type": "object", "required": ["id", "base", "children", "count", "other", "colour", "Plain"], "properties": {
			"id": {"type": "integer"}, "base": {"$ref": "#/components/schemas/Base"}, "name": {"type": "string", "maxLength": 5},
			"at": {"type": "string", "format": "date-time"}, "children": {"type": "array", "items": {"$ref": "#/components/schemas/Node"}},
			"count": {"type": ["integer", "null"]}, "other": {"oneOf": [{"$ref": "#/components/schemas/Base"}, {"type": "null"}]},
			"maybe": {"$ref": "#/components/schemas/Base"}, "colour": {"type": "string", "enum": ["red"]}, "raw": {},
			"tags": {"type": "object", "additionalProperties": {"type": "boolean"}}, "share": {"type": "number"}, "Plain": {"type": "boolean"}
		}}
	}`, string(text))
}

func TestTwoTypesOfOneNameAreAFault(t *testing.T) {
	types := &openapi.Types{}
	types.Of(base{})
	type Base struct{}
	require.PanicsWithValue(t, "two types are named Base; one is openapi_test.Base", func() { types.Of(Base{}) })
	require.PanicsWithValue(t, "chan int has no schema", func() { types.Of(make(chan int)) })
}
