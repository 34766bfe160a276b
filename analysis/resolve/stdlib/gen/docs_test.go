package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/afidt-lsp/afidt-lsp/analysis/resolve/stdlib"
)

// TestDocumentedTypesAreInTheTable holds the table against the list of all items that rustdoc wrote for the local
// toolchain: every trait and type with a documented path must be found under that path.
func TestDocumentedTypesAreInTheTable(t *testing.T) {
	html := docFolder(t)
	tab := loadTable(t, func([]node) bool { return true })
	kinds := map[string][]itemKind{
		"trait": {itemTrait}, "traitalias": {itemTrait}, "struct": {itemStruct, itemType}, "enum": {itemEnum}, "union": {itemUnion}, "type": {itemType},
	}
	link := regexp.MustCompile(`<li><a href="([a-z_0-9A-Z/]*?)(trait|traitalias|struct|enum|union|type)\.([A-Za-z_0-9]+)\.html"`)
	total := 0
	for _, crate := range crates {
		all, err := os.ReadFile(filepath.Join(html, crate, "all.html"))
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range link.FindAllSubmatch(all, -1) {
			path := crate + "::" + strings.ReplaceAll(string(m[1]), "/", "::") + string(m[3])
			total++
			if allowed[path] || hasKind(tab.outside(path), kinds[string(m[2])]) {
				continue
			}
			t.Errorf("%s %s is not in the table", m[2], path)
		}
	}
	if total < 2000 {
		t.Errorf("only %d documented traits and types were found in %s", total, html)
	}
}

// allowed are documented paths of other releases that the table does not have.
var allowed = map[string]bool{
	"core::sync::Exclusive":      true, // 1.95; SyncView since
	"std::sync::Exclusive":       true,
	"core::sync::atomic::Atomic": true, // an alias in 1.95, the struct itself since
	"std::sync::atomic::Atomic":  true,
	"proc_macro::EscapeError":    true, // from rustc_literal_escaper, a crate that is not in the table
}

func hasKind(found []*entity, kinds []itemKind) bool {
	for _, e := range found {
		for _, k := range kinds {
			if e.kind == k {
				return true
			}
		}
	}
	return false
}

// docFolder is where the local toolchain's documentation is.
func docFolder(t *testing.T) string {
	t.Helper()
	if _, err := exec.LookPath("rustc"); err != nil {
		t.Skip("rustc is not installed")
	}
	version, err := exec.Command("rustc", "--version").Output()
	if err != nil {
		t.Skipf("rustc does not run: %v", err)
	}
	var minor, tableMinor int
	fmt.Sscanf(string(version), "rustc 1.%d.", &minor)
	fmt.Sscanf(stdlib.Version, "1.%d.", &tableMinor)
	if minor == 0 || minor > tableMinor {
		t.Skipf("%s documents items that the table of %s cannot have", bytes.TrimSpace(version), stdlib.Version)
	}
	sysroot, err := exec.Command("rustc", "--print", "sysroot").Output()
	if err != nil {
		t.Skipf("rustc does not run: %v", err)
	}
	html := filepath.Join(string(bytes.TrimSpace(sysroot)), "share", "doc", "rust", "html")
	if _, err := os.Stat(filepath.Join(html, "std", "all.html")); err != nil {
		t.Skipf("the component rust-docs is not installed: %v", err)
	}
	return html
}
