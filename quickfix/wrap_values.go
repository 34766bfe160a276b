package quickfix

import (
	"fmt"
	"slices"

	"github.com/afidt-lsp/afidt-lsp/analysis/infer"
	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/types"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
	"github.com/afidt-lsp/afidt-lsp/quickfix/companion"
)

// wrappedValues puts values into a wrapper where they become objects.
type wrappedValues struct {
	plan    *companionPlan
	def     resolve.Def // the trait
	model   *companion.Trait
	kind    wrapping
	wrapper string           // its name
	home    *workspace.Scope // the module of the wrapper that all traits share
	// held are the pointers that go into a wrapper, as companion.ReferenceKind has them, or Arc, Rc; because says where.
	held    map[string]bool
	because map[string]string
	// early are the values that are wrapped where their variable is made: then all its coercions are of the wrapper. inits are those
	// that are written already.
	early map[place]bool
	inits map[place]bool
}

func (v *wrappedValues) wrap() error {
	v.because, v.inits = map[string]string{}, map[place]bool{}
	found := v.plan.coercionsTo(v.def)
	v.early = map[place]bool{}
	for i := range found.Known {
		if c := &found.Known[i]; v.atInit(c) {
			v.early[place{c.File, c.Init.Start}] = true
		}
	}
	for i := range found.Known {
		if err := v.value(&found.Known[i]); err != nil {
			return err
		}
	}
	return nil
}

// name is the wrapper as it is written where a value becomes an object.
func (v *wrappedValues) name(scope *workspace.Scope) string {
	if v.kind.shared {
		return v.plan.imported(scope, v.home, v.kind.wrapper)
	}
	if v.plan.home != nil {
		return v.plan.imported(scope, v.plan.home, v.wrapper)
	}
	return v.plan.named(scope, v.def, v.wrapper)
}

func (v *wrappedValues) blocked(c *infer.Coercion, why string) error {
	return companion.Blocked(v.plan.shown(c.File, c.Expr.Of(c.File.Text), c.Expr.Start) + " " + why)
}

// hold notes that a wrapper holds a pointer.
func (v *wrappedValues) hold(pointer string, c *infer.Coercion) {
	if !v.held[pointer] {
		v.held[pointer] = true
		v.because[pointer] = v.plan.shown(c.File, c.Expr.Of(c.File.Text), c.Expr.Start) + " would be wrapped as it is"
	}
}

// atInit reports whether a value is better wrapped where its variable is made: before it goes into an Arc or a Box, and where a
// reference to it cannot be wrapped.
func (v *wrappedValues) atInit(c *infer.Coercion) bool {
	if c.Init.Empty() || c.InitCalls {
		return false
	}
	if len(c.Ready) > 0 {
		return c.Ready[0] != v.model.Holder()
	}
	reference := v.model.ReferenceKind()
	return v.model.Holder() == "" && (reference == "" || c.Outlived || reference == "&mut " && c.Written[0] == "&")
}

// wrapInit wraps what a variable is made of, once.
func (v *wrappedValues) wrapInit(c *infer.Coercion, scope *workspace.Scope) {
	at := place{c.File, c.Init.Start}
	if v.inits[at] {
		return
	}
	v.inits[at] = true
	made := *c
	made.Value = c.Init
	v.plan.edits = append(v.plan.edits, around(&made, v.name(scope)+"(", ")")...)
}

// value wraps one value.
func (v *wrappedValues) value(c *infer.Coercion) error {
	p, scope := v.plan, scopeOf(c)
	ready := ""
	if len(c.Ready) > 0 {
		ready = c.Ready[0]
	}
	if len(c.Ready) > 1 || ready != "" && !slices.Contains([]string{"&", "&mut", "Box", "Arc", "Rc"}, ready) {
		return v.blocked(c, fmt.Sprintf("is a `%s` already, into which no wrapper can be put", ready))
	}
	holder := v.model.Holder()
	if holder != "" && ready != holder && (ready != "" || borrowed(c)) {
		return v.blocked(c, fmt.Sprintf("would have to be in an `%s`, which the wrapper holds", holder))
	}
	if !c.Init.Empty() && v.early[place{c.File, c.Init.Start}] {
		v.wrapInit(c, scope)
		return nil
	}
	reference := v.model.ReferenceKind()
	byReference := ready != "" && ready[0] == '&' || ready == "" && borrowed(c) && c.Place
	shared := ready == "&" || ready == "" && borrowed(c) && c.Written[len(c.Written)-1] == "&"
	switch {
	case byReference && reference == "":
		return v.blocked(c, fmt.Sprintf("is borrowed, and no reference can implement `%s`", v.model.Name))
	case byReference && c.Outlived:
		return v.blocked(c, "is needed for longer than a wrapper around it would live there")
	case byReference && shared && reference == "&mut ":
		return v.blocked(c, fmt.Sprintf("is a shared reference, which cannot implement the `&mut self` methods of `%s`", v.model.Name))
	}
	name := v.name(scope)
	switch {
	case byReference && ready == "":
		v.hold(reference, c)
		p.edits = append(p.edits, around(c, name+"("+reference, ")")...)
	case ready == "&":
		v.hold("&", c)
		p.edits = append(p.edits, around(c, "&"+name+"(", ")")...)
	case ready == "&mut":
		v.hold(reference, c)
		p.edits = append(p.edits, around(c, "&mut "+name+"("+reference+"*", ")")...)
	case ready == "Box":
		box := p.pointerName(scope, "Box")
		p.edits = append(p.edits, around(c, box+"::new("+name+"(*", "))")...)
	case ready != "":
		if ready != holder {
			v.hold(ready, c)
		}
		p.edits = append(p.edits, around(c, p.pointerName(scope, ready)+"::new("+name+"(", "))")...)
	case holder != "" && (c.Of.Kind != types.Adt || c.Of.Def.ItemName() != holder):
		p.edits = append(p.edits, around(c, name+"("+p.pointerName(scope, holder)+"::new(", "))")...)
	default:
		p.edits = append(p.edits, around(c, name+"(", ")")...)
	}
	return nil
}
