package quickfix

import (
	"fmt"
	"strings"
	"sync"

	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/survey"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/quickfix/companion"
)

// convention is how a workspace names the companions that it wrote by hand: patterns with %s for the native name.
type convention struct{ trait, method string }

// hidden reports whether a companion goes into a module of its own: always, unless its methods have names of their own. With the
// native names in scope twice, calls on concrete types would be ambiguous (E0034).
func (c convention) hidden() bool { return c.method == "" || c.method == "%s" }

// Patterns that are looked for, in the order of preference.
var (
	companionPatterns = []string{"Dyn%s", "%sDyn", "Erased%s", "Boxed%s"}
	methodPatterns    = []string{"dyn_%s", "%s_dyn", "erased_%s", "boxed_%s", "%s"}
)

// lazyConvention is a workspace's convention, found when it is first needed.
type lazyConvention struct {
	once sync.Once
	convention
}

// convention is the one that most of the workspace's companions follow; its patterns are empty if there is none. A companion is a
// trait whose name is made of that of another one beside it and that has methods for two thirds of the other one's.
func (w *Workspace) convention() convention {
	w.named.once.Do(func() {
		votes := map[convention]int{}
		for i := range w.Traits {
			if c, ok := w.companionOf(&w.Traits[i]); ok {
				votes[c]++
			}
		}
		best := 0
		for _, trait := range companionPatterns {
			for _, method := range methodPatterns {
				if c := (convention{trait, method}); votes[c] > best {
					best, w.named.convention = votes[c], c
				}
			}
		}
	})
	return w.named.convention
}

// companionOf is the convention that the companion of a trait follows, if it has one that somebody wrote.
func (w *Workspace) companionOf(t *survey.Trait) (convention, bool) {
	names := w.methodNames(t.Def)
	for _, pattern := range companionPatterns {
		for _, e := range t.Def.Scope.Index().Names[fmt.Sprintf(pattern, t.Def.ItemName())] {
			if e.Import >= 0 || t.Def.File().Syntax().Items[e.Item].Kind != syntax.KindTrait {
				continue
			}
			def := resolve.Def{Kind: resolve.Trait, Scope: t.Def.Scope, Item: e.Item}
			have := map[string]bool{}
			for _, m := range w.methodNames(def) {
				have[m] = true
			}
			for _, method := range methodPatterns {
				n := 0
				for _, m := range names {
					if have[fmt.Sprintf(method, m)] {
						n++
					}
				}
				if n > 0 && 3*n >= 2*len(names) {
					return convention{pattern, method}, true
				}
			}
		}
	}
	return convention{}, false
}

func (w *Workspace) methodNames(def resolve.Def) []string {
	var out []string
	items := def.File().Syntax().Items
	for _, m := range w.Judge.Types.Decl(def).Members {
		if items[m].Kind == syntax.KindFn {
			out = append(out, items[m].Name)
		}
	}
	return out
}

// writeVisible writes a companion beside its trait, with methods of names of its own, as the workspace's other companions are.
func (p *companionPlan) writeVisible(def resolve.Def, c convention) error {
	name, file := fmt.Sprintf(c.trait, def.ItemName()), def.File()
	t, err := companion.Read(p.Judge, def, companion.Reading{Send: p.wantsSend(def), Local: p.local, Object: p.renamed(def, name)})
	if err != nil {
		return err
	}
	if len(t.Supertraits()) > 0 {
		return companion.Blocked("a supertrait of `" + t.Name + "` needs a companion too, which the workspace's convention does not say how to name")
	}
	if err := p.checkTarget(t); err != nil {
		return err
	}
	if len(def.Scope.Index().Names[name]) > 0 {
		return companion.Blocked("`" + name + "` is there already")
	}
	it := &file.Syntax().Items[def.Item]
	margin := indentAt(file.Text, itemStart(file.Syntax(), def.Item))
	writer := companion.NewWriter(t, companion.Shape{Name: name, Method: c.method, Visibility: visibility(file, it)}, p.layoutAt(file, margin))
	doc := "/// `" + t.Name + "` with boxed futures, for `dyn`.\n" + undocumented(def.Scope.Crate)
	parts := [][]string{append([]string{strings.TrimSuffix(doc, "\n")}, append(cfgAttrs(file, it), writer.Declaration()...)...)}
	add := func(lines []string) {
		if lines != nil {
			parts = append(parts, append(cfgAttrs(file, it), lines...))
		}
	}
	add(writer.Blanket())
	for _, o := range p.objects(t) {
		for _, f := range writer.Forward(o.Autos) {
			add(f)
		}
	}
	if p.bridgeable(def) {
		add(writer.Bridge())
	}
	if err := p.importUses(writer, def.Scope); err != nil {
		return err
	}
	texts := make([]string, len(parts))
	for i, lines := range parts {
		texts[i] = strings.Join(lines, "\n")
	}
	p.edits = append(p.edits, insertAfter(file, def.Item, strings.Join(texts, "\n\n")))
	for m := range p.mentionsOf(def) {
		if scope := mentionScope(m); scope != nil && m.Silence != survey.InMacroRules {
			p.renamePrincipal(m, scope, def, name)
		} else {
			p.note("a mention in a macro's definition is left")
		}
	}
	if len(t.Limits) > 0 {
		p.note(fmt.Sprintf("`dyn %s` will not implement `%s`, so calls need its own methods' names: %s", name, t.Name, strings.Join(t.Limits, ", ")))
	}
	if err := p.promise(t); err != nil {
		return err
	}
	p.edits = append(p.outside(p.edits), p.adds.edits()...)
	return nil
}
