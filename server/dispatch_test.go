package server

import (
	"errors"
	"testing"

	"go.lsp.dev/jsonrpc2"
)

func mustCall(t *testing.T, method string) *jsonrpc2.Call {
	t.Helper()
	call, err := jsonrpc2.NewCall(jsonrpc2.NewNumberID(1), method, nil)
	if err != nil {
		t.Fatal(err)
	}
	return call
}

// codeOf is an error's code on the wire.
func codeOf(err error) jsonrpc2.Code {
	var e *jsonrpc2.Error
	if errors.As(wireError(err), &e) {
		return e.Code
	}
	return 0
}
