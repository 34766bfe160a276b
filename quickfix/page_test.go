package quickfix

import (
	"slices"
	"strings"
	"testing"
)

// TestPages holds fixes.md against the fixes: each has its section, in the order of All, and there are no others.
func TestPages(t *testing.T) {
	var sections []string
	for line := range strings.Lines(pages) {
		if id, ok := strings.CutPrefix(line, "## "); ok {
			sections = append(sections, strings.TrimSpace(id))
		}
	}
	if !slices.Equal(sections, IDs()) {
		t.Errorf("fixes.md has sections for %v, the fixes are %v", sections, IDs())
	}
	for _, f := range All {
		if page := f.Page(); len(page) < 80 || strings.Contains(page, "\n## ") {
			t.Errorf("the section of %s:\n%s", f.ID, page)
		}
		if f.Title == "" || strings.HasSuffix(f.Title, ".") {
			t.Errorf("%s: title %q", f.ID, f.Title)
		}
		if (f.offer == nil) == (f.perTrait == nil) {
			t.Errorf("%s: exactly one of offer and perTrait is to be set", f.ID)
		}
	}
}
