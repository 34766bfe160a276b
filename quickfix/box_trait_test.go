package quickfix

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
)

// TestBoxTraitGrid compiles and runs the traits of the grid (grid_test.go) after they were made to return boxes. By default that
// is a sample; AFIDT_GRID=1 takes all combinations.
func TestBoxTraitGrid(t *testing.T) {
	if _, err := exec.LookPath("rustc"); err != nil {
		t.Skip("rustc is not installed, so the boxed traits are not compiled")
	}
	step, perCrate := 211, 40
	if s := os.Getenv("AFIDT_GRID"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil {
			t.Fatalf("AFIDT_GRID is the step from one combination to the next: %v", err)
		}
		step = n
	}
	rt, err := os.ReadFile("testdata/rt.rs")
	if err != nil {
		t.Fatal(err)
	}
	traits, _ := gridTraits(step)
	// A method that takes self by value cannot be called on a trait object (E0161).
	traits = slices.DeleteFunc(traits, func(g gridTrait) bool { return g.byValue() })
	if len(traits) == 0 {
		t.Fatalf("every %d-th combination: the grid has none", step)
	}
	methods := 0
	for i := range traits {
		traits[i].forwards = true // the object implements the trait itself
		methods += len(traits[i].methods)
	}
	t.Logf("%d methods in %d traits", methods, len(traits))
	for crate := 0; len(traits) > 0; crate++ {
		n := min(perCrate, len(traits))
		program := "#![allow(unused_imports)]\n" + gridCrate(traits[:n], string(rt)) // there are crates without futures
		traits = traits[n:]
		for _, edition := range []int{2021, 2024} {
			t.Run(fmt.Sprintf("%d/%d", crate, edition), func(t *testing.T) {
				dir := t.TempDir()
				main := filepath.Join(dir, "main.rs")
				writeFile(t, main, []byte(program))
				fixed := fixEverywhere(t, boxTrait, main, edition)
				writeFile(t, main, []byte(fixed))
				rustc(t, dir, "main.rs", strconv.Itoa(edition), true)
			})
		}
	}
}
