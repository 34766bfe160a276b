package quickfix

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/afidt-lsp/afidt-lsp/analysis"
)

const desugarSource = `mod m {
    pub trait Store<'t>: Send {
        /// Gets.
        async fn get<F: Fn(u8) -> u8>(&self, key: (u8, F)) -> Option<&'t u8>;
        async fn put_all(&mut self) { }
        async fn fetch(&self, url: &str) -> Result<String, &str>;
        fn list<'a>(&'a self, n: &mut u8) -> impl Iterator<Item = u8> + 'a;
        fn len(&self) -> usize { 0 }
    }
}
`

const desugarWant = "// as it is written" + `
pub trait Store<'t>: Send {
    /// Gets.
    async fn get<F: Fn(u8) -> u8>(&self, key: (u8, F)) -> Option<&'t u8>;
    async fn put_all(&mut self);
    async fn fetch(&self, url: &str) -> Result<String, &str>;
    fn list<'a>(&'a self, n: &mut u8) -> impl Iterator<Item = u8> + 'a;
    fn len(&self) -> usize;
}

// async fns return ` + "`impl Future`" + `
pub trait Store<'t>: Send {
    /// Gets.
    fn get<F: Fn(u8) -> u8>(&self, key: (u8, F)) -> impl Future<Output = Option<&'t u8>>;
    fn put_all(&mut self) -> impl Future<Output = ()>;
    fn fetch(&self, url: &str) -> impl Future<Output = Result<String, &str>>;
    fn list<'a>(&'a self, n: &mut u8) -> impl Iterator<Item = u8> + 'a;
    fn len(&self) -> usize;
}

// what the compiler makes of it: each opaque result is an associated type
pub trait Store<'t>: Send {
    type Get<'a, F: Fn(u8) -> u8>: Future<Output = Option<&'t u8>> where Self: 'a;
    type PutAll<'a>: Future<Output = ()> where Self: 'a;
    type Fetch<'a, 'b>: Future<Output = Result<String, &'a str>> where Self: 'a;
    type List<'a, 'b>: Iterator<Item = u8> + 'a where Self: 'a;
    /// Gets.
    fn get<'a, F: Fn(u8) -> u8>(&'a self, key: (u8, F)) -> Self::Get<'a, F>;
    fn put_all<'a>(&'a mut self) -> Self::PutAll<'a>;
    fn fetch<'a, 'b>(&'a self, url: &'b str) -> Self::Fetch<'a, 'b>;
    fn list<'a, 'b>(&'a self, n: &'b mut u8) -> Self::List<'a, 'b>;
    fn len(&self) -> usize;
}

// what a vtable could hold: the results are boxed
pub trait Store<'t>: Send {
    /// Gets.
    async fn get<F: Fn(u8) -> u8>(&self, key: (u8, F)) -> Option<&'t u8>;
    fn put_all<'a>(&'a mut self) -> Pin<Box<dyn Future<Output = ()> + 'a>>
    where
        't: 'a;
    fn fetch<'s, 'life1, 'fut>(
        &'s self,
        url: &'life1 str,
    ) -> Pin<Box<dyn Future<Output = Result<String, &'s str>> + 'fut>>
    where
        's: 'fut,
        'life1: 'fut,
        't: 'fut;
    fn list<'a>(&'a self, n: &mut u8) -> Box<dyn Iterator<Item = u8> + 'a>;
    fn len(&self) -> usize;
}
`

func TestDesugar(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "lib.rs")
	if err := os.WriteFile(file, []byte(desugarSource), 0o644); err != nil {
		t.Fatal(err)
	}
	s, err := analysis.Open(file, analysis.Options{})
	if err != nil {
		t.Fatal(err)
	}
	got := Desugar(s.Judge, s.Formats, s.Traits[0].Def)
	if diff := cmp.Diff(desugarWant, got); diff != "" {
		t.Errorf("desugared (-want +got):\n%s", diff)
	}

	rustc, err := exec.LookPath("rustc")
	if err != nil {
		t.Skip("rustc is not installed, so the forms are not compiled")
	}
	for i, form := range strings.Split(got, "\n\n") {
		shown := filepath.Join(dir, "shown.rs")
		code := "#![allow(async_fn_in_trait, unused_imports)]\nuse std::{future::Future, pin::Pin};\n" + form
		if err := os.WriteFile(shown, []byte(code), 0o644); err != nil {
			t.Fatal(err)
		}
		c := exec.Command(rustc, "--edition", "2024", "--crate-type", "lib", "--emit", "metadata", "-D", "warnings", "-o", filepath.Join(dir, "shown.rmeta"), shown)
		if out, err := c.CombinedOutput(); err != nil {
			t.Errorf("form %d does not compile: %v\n%s\n%s", i, err, form, out)
		}
	}
}
