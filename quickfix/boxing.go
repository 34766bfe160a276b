package quickfix

import (
	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/survey"
)

var boxingShape = wrapping{companion: "Dyn%s", wrapper: "Boxing", shared: true}

// boxingFix writes a dyn-compatible `DynX` that `Boxing<T>` implements, the one wrapper of all traits of the crate.
var boxingFix = &Fix{
	ID:    "boxing",
	Title: "make values of the trait dyn compatible with the one wrapper `Boxing<T>`",
	perTrait: func(w *Workspace, t *survey.Trait) []Action {
		return w.wrap(t.Def, boxingShape)
	},
	foreign: func(w *Workspace, def resolve.Def) []Action { return w.wrap(def, boxingShape) },
}
