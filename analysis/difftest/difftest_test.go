package difftest

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sort"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// TestDifferential generates AFIDT_DIFF_N crates from the seed AFIDT_DIFF_SEED on and compares `afidt-lsp report`
// with rustc. Crates where they disagree are shrunk and written to AFIDT_DIFF_OUT, if that is set.
func TestDifferential(t *testing.T) {
	rustc := needRustc(t)
	report := buildReporter(t)
	n, first := number(t, "AFIDT_DIFF_N", 20), uint64(number(t, "AFIDT_DIFF_SEED", 1))

	var (
		mu        sync.Mutex
		mentions  int
		traits    int
		unknown   int
		byClass   = map[Class]int{}
		minimised = map[string]bool{}
		features  = map[string]bool{}
	)
	eachSeed(n, first, func(seed uint64) {
		src := Generate(seed)
		result, err := Check(rustc, report, src)
		mu.Lock()
		defer mu.Unlock()
		if err != nil {
			t.Errorf("seed %d: %v", seed, err)
			return
		}
		traits, mentions = traits+result.Traits, mentions+result.Mentions
		for _, f := range src.Features {
			features[f] = true
		}
		for _, d := range result.Disagreements {
			byClass[d.Class]++
			switch d.Class {
			case Unknown:
				unknown++
				t.Logf("seed %d: %s", seed, d)
			case Column:
				t.Logf("seed %d: %s", seed, d)
			default:
				t.Errorf("seed %d: %s", seed, d)
			}
			key := string(d.Class) + gist(d)
			if out := os.Getenv("AFIDT_DIFF_OUT"); out != "" && !minimised[key] {
				minimised[key] = true
				small := Minimise(rustc, report, src, d, 400)
				save(t, rustc, report, filepath.Join(out, fmt.Sprintf("%d-%s", seed, strings.ReplaceAll(string(d.Class), " ", "-"))), small)
			}
		}
	})
	if unknown*100 > mentions {
		t.Errorf("%d of %d mentions are unknown; at least 99%% must be resolved", unknown, mentions)
	}
	t.Logf("%d crates, %d features, %d traits, %d mentions (%d unknown); disagreements: %v", n, len(features), traits, mentions, unknown, byClass)
}

// TestGeneratorKnowsItsTraits holds the generator itself against rustc: with each trait made dyn incompatible, rustc
// names at every mention the trait the generator means.
func TestGeneratorKnowsItsTraits(t *testing.T) {
	rustc := needRustc(t)
	eachSeed(number(t, "AFIDT_DIFF_N", 20)/4+1, uint64(number(t, "AFIDT_DIFF_SEED", 1)), func(seed uint64) {
		c, err := Parse(Generate(seed))
		if err == nil {
			err = Identify(rustc, c)
		}
		if err != nil {
			t.Errorf("seed %d: %v", seed, err)
		}
	})
}

// TestVignettes checks each hand-written module, in the oldest and the newest edition that accept it.
func TestVignettes(t *testing.T) {
	rustc := needRustc(t)
	report := buildReporter(t)
	eachSeed(len(vignettes), 0, func(i uint64) {
		v := vignettes[i]
		for _, edition := range []int{max(2015, v.since), min(2024, cmp.Or(v.until, 2024))} {
			g := newGenerator(i)
			g.edition = edition
			g.placeVignette(g.root, v)
			src := g.source(i)
			c, err := Parse(src)
			if err == nil {
				err = Identify(rustc, c)
			}
			var result Result
			if err == nil {
				result, err = Check(rustc, report, src)
			}
			if err != nil {
				t.Errorf("%s (%d): %v", v.name, edition, err)
			}
			for _, d := range result.Disagreements {
				t.Errorf("%s (%d): %s", v.name, edition, d)
			}
		}
	})
}

func TestSameSeedSameCrate(t *testing.T) {
	a, b := Generate(7), Generate(7)
	if fmt.Sprint(a) != fmt.Sprint(b) {
		t.Error("two runs of seed 7 differ")
	}
}

func TestCompareSeesEveryDifference(t *testing.T) {
	rustc := needRustc(t)
	src := Source{Name: "tiny", Edition: 2021, Files: []MarkedFile{{Path: "src/lib.rs", Module: "crate",
		Text: "pub trait @A { fn f(); }\npub trait @B {}\npub fn f(_: &«A|dyn A», _: &«B|dyn B») {}\n"}}}
	good := `{"path":"tiny::A","name":"A","file":"src/lib.rs","line":1,"column":11,"cfg":true,"dyn_compatible":false,"violations":[{"kind":"static_fn","item":"f","file":"src/lib.rs","line":1,"column":18}]}`
	document := func(traitA, mentionA string) string {
		return `{"schema":1,"traits":[` + traitA + `,{"path":"tiny::B","name":"B","file":"src/lib.rs","line":2,"column":11,"cfg":true,"dyn_compatible":true,"violations":[]}],
		"mentions":[` + mentionA + `,{"file":"src/lib.rs","line":3,"column":25,"end_line":3,"end_column":30,"text":"dyn B","cfg":true,"trait":"tiny::B","dyn_compatible":true,"errors":[]}]}`
	}
	mention := `{"file":"src/lib.rs","line":3,"column":14,"end_line":3,"end_column":19,"text":"dyn A","cfg":true,"trait":"tiny::A","dyn_compatible":false,"errors":["E0038"]}`
	tests := []struct {
		report string
		want   []Class
	}{
		{document(good, mention), nil},
		{document(strings.Replace(good, "false", "true", 1), mention), []Class{TraitVerdict}},
		{document(strings.Replace(good, "false", "null", 1), mention), []Class{TraitVerdict}},
		{document(strings.Replace(good, "static_fn", "generic", 1), mention), []Class{Violations}},
		{document(strings.Replace(good, `"column":18`, `"column":17`, 1), mention), []Class{Column}},
		{document(strings.Replace(good, "tiny::A", "tiny::m::A", 1), mention), []Class{PathSpelling}},
		{document(good, strings.Replace(mention, "false", "true", 1)), []Class{MentionVerdict}},
		{document(good, strings.Replace(mention, "false", "null", 1)), []Class{Unknown}},
		{document(good, strings.Replace(mention, "tiny::A", "tiny::B", 1)), []Class{MentionTrait}},
		{document(good, strings.Replace(mention, "E0038", "E0191", 1)), []Class{MentionErrors}},
		{document(good, strings.Replace(mention, `"column":14`, `"column":15`, 1)), []Class{MentionMissing, MentionExtra}},
		{document(good, strings.Replace(mention, `"end_column":19`, `"end_column":20`, 1)), []Class{MentionMissing}},
	}
	for _, test := range tests {
		result, err := Check(rustc, func(string) ([]byte, error) { return []byte(test.report), nil }, src)
		if err != nil {
			t.Fatal(err)
		}
		var got []Class
		for _, d := range result.Disagreements {
			got = append(got, d.Class)
		}
		if fmt.Sprint(got) != fmt.Sprint(test.want) {
			t.Errorf("disagreements %v, want %v, of\n%s", result.Disagreements, test.want, test.report)
		}
	}
}

// TestJudgeRefusesOtherErrors: a crate that rustc rejects for another reason is the generator's fault, never a verdict.
func TestJudgeRefusesOtherErrors(t *testing.T) {
	rustc := needRustc(t)
	for _, text := range []string{
		"pub trait @A {}\npub fn f() -> u8 { \"\" }\n",
		"pub trait @A { fn f( }\n",
		"pub trait @A {}\npub fn f(_: &«A|dyn Missing») {}\n",
		"pub trait @A { fn f(); }\npub trait @B { fn f(); }\npub fn f(_: &«A|dyn B») {}\n",
	} {
		c, err := Parse(Source{Name: "tiny", Edition: 2021, Files: []MarkedFile{{Path: "src/lib.rs", Module: "crate", Text: text}}})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Judge(rustc, c); err == nil {
			t.Errorf("accepted:\n%s", text)
		}
	}
}

func needRustc(t *testing.T) string {
	t.Helper()
	rustc, err := Rustc()
	if err != nil {
		t.Skip(err)
	}
	return rustc
}

// buildCommand builds the command, unless the environment names one.
func buildCommand(t *testing.T) string {
	t.Helper()
	if bin := os.Getenv("AFIDT_LSP_BIN"); bin != "" {
		return bin
	}
	bin := filepath.Join(t.TempDir(), "afidt-lsp")
	build := exec.Command("go", "build", "-o", bin, "github.com/afidt-lsp/afidt-lsp/cmd/afidt-lsp")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return bin
}

// buildReporter builds the command and returns a call of its report.
func buildReporter(t *testing.T) Reporter {
	t.Helper()
	bin := buildCommand(t)
	return func(dir string) ([]byte, error) {
		out, err := exec.Command(bin, "report", "--format", "json", dir).Output()
		var failed *exec.ExitError
		if errors.As(err, &failed) {
			return nil, fmt.Errorf("report: %w: %s", err, failed.Stderr)
		}
		return out, err
	}
}

func number(t *testing.T, variable string, otherwise int) int {
	t.Helper()
	text := os.Getenv(variable)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("%s: %v", variable, err)
	}
	return n
}

// eachSeed calls f for n seeds, as many at a time as there are processors.
func eachSeed(n int, first uint64, f func(seed uint64)) {
	var wait sync.WaitGroup
	seeds := make(chan uint64)
	for range runtime.GOMAXPROCS(0) {
		wait.Add(1)
		go func() {
			defer wait.Done()
			for seed := range seeds {
				f(seed)
			}
		}()
	}
	for i := range n {
		seeds <- first + uint64(i)
	}
	close(seeds)
	wait.Wait()
}

// save writes a crate and what is wrong with it.
func save(t *testing.T, rustc string, report Reporter, dir string, src Source) {
	t.Helper()
	c, err := Parse(src)
	if err != nil {
		t.Error(err)
		return
	}
	result, err := Check(rustc, report, src)
	if err != nil {
		t.Error(err)
		return
	}
	var lines []string
	for _, d := range result.Disagreements {
		lines = append(lines, d.String())
	}
	sort.Strings(lines)
	files := c.Plain()
	files["expected.txt"] = strings.Join(lines, "\n") + "\n"
	if err := WriteFiles(dir, files); err != nil {
		t.Error(err)
	}
}
