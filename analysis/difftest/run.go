package difftest

import (
	"fmt"
	"os"
	"strings"
)

// Reporter makes the report of the crate in a folder, as JSON.
type Reporter func(dir string) ([]byte, error)

// Check makes a crate of a source, asks rustc and the reporter, and compares. An error means that the generator is at
// fault or a tool does not run.
func Check(rustc string, report Reporter, src Source) (Result, error) {
	c, err := Parse(src)
	if err != nil {
		return Result{}, err
	}
	truth, err := Judge(rustc, c)
	if err != nil {
		return Result{}, err
	}
	dir, err := os.MkdirTemp("", "difftest")
	if err != nil {
		return Result{}, err
	}
	defer os.RemoveAll(dir)
	if err := WriteFiles(dir, c.Plain()); err != nil {
		return Result{}, err
	}
	text, err := report(dir)
	if err != nil {
		return Result{Disagreements: []Disagreement{{Class: Failed, Text: err.Error()}}}, nil
	}
	return Compare(c, truth, text)
}

// Minimise removes lines and files from a source while rustc accepts the rest and the disagreement lasts: one of the
// same class, with the same kinds in its text. It makes at most so many tries and returns the smallest source found.
func Minimise(rustc string, report Reporter, src Source, like Disagreement, tries int) Source {
	lasts := func(s Source) bool {
		if tries--; tries < 0 {
			return false
		}
		r, err := Check(rustc, report, s)
		if err != nil {
			return false
		}
		for _, d := range r.Disagreements {
			if d.Class == like.Class && gist(d) == gist(like) {
				return true
			}
		}
		return false
	}
	for before := -1; before != size(src); {
		before = size(src)
		for i := len(src.Files) - 1; i >= 0; i-- {
			if src.Files[i].Path != "src/lib.rs" {
				smaller := withoutFile(src, i)
				if lasts(smaller) {
					src = smaller
					continue
				}
			}
			src = shrinkFile(src, i, lasts)
		}
	}
	return src
}

// gist is what must stay the same of a disagreement: the kinds and codes it names, not places or names.
func gist(d Disagreement) string {
	var words []string
	for _, side := range strings.Split(d.Text, "only report") {
		for _, r := range reasons {
			if strings.Contains(side, r.kind+" ") {
				words = append(words, r.kind)
			}
		}
		words = append(words, "|")
	}
	for _, w := range []string{"rustc: compatible true", "rustc: compatible false", "report: null", "report: true", "report: false", "E0038", "E0191", "E0225", "E0393", "unresolved_name", "macro_expansion"} {
		if strings.Contains(d.Text, w) {
			words = append(words, w)
		}
	}
	return strings.Join(words, " ")
}

func size(src Source) int {
	n := 0
	for _, f := range src.Files {
		n += len(f.Text)
	}
	return n
}

func withoutFile(src Source, i int) Source {
	files := append([]MarkedFile{}, src.Files[:i]...)
	files = append(files, src.Files[i+1:]...)
	name := src.Files[i].Module[strings.LastIndex(src.Files[i].Module, "::")+2:]
	for k, f := range files {
		var kept []string
		for _, l := range strings.SplitAfter(f.Text, "\n") {
			if !strings.HasPrefix(strings.TrimSpace(l), fmt.Sprintf("pub mod %s;", name)) {
				kept = append(kept, l)
			}
		}
		files[k].Text = strings.Join(kept, "")
	}
	src.Files = files
	return src
}

// shrinkFile removes ranges of lines, large ones first.
func shrinkFile(src Source, i int, lasts func(Source) bool) Source {
	lines := strings.SplitAfter(src.Files[i].Text, "\n")
	for length := len(lines) / 2; length > 0; length /= 2 {
		for from := 0; from+length <= len(lines); {
			rest := append(append([]string{}, lines[:from]...), lines[from+length:]...)
			smaller := src
			smaller.Files = append([]MarkedFile{}, src.Files...)
			smaller.Files[i].Text = strings.Join(rest, "")
			if lasts(smaller) {
				src, lines = smaller, rest
			} else {
				from += max(1, length/2)
			}
		}
	}
	return src
}
