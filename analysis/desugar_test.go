package analysis

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestDesugar(t *testing.T) {
	file := filepath.Join(t.TempDir(), "lib.rs")
	text := `mod m {
    pub trait Store: Send {
        async fn get<F: Fn(u8) -> u8>(&self, key: (u8, F)) -> Option<u8>;
        async fn put_all(&mut self) { }
        fn list(&self) -> impl Iterator<Item = u8>;
        fn len(&self) -> usize { 0 }
    }
}
`
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	s, err := Open(file, Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := `// as it is written
pub trait Store: Send {
    async fn get<F: Fn(u8) -> u8>(&self, key: (u8, F)) -> Option<u8>;
    async fn put_all(&mut self);
    fn list(&self) -> impl Iterator<Item = u8>;
    fn len(&self) -> usize;
}

// async fns return ` + "`impl Future`" + `
pub trait Store: Send {
    fn get<F: Fn(u8) -> u8>(&self, key: (u8, F)) -> impl Future<Output = Option<u8>>;
    fn put_all(&mut self) -> impl Future<Output = ()>;
    fn list(&self) -> impl Iterator<Item = u8>;
    fn len(&self) -> usize;
}

// what the compiler makes of it: each opaque result is an associated type
pub trait Store: Send {
    type Get<'a>: Future<Output = Option<u8>> where Self: 'a;
    fn get<F: Fn(u8) -> u8>(&self, key: (u8, F)) -> Self::Get<'_>;
    type PutAll<'a>: Future<Output = ()> where Self: 'a;
    fn put_all(&mut self) -> Self::PutAll<'_>;
    type List<'a>: Iterator<Item = u8> where Self: 'a;
    fn list(&self) -> Self::List<'_>;
    fn len(&self) -> usize;
}

// what a vtable could hold: the results are boxed
pub trait Store: Send {
    async fn get<F: Fn(u8) -> u8>(&self, key: (u8, F)) -> Option<u8>;
    fn put_all(&mut self) -> Pin<Box<dyn Future<Output = ()> + '_>>;
    fn list(&self) -> Box<dyn Iterator<Item = u8> + '_>;
    fn len(&self) -> usize;
}
`
	if diff := cmp.Diff(want, Desugar(&s.Traits[0])); diff != "" {
		t.Errorf("desugared (-want +got):\n%s", diff)
	}
}
