package server

import (
	"context"
	"strings"
	"testing"
	"time"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest"
)

const counted = counter + `struct Zero;
impl Counter for Zero {
    async fn get(&self) -> usize {
        0
    }
}
pub fn zero() -> Box<dyn Counter> {
    Box::new(Zero)
}
`

// TestValuesOfAListAreFound asks for the actions of a trait whose objects are made somewhere, and for the edits of one when the server has
// looked for the values.
func TestValuesOfAListAreFound(t *testing.T) {
	root := crate(t, "src/lib.rs", counted)
	found := make(chan struct{}, 16)
	e := connect(t, func(o *Options) {
		o.Log = zaptest.NewLogger(t, zaptest.Level(zap.DebugLevel), zaptest.WrapOptions(zap.Hooks(func(entry zapcore.Entry) error {
			if entry.Message == valuesFound {
				found <- struct{}{}
			}
			return nil
		})))
	})
	e.initialize(modern, root)
	uri := fileURI(root, "src/lib.rs")
	e.open(uri, counted)
	e.settle()
	var wrapper *codeAction
	for _, a := range e.actions(uri, 3, 18, nil) {
		if a.Data != nil && a.Data.ID == "wrapper" && !a.Data.All {
			wrapper = &a
		}
	}
	if wrapper == nil {
		t.Fatal("no wrapper is offered")
	}
	select {
	case <-found:
	case <-time.After(patience):
		t.Fatal("the values are not looked for")
	}
	if edit := string(e.call("codeAction/resolve", wrapper)); !strings.Contains(edit, "DynSafeCounter(") {
		t.Errorf("the value is not wrapped: %s", edit)
	}
}

// TestEditsEndTheSearch has a search for values that an edit ends.
func TestEditsEndTheSearch(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	p := &space{kick: make(chan struct{}, 1), stopSearch: stop}
	p.wake()
	if ctx.Err() == nil {
		t.Error("the search goes on")
	}
}
