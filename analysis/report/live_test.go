package report

import (
	"flag"
	"fmt"
	"os/exec"
	"strings"
	"sync"
	"testing"
)

var step = flag.Int("step", 20, "compare the examples of only every such error of the error index")

// knownLiveDifferences are those of knownDifferences in the examples of rustc's error index.
var knownLiveDifferences = map[string]string{}

// TestExplainedErrors renders what rustc says about the erroneous examples of its own error index, which has one or more
// for nearly every error that there is. All of them take minutes, so by default it is a sample.
func TestExplainedErrors(t *testing.T) {
	requireRustc(t)
	var mu sync.Mutex
	score := scoreboard{}
	t.Run("code", func(t *testing.T) {
		for n := 1; n < 810; n += *step {
			code := fmt.Sprintf("E%04d", n)
			t.Run(code, func(t *testing.T) {
				t.Parallel()
				out, err := exec.Command("rustc", "--explain", code).Output()
				if err != nil {
					return // there is no such error
				}
				for i, example := range examples(string(out)) {
					p := program{name: fmt.Sprint(code, ".", i), files: map[string]string{"main.rs": example}}
					for j, d := range p.diagnose(t) {
						for _, out := range p.compare(d) {
							mu.Lock()
							score.add(t, fmt.Sprintf("%s/%d/%s", p.name, j, out.style), out, knownLiveDifferences)
							mu.Unlock()
						}
					}
				}
			})
		}
	})
	score.check(t, knownLiveDifferences)
}

// examples are the code blocks of an explanation. Those that compile give warnings, if anything.
func examples(explanation string) []string {
	var all []string
	for i, block := range strings.Split("\n"+explanation, "\n```") {
		if i%2 == 0 {
			continue
		}
		_, text, _ := strings.Cut(block, "\n")
		if !strings.Contains(text, "fn main") {
			text += "\nfn main() {}"
		}
		all = append(all, text+"\n")
	}
	return all
}
