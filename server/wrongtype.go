package server

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"

	"go.lsp.dev/jsonrpc2"
)

// invalidParams is the error of parameters that cannot be read, in the words of JSON: what the field is and what it has to be. The
// reader knows the protocol, and not our types.
func invalidParams(err error) error {
	return jsonrpc2.NewError(jsonrpc2.InvalidParams, describe("params", err))
}

// describe says what is wrong with JSON that is called what.
func describe(what string, err error) string {
	var typed *json.UnmarshalTypeError
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &typed):
		for name := range strings.SplitSeq(typed.Field, ".") {
			if name != "" && !strings.HasSuffix(name, "Params") { // a type of ours that is part of another; no field is called so
				what += "." + name
			}
		}
		return fmt.Sprintf("%s is %s, and has to be %s", what, valueName(typed.Value), typeName(typed.Type))
	case errors.As(err, &syntax):
		return fmt.Sprintf("%s is no JSON: %v, at byte %d", what, syntax, syntax.Offset)
	}
	return fmt.Sprintf("%s: %v", what, err)
}

// valueName is what package json calls a value, with an article.
func valueName(value string) string {
	switch kind, number, _ := strings.Cut(value, " "); {
	case number != "":
		return "the number " + number
	case kind == "bool":
		return "a boolean"
	case kind == "array" || kind == "object":
		return "an " + kind
	default:
		return "a " + kind
	}
}

// typeName is what in JSON a type of Go is read from.
func typeName(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Pointer:
		return typeName(t.Elem())
	case reflect.Bool:
		return "a boolean"
	case reflect.String:
		return "a string"
	case reflect.Slice, reflect.Array:
		return "an array"
	case reflect.Struct, reflect.Map:
		return "an object"
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return fmt.Sprintf("an integer from 0 to %d", ^uint64(0)>>(64-t.Bits()))
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return fmt.Sprintf("an integer from %d to %d", int64(-1)<<(t.Bits()-1), int64(1)<<(t.Bits()-1)-1)
	}
	return "something else"
}
