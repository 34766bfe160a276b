package quickfix

import "github.com/afidt-lsp/afidt-lsp/analysis/dyncompat"

// dynBox puts a call through dyn into a box with the announced macro:
//
//	client.fetch(url).await      ->      std::preview::dyn_box!(client.fetch(url)).await
//
// The call itself stays as it is, with its lines and comments. No released compiler has the macro.
var dynBox = &Fix{
	ID:    "dyn-box",
	Title: "box the result of the call with `std::preview::dyn_box!`",
	offer: offerDynBox,
}

func offerDynBox(w *Workspace, t *Target) []Action {
	if !w.wantsBox(t.Call) {
		return nil
	}
	c := t.Call
	a := Action{
		Title: "box what `" + c.Method + "` returns: `std::preview::dyn_box!(..)`",
		Edits: []Edit{insert(c.File, c.Expr.Start, "std::preview::dyn_box!("), insert(c.File, c.Expr.End, ")")},
	}
	for _, owner := range c.File.Owners {
		if owner.Crate.HasInner("no_std") {
			return []Action{{Title: a.Title, BlockedBy: "the crate is `no_std`, and the macro is announced for std"}}
		}
	}
	return []Action{w.boxing(a, c, dyncompat.DynBox, "a compiler with `std::preview::dyn_box!`")}
}
