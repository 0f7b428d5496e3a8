package config

import (
	"fmt"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"

	"metalease/internal/duration"
	"metalease/internal/secret"
)

// decoder fills the structs of this package from a YAML tree. The library's own decoder stops at the first fault; this one goes on.
type decoder struct {
	*report
	role Role
}

var (
	durationType = reflect.TypeFor[time.Duration]()
	secretType   = reflect.TypeFor[secret.Secret]()
)

func (d decoder) decode(root ast.Node, into *Config) {
	d.value(root, "", reflect.ValueOf(into).Elem(), true)
}

// value decodes one node into target. used says whether the role needs the value: otherwise an unset variable leaves it empty.
func (d decoder) value(node ast.Node, key string, target reflect.Value, used bool) {
	line := node.GetToken().Position.Line
	if _, known := d.lines[key]; !known {
		d.lines[key] = line
	}
	if node.Type() == ast.NullType {
		return // "key:" with nothing behind it keeps the default
	}
	switch {
	case target.Type() == secretType, target.Type() == durationType:
		d.scalar(node, key, target, used)
	case target.Kind() == reflect.Struct:
		d.mapping(node, key, target, used)
	case target.Kind() == reflect.Slice:
		d.sequence(node, key, target, used)
	default:
		d.scalar(node, key, target, used)
	}
}

func (d decoder) mapping(node ast.Node, key string, target reflect.Value, used bool) {
	entries, ok := node.(ast.MapNode)
	if !ok {
		d.add(key, "is %s, not a set of keys", describe(node))
		return
	}
	seen := map[string]bool{}
	for entry := entries.MapRange(); entry.Next(); {
		name := entry.Key().GetToken().Value
		child := strings.TrimPrefix(key+"."+name, ".")
		line := entry.Key().GetToken().Position.Line
		field, known := fieldOf(target.Type(), name)
		switch {
		case !known:
			d.faults = append(d.faults, Fault{d.file, line, child, "unknown key; known here: " + strings.Join(keysOf(target.Type()), ", ")})
			continue
		case seen[name]:
			d.faults = append(d.faults, Fault{d.file, line, child, "is set twice"})
			continue
		}
		seen[name] = true
		d.lines[child] = line
		only := field.Tag.Get("for")
		d.value(entry.Value(), child, target.FieldByIndex(field.Index), used && d.role.uses(only))
	}
}

func (d decoder) sequence(node ast.Node, key string, target reflect.Value, used bool) {
	list, ok := node.(*ast.SequenceNode)
	if !ok {
		d.add(key, "is %s, not a list", describe(node))
		return
	}
	target.Set(reflect.MakeSlice(target.Type(), len(list.Values), len(list.Values)))
	for i, item := range list.Values {
		element := target.Index(i)
		if withDefaults, ok := element.Addr().Interface().(interface{ setDefaults() }); ok {
			withDefaults.setDefaults()
		}
		d.value(item, fmt.Sprintf("%s[%d]", key, i), element, used)
	}
}

func (d decoder) scalar(node ast.Node, key string, target reflect.Value, used bool) {
	text, ok := textOf(node)
	if !ok {
		d.add(key, "is %s, not a single value", describe(node))
		return
	}
	text, complete := d.expand(key, text, used)
	if !complete {
		return
	}
	if target.Type() == durationType {
		length, err := duration.Parse(text)
		if err != nil {
			d.add(key, "%q %v", text, err)
		}
		target.SetInt(int64(length))
		return
	}
	switch target.Kind() {
	case reflect.Struct: // only a secret.Secret comes here
		target.Set(reflect.ValueOf(secret.New(text)))
	case reflect.String:
		target.SetString(text)
	case reflect.Int:
		number, err := strconv.Atoi(text)
		if err != nil {
			d.add(key, "%q is not a whole number", text)
		}
		target.SetInt(int64(number))
	case reflect.Bool:
		yes, err := strconv.ParseBool(text)
		if err != nil {
			d.add(key, "%q is neither true nor false", text)
		}
		target.SetBool(yes)
	case reflect.Float64:
		number, err := strconv.ParseFloat(text, 64)
		if err != nil {
			d.add(key, "%q is not a number", text)
		}
		target.SetFloat(number)
	default:
		panic("config: no decoder for " + target.Type().String())
	}
}

var (
	variable = regexp.MustCompile(`\$?\$\{[^}]*\}`)
	nameable = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)
)

// expand puts environment variables into the text; complete is false when one is missing.
func (d decoder) expand(key, text string, used bool) (expanded string, complete bool) {
	complete = true
	expanded = variable.ReplaceAllStringFunc(text, func(match string) string {
		if strings.HasPrefix(match, "$$") {
			return match[1:]
		}
		name := match[2 : len(match)-1]
		// A name that is none may be a piece of a password: it is not repeated.
		if !nameable.MatchString(name) {
			d.add(key, "holds a ${...} that names no environment variable; write $${ for a literal ${")
			complete = false
			return ""
		}
		value, err := lookUp(name)
		if err != nil {
			complete = false
			if used {
				d.add(key, "%s", err)
			}
		}
		return value
	})
	return expanded, complete
}

// textOf returns a scalar as it was written, so that a password of digits stays what it is.
func textOf(node ast.Node) (string, bool) {
	switch node := node.(type) {
	case *ast.StringNode:
		return node.Value, true
	case *ast.LiteralNode:
		return node.Value.Value, true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.NanNode, *ast.InfinityNode:
		return node.GetToken().Value, true
	}
	return "", false
}

func describe(node ast.Node) string {
	switch node.Type() {
	case ast.MappingType, ast.MappingValueType:
		return "a set of keys"
	case ast.SequenceType:
		return "a list"
	case ast.AnchorType, ast.AliasType, ast.TagType, ast.MergeKeyType:
		return "a YAML anchor, alias or tag (not supported here)"
	default:
		return "a single value"
	}
}

func fieldOf(structure reflect.Type, key string) (reflect.StructField, bool) {
	for field := range structure.Fields() {
		if field.Tag.Get("yaml") == key {
			return field, true
		}
	}
	return reflect.StructField{}, false
}

func keysOf(structure reflect.Type) []string {
	var keys []string
	for field := range structure.Fields() {
		keys = append(keys, field.Tag.Get("yaml"))
	}
	return keys
}
