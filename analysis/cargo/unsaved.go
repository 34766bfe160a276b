package cargo

import "path/filepath"

// LoadUnsaved is a file that is on no disk, as a crate of its own. Its path is absolute.
func LoadUnsaved(path string, options Options) *Workspace {
	w := newWorkspace(options)
	w.Root, w.LoneFile = filepath.Dir(path), path
	w.addLoneFile(path)
	w.finish()
	return w
}
