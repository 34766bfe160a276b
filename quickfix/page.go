package quickfix

import (
	_ "embed"
	"strings"
)

//go:embed fixes.md
var pages string

// Page is what fixes.md says of the fix, in Markdown.
func (f *Fix) Page() string {
	_, section, ok := strings.Cut(pages, "\n## "+f.ID+"\n")
	if !ok {
		panic("quickfix: fixes.md has no section " + f.ID) // a test opens all of them
	}
	section, _, _ = strings.Cut(section, "\n## ")
	return "# " + f.ID + "\n" + strings.TrimRight(section, "\n") + "\n"
}
