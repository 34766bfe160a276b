package syntax

import "github.com/afidt-lsp/afidt-lsp/analysis/source"

// declaration is a name that an item declares in a block of a body.
type declaration struct {
	name string // `*` of a glob
	// doubtful is set if the item may not be there, or may be no value.
	doubtful bool
}

// declaredIn are the names of the values that items declare in the blocks of an item's body, by the offset after the block's `{`.
func declaredIn(f *File, item int32, edition int, compiled func(attrs []source.Span) bool) map[uint32][]declaration {
	var out map[uint32][]declaration
	span := f.Items[item].Span
	for i := item + 1; i < int32(len(f.Items)) && f.Items[i].Span.Start < span.End; i++ {
		it := &f.Items[i]
		switch it.Kind {
		case KindFn, KindConst, KindStatic, KindUse:
		case KindStruct:
			if it.Flags&FlagBody != 0 { // one with named fields is no value
				continue
			}
		default:
			continue
		}
		if it.Parent < 0 {
			continue
		}
		there, doubtful := stands(f, it, compiled)
		block := it.Parent
		if outer := &f.Items[block]; outer.Kind == KindExternBlock && outer.Parent >= 0 {
			is, doubt := stands(f, outer, compiled)
			there, doubtful = there && is, doubtful || doubt
			block = outer.Parent
		}
		if !there || block != item && f.Items[block].Kind != KindBlock {
			continue
		}
		declare := func(d declaration) {
			if out == nil {
				out = map[uint32][]declaration{}
			}
			at := f.Items[block].Body.Start
			out[at] = append(out[at], d)
		}
		if it.Kind != KindUse {
			if it.Name != "" {
				declare(declaration{it.Name, doubtful})
			}
			continue
		}
		for _, leaf := range ParseUse(f, i, edition) {
			switch {
			case leaf.Glob:
				declare(declaration{"*", true})
			case leaf.Name != "_" && !leaf.SelfLeaf:
				declare(declaration{leaf.Name, true}) // what it names is not known here
			}
		}
	}
	return out
}

// stands reports whether an item of a block may be there, and whether that is in doubt: by its #[cfg]s, or by a macro around it.
func stands(f *File, it *Item, compiled func(attrs []source.Span) bool) (there, doubtful bool) {
	doubtful = it.Parent >= 0 && it.Macro != f.Items[it.Parent].Macro
	var attrs []source.Span
	for _, a := range f.Attrs[it.Attrs.Start:it.Attrs.End] {
		attrs = append(attrs, a.Span)
		switch string(a.Path.Of(f.Text)) {
		case "cfg", "cfg_attr":
			doubtful = true
		}
	}
	return len(attrs) == 0 || compiled == nil || compiled(attrs), doubtful
}

// declare hides the variable around a block that has the name of an item in it. If that is in doubt, the name is a variable of which
// nothing is known.
func (b *bodyParser) declare(d declaration) {
	switch {
	case d.name == "*" || !d.doubtful:
		b.locals = append(b.locals, &Binding{Name: d.name})
	case b.local(d.name) != nil:
		b.locals = append(b.locals, unknownVariable(d.name))
	}
}

func unknownVariable(name string) *Binding {
	return &Binding{Name: name, Root: &PatRoot{Kind: RootUnknown}}
}

// doubt makes the variable that is called at e unknown if a glob between it and the call may import a function of its name.
func (b *bodyParser) doubt(e *Expr) {
	if e.Kind != ExprPath || e.Local == nil {
		return
	}
	for i := len(b.locals) - 1; i >= 0 && b.locals[i] != e.Local; i-- {
		if v := b.locals[i]; v.Name == "*" && v.Root == nil {
			e.Local.Uses = e.Local.Uses[:len(e.Local.Uses)-1]
			e.Local = unknownVariable(e.Local.Name)
			e.Local.Uses = []*Expr{e}
			return
		}
	}
}
