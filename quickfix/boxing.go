package quickfix

import "github.com/afidt-lsp/afidt-lsp/analysis/survey"

// boxingFix writes a dyn-compatible `DynX` that `Boxing<T>` implements, the one wrapper of all traits of the crate.
var boxingFix = &Fix{
	ID:    "boxing",
	Title: "make values of the trait dyn compatible with the one wrapper `Boxing<T>`",
	perTrait: func(w *Workspace, t *survey.Trait) []Action {
		return w.wrap(t, wrapping{companion: "Dyn" + t.Def.ItemName(), wrapper: "Boxing", shared: true})
	},
}
