package quickfix

import "fmt"

// derefSelf calls the trait object behind a pointer instead of the pointer, in an impl for the pointer that would call itself:
//
//	self.fetch(url)      ->      (**self).fetch(url)
var derefSelf = &Fix{
	ID:    "deref-self",
	Title: "call the trait object behind the pointer",
	offer: offerDerefSelf,
}

func offerDerefSelf(_ *Workspace, t *Target) []Action {
	l := t.Loop
	if l == nil || string(l.Recv.Of(l.File.Text)) != "self" {
		return nil
	}
	return []Action{{
		Title:         fmt.Sprintf("call `%s` on the trait object: `(**self)`", l.Method),
		Applicability: MachineApplicable, Preferred: true, Edits: []Edit{replace(l.File, l.Recv, "(**self)")},
	}}
}
