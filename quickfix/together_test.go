package quickfix

import "testing"

// TestTogetherIsLaidOut has two fixes change one statement: alone each leaves it on its line, together they do not.
func TestTogetherIsLaidOut(t *testing.T) {
	const src = `use std::sync::Arc;
pub trait One {
    async fn one(&self) -> u8;
}
pub trait Two {
    async fn two(&self) -> u8;
}
pub struct Both;
impl One for Both {
    async fn one(&self) -> u8 {
        1
    }
}
impl Two for Both {
    async fn two(&self) -> u8 {
        2
    }
}
pub fn consume(_: Arc<dyn One>, _: Arc<dyn Two>, _: u64) {}
pub fn f() {
    consume(Arc::new(Both), Arc::new(Both), 12345678901234567);
}
`
	s, w := loaded(t, map[string]string{"src/lib.rs": src})
	var chosen []Action
	findings := s.Findings()
	for i := range findings {
		chosen = append(chosen, OneFor(w, &findings[i], "boxing")...)
	}
	texts, err := Apply(Together(w, chosen), func(path string) ([]byte, error) { return w.file(path).Text, nil })
	if err != nil {
		t.Fatal(err)
	}
	all, err := (&Fixing{First: s, Style: []string{"boxing"}, Path: s.Snapshot.Root}).All()
	if err != nil {
		t.Fatal(err)
	}
	for path, text := range texts {
		if want := string(all.Texts[path]); string(text) != want {
			t.Errorf("together the fixes give\n%s\nand applied one by one\n%s", text, want)
		}
	}
	if len(texts) != 1 {
		t.Errorf("%d files are changed", len(texts))
	}
}
