package quickfix

// Together are the edits of the actions that can be applied at once, as FixAll applies them: where two cannot, because they change the
// same bytes, cure the same in two ways, or one changes what the other is made of, the first counts.
func Together(w *Workspace, actions []Action) []Edit {
	var b batch
	for _, late := range [...]bool{false, true} {
		for i := range actions {
			if a := &actions[i]; a.late == late && a.BlockedBy == "" {
				b.add(a)
			}
		}
	}
	edits, err := w.laidOut(&b)
	if err != nil {
		return w.joint(b.edits)
	}
	return edits
}

// joint are the edits of several actions: a signature that more than one of them changes is laid out with all its changes.
func (w *Workspace) joint(edits []Edit) []Edit {
	out := w.relaidSignatures(edits)
	for i := range out {
		if f := w.file(out[i].Path); f != nil {
			w.inStyleOf(f, &out[i])
		}
	}
	sortEdits(out)
	return out
}
