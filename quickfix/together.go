package quickfix

// Together are the edits of the actions that can be applied at once, as FixAll applies them: where two cannot, because they change the
// same bytes, cure the same in two ways, or one changes what the other is made of, the first counts.
func Together(actions []Action) []Edit {
	var b batch
	for _, late := range [...]bool{false, true} {
		for i := range actions {
			if a := &actions[i]; a.late == late && a.BlockedBy == "" {
				b.add(a)
			}
		}
	}
	return b.edits
}
