package quickfix

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/afidt-lsp/afidt-lsp/analysis/infer"
	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/survey"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
	"github.com/afidt-lsp/afidt-lsp/quickfix/companion"
)

// leftOut are the traits of which a draft looked for no values.
type leftOut struct {
	mu     sync.Mutex
	traits []resolve.Def
}

func (l *leftOut) add(def resolve.Def) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !slices.ContainsFunc(l.traits, func(d resolve.Def) bool { return sameTrait(d, def) }) {
		l.traits = append(l.traits, def)
	}
}

// FindValues finds the values that a draft left out, so that the edits of its actions are there when somebody asks for them: the session
// keeps them. It goes on until ctx ends, whose error it returns then.
func (w *Workspace) FindValues(ctx context.Context) error {
	w.leftOut.mu.Lock()
	traits := slices.Clone(w.leftOut.traits)
	w.leftOut.mu.Unlock()
	for _, def := range traits {
		if _, err := w.session.FindCoercions(ctx, def); err != nil {
			return err
		}
	}
	return nil
}

// coercions are the places where values become objects of a trait.
func (w *Workspace) coercions(t *survey.Trait) *infer.Coercions { return w.coercionsTo(t.Def) }

// coercionsTo are coercions for a trait that need not be the workspace's.
func (w *Workspace) coercionsTo(def resolve.Def) *infer.Coercions {
	if w.Draft {
		w.leftOut.add(def)
		return &infer.Coercions{}
	}
	return w.session.Coercions(def)
}

// methodCalls are the method calls whose names stand at some offsets of a file, as far as they are evident.
func (w *Workspace) methodCalls(f *workspace.File, names []uint32) []infer.Call {
	return w.session.Coercer().MethodCalls(f, names)
}

// shown is an expression with its place, as blockers name it.
func (w *Workspace) shown(f *workspace.File, code []byte, offset uint32) string {
	const longest = 60
	text, _, cut := strings.Cut(string(code), "\n")
	if cut || len(text) > longest {
		text = text[:min(len(text), longest)] + " .."
	}
	at := f.Position(offset)
	return fmt.Sprintf("`%s` at %s:%d:%d", strings.TrimRight(text, "\r"), w.Snapshot.Display(f.Path), at.Line, at.Column)
}

// leftOver says of which values it is not known whether they become objects; empty if of none.
func (w *Workspace) leftOver(c *infer.Coercions) string {
	if len(c.Unclear) == 0 {
		return ""
	}
	u := &c.Unclear[0]
	out := "the type of " + w.shown(u.File, u.Span.Of(u.File.Text), u.Span.Start) + " is not evident, and it is left as it is"
	if n := len(c.Unclear); n > 1 {
		out += fmt.Sprintf(", like %d more", n-1)
	}
	return out
}

// scopeOf is the scope that a coercion stands in.
func scopeOf(c *infer.Coercion) *workspace.Scope {
	return c.File.Owners[0].ScopeAt(itemAt(c.File, c.Expr.Start), c.Expr.Start)
}

// named is how something new that stands beside a trait is written in a scope: by its name where the trait has a name too, in which
// case it is imported with it; else by its path.
func (p *companionPlan) named(scope *workspace.Scope, def resolve.Def, name string) string {
	for s := scope; s != nil; s = s.Parent {
		if p.ensure(s, def.ItemName(), def, name, 0) {
			return name
		}
		if !s.IsBlock() {
			break
		}
	}
	if scope.Crate == def.Scope.Crate && companion.VisibleFrom(def, scope) {
		return cratePath(scope.Crate, def.Scope) + name
	}
	for _, m := range p.showing(def) {
		if p.ensure(m, def.ItemName(), def, name, 0) {
			return cratePath(scope.Crate, m) + name
		}
	}
	return cratePath(scope.Crate, def.Scope) + name
}

// pathTo is the path of a trait as a scope can write it.
func (p *companionPlan) pathTo(scope *workspace.Scope, def resolve.Def) string {
	if scope.Crate == def.Scope.Crate && companion.VisibleFrom(def, scope) {
		return cratePath(scope.Crate, def.Scope) + def.ItemName()
	}
	for _, m := range p.showing(def) {
		return cratePath(scope.Crate, m) + def.ItemName()
	}
	return cratePath(scope.Crate, def.Scope) + def.ItemName()
}

// showing are the modules around an item, from the crate's root down, in which its name is known: what re-exports it.
func (p *companionPlan) showing(def resolve.Def) []*workspace.Scope {
	var out []*workspace.Scope
	for m := def.Scope.Module; m != nil; m = m.Parent {
		if sameTrait(p.Judge.Types.Resolver.Member(m, def.ItemName()).Def, def) {
			out = append([]*workspace.Scope{m}, out...)
		}
	}
	return out
}

// imported is how an item of a module is written in a scope, where nothing has to have its name yet: by its name, which takes an
// import; by its path where the name is taken, or in another crate.
func (p *companionPlan) imported(scope, home *workspace.Scope, name string) string {
	path := cratePath(scope.Crate, home) + name
	known := p.Judge.Types.Resolver.Lexical(scope, name)
	switch {
	case scope.Module == home || known.Found() && known.Def.Scope == home:
		return name
	case known.Found() || known.Why != resolve.Known || scope.Crate != home.Crate:
		return path
	}
	p.edits = append(p.edits, p.addUse(scope.Module, path))
	return name
}

// around puts code before and behind an expression.
func around(c *infer.Coercion, before, after string) []Edit {
	return []Edit{insert(c.File, c.Value.Start, before), insert(c.File, c.Value.End, after)}
}

// borrowed reports whether the text writes a reference right around the value.
func borrowed(c *infer.Coercion) bool {
	return len(c.Ready) == 0 && strings.HasPrefix(c.Written[len(c.Written)-1], "&")
}
