package infer_test

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/afidt-lsp/afidt-lsp/analysis/infer"
)

// coercionRows are sources; a line in which n pointers to values become pointers to a `dyn Client` ends in `//~ n`, and in `//~ n?`
// where we do not see them.
var coercionRows = []struct{ name, src string }{
	{"let", `
use std::{rc::Rc, sync::Arc, pin::Pin};
fn f(web: Web, boxed: Box<Web>, shared: Arc<Web>, mut m: Web) {
    let _a: &dyn Client = &web; //~ 1
    let _b: &mut dyn Client = &mut m; //~ 1
    let _c: Box<dyn Client> = Box::new(Web); //~ 1
    let _d: Arc<dyn Client + Send + Sync> = Arc::new(Web::new()); //~ 1
    let _e: Rc<dyn Client> = Rc::new(web); //~ 1
    let _g: Box<dyn Client> = boxed; //~ 1
    let _h: Arc<dyn Client> = shared.clone(); //~ 1
    let _i: Pin<Box<dyn Client>> = Box::pin(Web); //~ 1
    let _j: Box<dyn Client> = super::boxed();
    let _k: Box<Web> = Box::new(Web);
    let _l = Box::new(Web) as Box<dyn Client>; //~ 1
    let _n = &m as &dyn Client; //~ 1
    let _o: Box<dyn Client>;
    _o = Box::new(Web); //~ 1
}`},
	{"arguments", `
use std::sync::Arc;
async fn by_ref(_: &dyn Client) {}
fn by_mut(_: &mut dyn Client) {}
fn by_box(_: u8, _: Box<dyn Client>) {}
fn by_arc(_: Arc<dyn Client>) {}
fn slice(_: &[Box<dyn Client>]) {}
fn opt(_: Option<Arc<dyn Client>>) {}
fn generic<T: Client + ?Sized>(_: &T) {}
async fn f(mut web: Web, r: &Web, o: &dyn Client) {
    by_ref(&web).await; //~ 1
    by_ref(r).await; //~ 1
    by_ref(o).await;
    by_mut(&mut web); //~ 1
    by_box(1, Box::new(Web)); //~ 1
    by_arc(Arc::new(Web)); //~ 1
    slice(&[Box::new(Web), Box::new(Web::new())]); //~ 2
    opt(Some(Arc::new(Web))); //~ 1
    opt(None);
    generic(&web);
    generic(o);
    super::boxed().fetch().await;
}`},
	{"structs", `
use std::{sync::Arc, collections::HashMap};
struct App { client: Box<dyn Client>, more: Vec<Arc<dyn Client>>, maybe: Option<Box<dyn Client>>, by: HashMap<String, Box<dyn Client>> }
struct Tuple(Box<dyn Client>, u8);
enum Kind { One(Box<dyn Client>), Two { client: Arc<dyn Client> }, None }
impl App {
    fn new(client: impl Client + 'static) -> Self {
        Self { client: Box::new(client), more: vec![Arc::new(Web), Arc::new(Web)], maybe: Some(Box::new(Web)), by: HashMap::new() } //~ 4
    }
    fn with<T: Client + 'static>(mut self, t: T) -> Self {
        self.client = Box::new(t); //~ 1
        self
    }
    fn add(&mut self, c: Web) {
        self.more.push(Arc::new(c)); //~ 1
        self.by.insert("a".to_string(), Box::new(Web)); //~ 1
        self.by.entry("b".into()).or_insert_with(|| Box::new(Web)); //~ 1
        self.by.entry("b".into()).or_insert(Box::new(Web)); //~ 1
        self.maybe = Some(Box::new(Web)); //~ 1
        self.maybe.get_or_insert_with(|| Box::new(Web)); //~ 1
        self.maybe.replace(Box::new(Web)); //~ 1
        self.more[0] = Arc::new(Web); //~ 1
        self.more.extend([Arc::new(Web) as Arc<dyn Client>, Arc::new(Web)]); //~ 2
    }
}
fn g() {
    let _t = Tuple(Box::new(Web), 1); //~ 1
    let _k = [Kind::One(Box::new(Web)), Kind::Two { client: Arc::new(Web) }, Kind::None]; //~ 2
    let mut app = App::new(Web).with(Web);
    app.client = Box::new(Web::new()); //~ 1
}`},
	{"results", `
use std::sync::Arc;
type Shared = Arc<dyn Client>;
fn a(x: bool) -> Box<dyn Client> {
    if x {
        return Box::new(Web); //~ 1
    }
    match x {
        true => Box::new(Web::new()), //~ 1
        false => super::boxed(),
    }
}
fn b() -> Result<Box<dyn Client>, String> {
    let _c = a(true);
    Ok(Box::new(Web)) //~ 1
}
fn c() -> Option<Shared> {
    Some(Arc::new(Web)) //~ 1
}
async fn d() -> Shared {
    let s = { Arc::new(Web) };
    s //~ 1
}
fn e() -> (Box<dyn Client>, Shared) {
    (Box::new(Web), Arc::new(Web)) //~ 2
}
fn g() -> Vec<Box<dyn Client>> {
    vec![Box::new(Web), if true { Box::new(Web) } else { super::boxed() }] //~ 2
}
fn h() -> &'static dyn Client {
    &Web //~ 1
}
fn i() -> [Box<dyn Client>; 2] {
    [Box::new(Web), Box::new(Web)] //~ 2
}
impl From<Web> for Box<dyn Client> {
    fn from(w: Web) -> Self {
        Box::new(w) //~ 1
    }
}
fn j() -> Shared { unimplemented!() }
`},
	{"closures", `
use std::sync::{Arc, OnceLock, LazyLock};
type Factory = Box<dyn Fn() -> Box<dyn Client> + Send + Sync>;
static CELL: OnceLock<Box<dyn Client + Send + Sync>> = OnceLock::new();
static LAZY: LazyLock<Box<dyn Client + Send + Sync>> = LazyLock::new(|| Box::new(Web)); //~ 1
static PLAIN: &(dyn Client + Sync) = &Web; //~ 1
fn apply(f: impl Fn() -> Arc<dyn Client>) { f(); }
fn bound<F>(f: F) where F: FnOnce(u8) -> Box<dyn Client> { f(1); }
fn f() {
    let _f: Factory = Box::new(|| Box::new(Web)); //~ 1
    apply(|| Arc::new(Web)); //~ 1
    bound(|_| { Box::new(Web) }); //~ 1
    bound(|x| { if x > 1 { return Box::new(Web); } super::boxed() }); //~ 1
    let _g = |c: bool| -> Box<dyn Client> { if c { Box::new(Web) } else { Box::new(Web::new()) } }; //~ 2
    CELL.get_or_init(|| Box::new(Web)); //~ 1
    let _ = CELL.set(Box::new(Web)); //~ 1
    let _v: Vec<Box<dyn Client>> = (0..3).map(|_| Box::new(Web) as Box<dyn Client>).collect(); //~ 1
    let _w: Vec<Box<dyn Client>> = (0..3).map(|_| -> Box<dyn Client> { Box::new(Web) }).collect(); //~ 1
    let o: Option<Box<dyn Client>> = None;
    let _o = o.unwrap_or_else(|| Box::new(Web)); //~ 1
}`},
	{"containers", `
use std::{sync::{Arc, Mutex, RwLock}, cell::RefCell, rc::Rc};
fn f() {
    let _a: Arc<Mutex<dyn Client>> = Arc::new(Mutex::new(Web)); //~ 1
    let _b: Rc<RefCell<dyn Client>> = Rc::new(RefCell::new(Web)); //~ 1
    let _c: Arc<Mutex<Box<dyn Client>>> = Arc::new(Mutex::new(Box::new(Web))); //~ 1
    let _d: Vec<Mutex<Box<dyn Client>>> = vec![Mutex::new(Box::new(Web))]; //~ 1
    let _e: RwLock<Option<Arc<dyn Client>>> = RwLock::new(None);
    *_e.write().unwrap() = Some(Arc::new(Web)); //~ 1
    let x = Arc::new(RwLock::new(Web));
    let _g: Arc<RwLock<dyn Client>> = x; //~ 1
}`},
	{"branches without an annotation", `
fn f(x: u8) {
    let _a = if x > 1 { Box::new(Web) as Box<dyn Client> } else { Box::new(Web) }; //~ 2
    let _b = match x { 0 => super::boxed(), _ => Box::new(Web) }; //~ 1
    let _c = vec![super::boxed(), Box::new(Web)]; //~ 1
    let _d = [super::boxed(), Box::new(Web)]; //~ 1
    let mut v = Vec::new();
    v.push(super::boxed());
    v.push(Box::new(Web)); //~ 1
}`},
	{"generic holders", `
struct Pool<T> { items: Vec<T> }
impl<T> Pool<T> {
    fn add(&mut self, t: T) -> &mut Self { self.items.push(t); self }
    fn with(mut self, t: T) -> Self { self.items.push(t); self }
    fn new() -> Self { Pool { items: vec![] } }
}
struct App { pool: Pool<Box<dyn Client>> }
fn f(app: &mut App) {
    app.pool.add(Box::new(Web)).add(Box::new(Web)); //~ 2
    let mut p: Pool<Box<dyn Client>> = Pool { items: vec![Box::new(Web)] }; //~ 1
    p.add(Box::new(Web)); //~ 1
    let mut q = Pool::<Box<dyn Client>>::new();
    q.add(Box::new(Web)); //~ 1
    let r: Pool<Box<dyn Client>> = Pool::new().with(super::boxed());
    let _ = r.with(Box::new(Web)); //~ 1
    for c in [Box::new(Web) as Box<dyn Client>] { app.pool.add(c); } //~ 1
}`},
	{"methods and self", `
use std::sync::Arc;
trait Visitor { fn accept(&self, v: &dyn Client); fn make(&self) -> Box<dyn Client>; }
struct V;
impl Visitor for V {
    fn accept(&self, _: &dyn Client) {}
    fn make(&self) -> Box<dyn Client> { Box::new(Web) } //~ 1
}
impl Web {
    fn run(&self, v: &dyn Visitor) { v.accept(self); Visitor::accept(v, self); v.accept(&*v.make()); } //~ 2
    fn boxed(self) -> Box<dyn Client> { Box::new(self) } //~ 1
    fn shared(self: Arc<Self>) -> Arc<dyn Client> { self } //~ 1
}
const C: &dyn Client = &Web; //~ 1
`},
	{"by the names of what they go through", `
pub struct Holder { pub first: Box<dyn Client>, pub more: Vec<Box<dyn Client>> }
pub type Held = Holder;
pub enum Any { One(Box<dyn Client>), Two { c: Box<dyn Client> } }
pub trait Makes { fn made(&self, c: Box<dyn Client>) -> Option<Box<dyn Client>> { Some(c) } }
impl Makes for Holder {}
impl Holder {
    pub fn make(first: Box<dyn Client>) -> Self { Holder { first, more: vec![] } }
    pub fn found(&self) -> Option<Box<dyn Client>> { None }
    pub fn all(&mut self) -> &mut Vec<Box<dyn Client>> { &mut self.more }
}
pub fn free(_: Box<dyn Client>) {}
pub fn holder() -> Holder { Holder::make(Box::new(Web)) } //~ 1
pub fn ready() -> Box<dyn Client> { super::boxed() }
mod meeting {
    use super::{Holder, Web, ready};
    fn in_list() { drop(vec![ready(), Box::new(Web)]); } //~ 1
    fn in_branches(n: u8) { drop(if n > 1 { ready() } else { Box::new(Web) }); } //~ 1
    fn behind_reference(h: &mut Holder) { drop(std::mem::replace(&mut h.first, Box::new(Web))); } //~ 1
    fn as_other_argument(h: Holder) { both(h.first, Box::new(Web)); } //~ 1
    fn as_optional(h: Holder) { both(h.found(), Some(Box::new(Web))); } //~ 1
    fn both<T>(_: T, _: T) {}
}
mod elsewhere {
    use super::{Any::{self, *}, Held as H, Makes, Web, free, holder};
    fn f(n: u8) {
        // What stands before a call may be a comment that ends like this.
        free(Box::new(Web)); //~ 1
        // Or like this::
        free(Box::new(Web)); //~ 1
        let mut h = H::make(Box::new(Web)); //~ 1
        let _ = H // a comment.
            ::make(Box::new(Web)); //~ 1
        h.more.push(Box::new(Web)); //~ 1
        h = H { first: Box::new(Web), ..h }; //~ 1
        let _ = h.found().unwrap_or_else(|| Box::new(Web)); //~ 1
        h.all().push(Box::new(Web)); //~ 1
        let _ = holder().made(Box::new(Web)); //~ 1
        let _ = [One(Box::new(Web)), Any::Two { c: Box::new(Web) }]; //~ 2
        let mut later = Vec::new();
        if n > 1 {
            later.push(Box::new(Web));
        }
        let _: &Vec<Box<Web>> = &later;
        let unrelated = n + 1;
        let mut list = vec![holder().first];
        for _ in 0..unrelated {
            list.push(Box::new(Web)); //~ 1
        }
        let out = loop {
            if n > 2 {
                break list;
            }
        };
        let give = || -> Option<Box<dyn super::Client>> {
            if unrelated > 3 {
                return Some(Box::new(Web)); //~ 1
            }
            None
        };
        drop((out, give()));
    }
}
`},
	{"what other arguments are", `
use std::{cell::{Cell, OnceCell, RefCell}, collections::{BTreeMap, HashMap, VecDeque}, mem, sync::{Arc, Mutex, OnceLock, mpsc}};
type Obj = Box<dyn Client>;
fn two<T>(_: &mut T, _: T) {}
fn both<T>(_: T, _: T) {}
fn into<T>(_: &mut Vec<T>, _: T) {}
fn pair<K, V>(_: &mut HashMap<K, V>, _: K, _: V) {}
fn make<T>(_: &mut T, _: impl FnOnce() -> T) {}
fn same<T>(_: &[T], x: T) -> T { x }
struct Slot<T> { value: Option<T> }
impl<T> Slot<T> {
    fn set(&mut self, t: T) { self.value = Some(t); }
    fn of(first: T, second: T) -> Self { drop(second); Slot { value: Some(first) } }
    fn swap(&mut self, other: &mut Slot<T>) { mem::swap(self, other); }
}
struct Keeps { one: Obj, slot: Slot<Obj>, opt: Option<Obj>, vec: Vec<Obj>, map: HashMap<u8, Obj>, lock: Mutex<Obj>, cell: RefCell<Option<Obj>> }
fn f(k: &mut Keeps, mut o: Obj) {
    let _ = mem::replace(&mut o, Box::new(Web)); //~ 1
    let _ = mem::replace(&mut k.one, Box::new(Web)); //~ 1
    let _ = mem::replace(&mut *k.lock.lock().unwrap(), Box::new(Web)); //~ 1
    let mut p = super::boxed();
    mem::swap(&mut o, &mut p);
    two(&mut p, Box::new(Web)); //~ 1
    both(super::boxed(), Box::new(Web)); //~ 1
    both(o, Box::new(Web)); //~ 1
    into(&mut k.vec, Box::new(Web)); //~ 1
    pair(&mut k.map, 1, Box::new(Web)); //~ 1
    make(&mut p, || Box::new(Web)); //~ 1
    let _ = same(&k.vec, Box::new(Web)); //~ 1
    let _ = same::<Obj>(&[], Box::new(Web)); //~ 1
    k.slot.set(Box::new(Web)); //~ 1
    k.slot.swap(&mut Slot::of(super::boxed(), Box::new(Web))); //~ 1
    let mut s = Slot { value: None };
    s.set(super::boxed());
    s.set(Box::new(Web)); //~ 1
    k.opt.insert(Box::new(Web)); //~ 1
    k.opt.get_or_insert(Box::new(Web)); //~ 1
    k.opt.replace(Box::new(Web)); //~ 1
    let _ = k.opt.take().unwrap_or(Box::new(Web)); //~ 1
    let _ = k.opt.take().map_or(super::boxed(), |_| Box::new(Web)); //~ 1
    let _ = k.opt.take().or(Some(Box::new(Web))); //~ 1
    let _ = mem::replace(&mut k.opt, Some(Box::new(Web))); //~ 1
    k.vec.insert(0, Box::new(Web)); //~ 1
    k.vec.resize_with(3, || Box::new(Web)); //~ 1
    k.map.insert(1, Box::new(Web)); //~ 1
    let _ = k.cell.replace(Some(Box::new(Web))); //~ 1
    *k.cell.borrow_mut() = Some(Box::new(Web)); //~ 1
    *k.lock.lock().unwrap() = Box::new(Web); //~ 1
}
fn g() {
    let (tx, _rx) = mpsc::channel::<Obj>();
    let _ = tx.send(Box::new(Web)); //~ 1
    let (tx, _rx) = mpsc::channel();
    let _ = tx.send(super::boxed());
    let _ = tx.send(Box::new(Web)); //~ 1
    let cell = Cell::new(super::boxed());
    cell.set(Box::new(Web)); //~ 1
    let once = OnceCell::new();
    let _ = once.set(super::boxed());
    let _ = once.set(Box::new(Web)); //~ 1
    let lock: OnceLock<Obj> = OnceLock::new();
    let _ = lock.set(Box::new(Web)); //~ 1
    let mut q = VecDeque::from([super::boxed()]);
    q.push_back(Box::new(Web)); //~ 1
    let mut tree = BTreeMap::new();
    tree.insert(0, super::boxed());
    tree.insert(1, Box::new(Web)); //~ 1
    let shared = Arc::new(Mutex::new(super::boxed()));
    *shared.lock().unwrap() = Box::new(Web); //~ 1
    let _ = std::iter::once(super::boxed()).chain([Box::new(Web) as Obj]); //~ 1
}`},
}

func coercionSource() string {
	var b strings.Builder
	b.WriteString(prelude)
	for i, r := range coercionRows {
		fmt.Fprintf(&b, "mod row%d { // %s\nuse super::*;\n%s\n}\n", i, r.name, strings.TrimSpace(r.src))
	}
	return b.String()
}

// TestCoercions holds the table against us.
func TestCoercions(t *testing.T) {
	src := coercionSource()
	s := load(t, src)
	got := map[int]int{}
	found := infer.NewCoercer(s, nil).Find(s.Traits[0].Def)
	for i := range found.Known {
		c := &found.Known[i]
		got[c.File.Position(c.Expr.Start).Line]++
		if os.Getenv("DBG") != "" {
			t.Logf("%v %s | %s | %v %v place=%v outlived=%v init=%v", c.File.Position(c.Expr.Start), c.Expr.Of(c.File.Text), c.Value.Of(c.File.Text), c.Written, c.Ready, c.Place, c.Outlived, string(c.Init.Of(c.File.Text)))
		}
	}
	for _, u := range found.Unclear {
		t.Errorf("unclear at %v: %s", u.File.Position(u.Span.Start), u.Span.Of(u.File.Text))
	}
	want := wanted(src)
	for i, line := range strings.Split(src, "\n") {
		n := ""
		if list := want[i+1]; len(list) > 0 {
			n = list[0]
		}
		have := ""
		if got[i+1] > 0 {
			have = fmt.Sprint(got[i+1])
		}
		if strings.HasSuffix(n, "?") {
			n = ""
		}
		if n != have {
			t.Errorf("%s\nfound %q", strings.TrimSpace(line), have)
		}
	}
}

// unsizing is a coercion in rustc's MIR, with the place of its expression.
var unsizing = regexp.MustCompile(`= (?:move|copy) (\w+) as (.*dyn .*) \(PointerCoercion\(Unsize.*// .* at [^ ]*rows\.rs:(\d+):(\d+): (\d+):(\d+)`)

// local is the declaration of a variable in the MIR; object is the type of a pointer to an object, or of several.
var (
	local  = regexp.MustCompile(`^\s*let (?:mut )?(\w+): (.*);`)
	object = regexp.MustCompile(`dyn (row\d+::)?Client`)
)

// TestCoercionsCompile holds the table against rustc: its MIR has every unsizing coercion.
func TestCoercionsCompile(t *testing.T) {
	if _, err := exec.LookPath("rustc"); err != nil {
		t.Skip("rustc is not installed, so the table is not held against it")
	}
	src := coercionSource()
	compiled := strings.ReplaceAll(src, "impl Future<Output = u8>", "std::pin::Pin<Box<dyn Future<Output = u8>>>")
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "rows.rs"), []byte(compiled), 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("rustc", "--crate-type", "lib", "--edition", "2024", "--emit=mir=out.mir", "-Zmir-include-spans=on", "-Zmir-opt-level=0", "rows.rs")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "RUSTC_BOOTSTRAP=1")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("rustc: %v\n%s", err, out)
	}
	mir, err := os.ReadFile(filepath.Join(dir, "out.mir"))
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	got := map[string]int{}
	locals := map[string]string{} // types of the function that is being read
	for s := bufio.NewScanner(bytes.NewReader(mir)); s.Scan(); {
		if l := local.FindStringSubmatch(s.Text()); l != nil {
			locals[l[1]] = l[2]
		}
		m := unsizing.FindStringSubmatch(s.Text())
		if m == nil || !strings.Contains(m[2], "Client") || strings.Contains(m[2], "dyn std::ops::Fn") || seen[strings.Join(m[3:], ":")] || object.MatchString(locals[m[1]]) {
			continue
		}
		seen[strings.Join(m[3:], ":")] = true
		got[m[3]]++
	}
	want := wanted(src)
	for i, line := range strings.Split(src, "\n") {
		n := "0"
		if list := want[i+1]; len(list) > 0 {
			n = strings.TrimSuffix(list[0], "?")
		}
		if have := fmt.Sprint(got[fmt.Sprint(i+1)]); n != have {
			t.Errorf("%s\n(-table +rustc) %s", strings.TrimSpace(line), cmp.Diff(n, have))
		}
	}
}

// TestGivenToUnknown has pointers to values go where it is not known what is asked for: beside objects, those to what implements the trait
// may become some.
func TestGivenToUnknown(t *testing.T) {
	s := load(t, prelude+`
struct Other;
fn both<T>(_: T, _: T) {}
fn f(o: Box<dyn Client>, shared: std::sync::Arc<std::sync::Mutex<Web>>) {
    outside::registry(&o).add(Box::new(Web)); //?
    outside::add(&o, Box::new(Other), shared); //?
    outside::add(&Web, Web, &o);
    both(outside::made(&o), Box::new(Web)); //?
    both(Box::new(Web), outside::made(&o));
    both(outside::made(&o), Box::new(Other));
    unrelated(Box::new(Web));
}
`)
	found := infer.NewCoercer(s, nil).Find(s.Traits[0].Def)
	got := map[int]bool{}
	for _, u := range found.Unclear {
		got[u.File.Position(u.Span.Start).Line] = true
	}
	for i, line := range strings.Split(string(s.Snapshot.Files[0].Text), "\n") {
		if want := strings.HasSuffix(line, "//?"); want != got[i+1] {
			t.Errorf("%s\nunclear: %v", strings.TrimSpace(line), got[i+1])
		}
	}
}
