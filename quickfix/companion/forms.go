package companion

import (
	"slices"
	"strings"

	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
)

// fnForm is a signature as it is where some #[cfg]s hold.
type fnForm struct {
	fn  *syntax.Fn
	cfg []string
}

// maxFormed bounds the conditions on the parameters of one method: each doubles its forms.
const maxFormed = 2

// forms are the signatures that a method has, by the #[cfg]s on its parameters: arguments of a call cannot have any, so that each
// form is a method of its own.
func (t *Trait) forms(f *syntax.Fn, cfg []string) ([]fnForm, error) {
	var conditions []string
	on := make([][]string, len(f.Params)) // the conditions of each parameter
	for i := range f.Params {
		for _, span := range f.Params[i].Attrs {
			text := t.p.raw(span)
			if lintAttr(text) {
				continue // what is generated has nothing to lint
			}
			condition, ok := strings.CutPrefix(strings.TrimSuffix(text, ")]"), "#[cfg(")
			if !ok || !strings.HasSuffix(text, ")]") {
				return nil, blocked("a parameter of `%s` has the attribute `%s`", f.Name, text)
			}
			on[i] = append(on[i], condition)
			if !slices.Contains(conditions, condition) {
				conditions = append(conditions, condition)
			}
		}
	}
	if len(conditions) > maxFormed {
		return nil, blocked("the parameters of `%s` have more than %d different `#[cfg]`s", f.Name, maxFormed)
	}
	forms := make([]fnForm, 1<<len(conditions))
	for i := range forms {
		form := *f
		form.Params = nil
		forms[i].cfg = slices.Clone(cfg)
		for k, c := range conditions {
			if i>>k&1 == 0 {
				forms[i].cfg = append(forms[i].cfg, "#[cfg("+c+")]")
			} else {
				forms[i].cfg = append(forms[i].cfg, "#[cfg(not("+strings.TrimSuffix(c, ",")+"))]")
			}
		}
		for k := range f.Params {
			if slices.ContainsFunc(on[k], func(c string) bool { return i>>slices.Index(conditions, c)&1 == 1 }) {
				continue
			}
			param := f.Params[k]
			param.Attrs = nil
			form.Params = append(form.Params, param)
		}
		forms[i].fn = &form
	}
	return forms, nil
}

// lintAttr reports whether an attribute sets the level of lints.
func lintAttr(text string) bool {
	return slices.ContainsFunc([]string{"allow", "expect", "warn", "deny", "forbid"}, func(level string) bool {
		return strings.HasPrefix(text, "#["+level+"(")
	})
}
