package cargo

// StdCfg is the set of options that the standard library's own code is read under: the target platform's, without test and
// without features.
func (w *Workspace) StdCfg() *CfgSet {
	if w.platform == nil {
		w.platform = platformOf(HostTriple())
	}
	return &CfgSet{platform: w.platform}
}
