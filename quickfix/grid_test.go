package quickfix

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// The grid is every combination of a receiver, arguments, an output, generic parameters of the trait and a flavour of the
// result that Rust accepts. Each combination is one method; methods that can be in one trait are packed together, and traits
// into crates, so that rustc runs few times. Every method is called through `dyn` and its result is checked; where the object
// implements the native trait it is called through that too.

// gridReceiver is a receiver, and how a value is made that it can be called on.
type gridReceiver struct {
	self  string
	named bool // has the lifetime 'a of its own
	owner string
	call  string // of the value o
	// native is the receiver's value for a call by path, empty if there is none for the object.
	native string
	group  int // receivers of different groups cannot share a trait that the object implements
	send   bool
}

var gridReceivers = []gridReceiver{
	{self: "&self", owner: "Box", call: "o", native: "&*o", send: true},
	{self: "&mut self", owner: "Box", call: "o", native: "&mut *o", send: true},
	{self: "&'a self", named: true, owner: "Box", call: "o", native: "&*o", send: true},
	{self: "self: Box<Self>", owner: "Box", call: "o", native: "o", send: true},
	{self: "self: std::rc::Rc<Self>", owner: "std::rc::Rc", call: "o", native: "o"},
	{self: "self: std::sync::Arc<Self>", owner: "std::sync::Arc", call: "o", native: "o", send: true},
	{self: "self: std::pin::Pin<&mut Self>", owner: "pin", call: "o.as_mut()", native: "o.as_mut()", send: true},
	{self: "self", owner: "Box", call: "o", native: "o", group: 1, send: true},
}

// gridArgs are the arguments of a method.
type gridArgs struct {
	params   string
	lifetime string // declared by the method
	regions  int    // lifetimes in params
	setup    string
	values   string
	weight   string // a usize made of the arguments
	text     string // a &str that borrows from the only region
	needs    string // a parameter of the trait
	body     string // before the weight
	local    bool   // not Send
}

var gridArguments = []gridArgs{
	{weight: "1"},
	{params: "n: u32", values: "3", weight: "n as usize"},
	{params: "s: &str", regions: 1, setup: `let s = String::from("ab");`, values: "&s", weight: "s.len()", text: "s"},
	{params: "s: &str, b: &[u8]", regions: 2, setup: `let s = String::from("ab"); let b = vec![1];`, values: "&s, &b", weight: "s.len() + b.len()"},
	{params: "v: &mut Vec<u8>", regions: 1, setup: "let mut v = vec![1, 2];", values: "&mut v", weight: "v.len()", body: "v.push(7);"},
	{params: "c: Ctx<'_>", regions: 1, setup: `let s = String::from("abc");`, values: "Ctx(&s)", weight: "c.0.len()", text: "c.0"},
	{params: "c: &Ctx<'_>", regions: 2, setup: `let s = String::from("abc");`, values: "&Ctx(&s)", weight: "c.0.len()"},
	{params: "c: &mut Ctx<'_>", regions: 2, setup: `let s = String::from("abc"); let mut c = Ctx(&s);`, values: "&mut c", weight: "c.0.len()"},
	{params: "o: Option<&str>", regions: 1, setup: `let s = String::from("abc");`, values: "Some(&*s)", weight: "o.unwrap().len()", text: "o.unwrap()"},
	{params: "l: &[&str]", regions: 2, setup: `let s = String::from("abc");`, values: "&[&*s]", weight: "l[0].len()"},
	{params: "s: &'b str", lifetime: "'b", regions: 1, setup: `let s = String::from("ab");`, values: "&s", weight: "s.len()", text: "s"},
	{params: "s: &'b str, t: &str", lifetime: "'b", regions: 2, setup: `let s = String::from("ab"); let t = s.clone();`, values: "&s, &t", weight: "s.len() + t.len()"},
	{params: "f: &mut (dyn FnMut(usize) -> usize + Send)", regions: 1, setup: "let mut sum = 0; let mut f = |x| { sum += x; sum };", values: "&mut f", weight: "f(4)"},
	{params: "f: fn(&str) -> &str", values: "str::trim", weight: `f(" a ").len()`},
	{params: "f: Box<dyn Fn(&str) -> usize + Send + '_>", regions: 1, setup: "let k = 2;", values: "Box::new(|s| s.len() + k)", weight: `f("a")`},
	{params: "(x, y): (u8, u8), _: u8", values: "(1, 2), 9", weight: "usize::from(x + y)"},
	{params: "t: T", values: "5", weight: "usize::from(t)", needs: "T"},
	{params: "t: &T", regions: 1, setup: "let t = 5;", values: "&t", weight: "usize::from(*t)", needs: "T"},
	{params: "t: &mut Vec<T>", regions: 1, setup: "let mut t = vec![5];", values: "&mut t", weight: "t.len()", needs: "T"},
	{params: "t: &'db str", values: `"db"`, weight: "t.len()", needs: "'db"},
	{params: "t: [u8; N]", values: "[1, 2]", weight: "t.len()", needs: "N"},
	{params: "t: Self::Item", values: "6", weight: "usize::from(t)", needs: "Item"},
}

// gridConverted are arguments that the companion takes in another form.
var gridConverted = []gridArgs{
	{params: "s: impl Into<String>", values: `"abc"`, weight: "s.into().len()", local: true},
	{params: "s: impl Into<String> + Send", values: `"abc"`, weight: "s.into().len()"},
	{params: "i: impl Iterator<Item = u8> + Send", regions: 1, values: "[1, 2].into_iter()", weight: "i.map(usize::from).sum::<usize>()"},
	{params: "i: impl Iterator<Item = &str>", regions: 2, setup: `let s = String::from("ab");`, values: "[s.as_str()].into_iter()", weight: "i.map(str::len).sum::<usize>()", local: true},
	{params: "i: impl IntoIterator<Item = u8>", regions: 1, values: "[1, 2]", weight: "i.into_iter().count()", local: true},
	{params: "s: &str, f: impl FnMut(usize) -> usize + Send", regions: 2, setup: "let mut sum = 0;", values: `"ab", |x| { sum += x; sum }`, weight: "s.len() + f(4)", body: "let mut f = f;"},
	{params: "f: impl Fn(&str) -> usize + Send, g: impl FnOnce() -> usize + Send + 'static", regions: 1, setup: "let k = 2;", values: "|s| s.len() + k, || 4", weight: `f("a") + g()`},
	{params: "r: impl AsRef<str> + Send, o: Option<&str>", regions: 2, values: `String::from("ab"), Some("c")`, weight: "r.as_ref().len() + o.unwrap().len()"},
	{params: "c: Ctx<'_>, r: impl std::io::Read + Send", regions: 2, values: `Ctx("a"), &b"bc"[..]`, weight: "std::io::Read::bytes(r).count() + c.0.len()"},
	{params: "t: impl Into<T>, n: u32", values: "5, 1", weight: "usize::from(t.into()) + n as usize", needs: "T", local: true},
	{params: "t: &T, i: impl Iterator<Item = T> + Send", regions: 2, setup: "let t = 5;", values: "&t, [1, 2].into_iter()", weight: "usize::from(*t) + i.count()", needs: "T"},
	{params: "t: impl Into<Self::Item>", values: "6", weight: "usize::from(t.into())", needs: "Item", local: true},
}

// gridOutput is what a method gives back.
type gridOutput struct {
	typ   string // empty for ()
	value string // made of w: usize, self, and text
	check string // made of out and w
	from  string // where it borrows from: self, text, 'b
	needs string
}

var gridOutputs = []gridOutput{
	{value: "hit(w)", check: "hits() == w"},
	{typ: "usize", value: "w", check: "out == w"},
	{typ: "Result<Vec<String>, std::fmt::Error>", value: "Ok(vec![w.to_string()])", check: "out.unwrap()[0] == w.to_string()"},
	{typ: "&str", value: "self.text.as_str()", check: `out == "text"`, from: "self"},
	{typ: "Option<&str>", value: "Some(self.text.as_str())", check: `out == Some("text")`, from: "self"},
	{typ: "Ctx<'_>", value: "Ctx(self.text.as_str())", check: `out.0 == "text"`, from: "self"},
	{typ: "&str", value: "TEXT", check: "!out.is_empty()", from: "text"},
	{typ: "&'b str", value: "s", check: `out == "ab"`, from: "'b"},
	{typ: "T", value: "w as u8", check: "usize::from(out) == w", needs: "T"},
	{typ: "&'db str", value: "self.db", check: `out == "db"`, needs: "'db"},
	{typ: "[u8; N]", value: "[w as u8; 2]", check: "usize::from(out[1]) == w", needs: "N"},
	{typ: "Option<Self::Item>", value: "Some(w as u8)", check: "usize::from(out.unwrap()) == w", needs: "Item"},
}

// gridGenerics are the parameters of a trait.
type gridGenerics struct {
	params, args, dynArgs string
	has                   string
	where                 string
}

var gridParameters = []gridGenerics{
	{},
	{params: "<T>", args: "<u8>", dynArgs: "<u8>", has: "T"},
	{params: "<T>", args: "<u8>", dynArgs: "<u8>", has: "T", where: " where T: Copy + Send + Sync"},
	{params: "<'db>", args: "<'db>", dynArgs: "<'_>", has: "'db"},
	{params: "<const N: usize>", args: "<2>", dynArgs: "<2>", has: "N"},
	{params: "<'db, T, const N: usize>", args: "<'db, u8, 2>", dynArgs: "<'_, u8, 2>", has: "'db T N"},
	{dynArgs: "<Item = u8>", has: "Item"},
}

// gridFlavour is how the result is written.
type gridFlavour struct {
	pattern string // of the trait's return type, with %s for the output; empty for async fn
	send    bool
	bounds  string // supertraits
	object  string // auto traits of the object type
	iter    bool
}

var gridFlavours = []gridFlavour{
	{},
	{pattern: "impl Future<Output = %s>"},
	{pattern: "impl Future<Output = %s> + Send", send: true, bounds: ": Send + Sync"},
	{pattern: "impl Future<Output = %s> + Send", send: true, object: " + Send + Sync"},
	{pattern: "impl Iterator<Item = %s>", iter: true},
}

// gridMethod is one combination.
type gridMethod struct {
	recv gridReceiver
	args gridArgs
	out  gridOutput
}

// valid reports whether Rust accepts the combination.
func (m *gridMethod) valid(g gridGenerics, f gridFlavour) bool {
	has := func(need string) bool { return need == "" || strings.Contains(" "+g.has+" ", " "+need+" ") }
	owned := !strings.Contains(m.recv.self, "&")
	switch {
	case !has(m.args.needs), !has(m.out.needs):
		return false
	case f.send && (!m.recv.send || m.args.local):
		return false
	case f.pattern != "" && strings.Contains(m.args.params, "impl Iterator<Item = &str>"):
		return false // E0658
	case strings.Contains(m.args.params, "impl ") && !m.forwards(g, f):
		return false // the companion does not have the method
	case m.out.from == "self" && owned:
		return false
	case m.out.from == "text" && (!owned || m.args.regions != 1 || m.args.text == ""):
		return false
	case m.out.from == "'b" && (m.args.lifetime != "'b"):
		return false
	case strings.HasPrefix(m.args.params, "(x") && (f.pattern != "" || m.recv.self == "self"):
		return false // patterns need a body; those of async fns are enough
	case f.iter && m.out.typ == "":
		return false
	case m.args.needs == "'db" && strings.Contains(m.out.typ, "&str") && m.out.from == "text":
		return false
	}
	return true
}

// forwards reports whether the object can pass the method on: an opaque result that is no future must not borrow from more than
// the receiver.
func (m *gridMethod) forwards(g gridGenerics, f gridFlavour) bool {
	owned := !strings.Contains(m.recv.self, "&")
	return !f.iter || m.args.regions == 0 && (!owned || !strings.Contains(g.has, "T") && !strings.Contains(g.has, "'db"))
}

// gridTrait is a trait with its methods.
type gridTrait struct {
	name     string
	generics gridGenerics
	flavour  gridFlavour
	methods  []gridMethod
	forwards bool // all of them
}

// gridTraits packs the combinations: every step-th one, so that a step that is prime to the lists' lengths mixes all of them.
func gridTraits(step int) (traits []gridTrait, methods int) {
	return gridTraitsOf(step, gridReceivers, gridArguments)
}

// gridTraitsOf packs those with some of the receivers and arguments.
func gridTraitsOf(step int, receivers []gridReceiver, arguments []gridArgs) (traits []gridTrait, methods int) {
	const perTrait = 8
	n := 0
	for _, g := range gridParameters {
		for _, f := range gridFlavours {
			for group := range 4 {
				var packed []gridMethod
				flush := func() {
					if len(packed) > 0 {
						traits = append(traits, gridTrait{fmt.Sprintf("G%d", len(traits)), g, f, packed, group < 2})
						packed = nil
					}
				}
				for _, r := range receivers {
					if r.group != group%2 && (r.group != 0 || strings.Contains(r.self, ":")) {
						continue
					}
					for _, a := range arguments {
						for _, o := range gridOutputs {
							m := gridMethod{r, a, o}
							if !m.valid(g, f) || m.forwards(g, f) != (group < 2) {
								continue
							}
							n++
							if n%step != 0 {
								continue
							}
							packed = append(packed, m)
							methods++
							if len(packed) == perTrait {
								flush()
							}
						}
					}
				}
				flush()
			}
		}
	}
	return traits, methods
}

const gridPrelude = `#![allow(dead_code, unused_mut, mismatched_lifetime_syntaxes)]
#[allow(unused_imports)]
use std::future::Future;

pub struct Ctx<'c>(&'c str);

struct Native<'db> {
    text: String,
    db: &'db str,
}

thread_local!(static HITS: std::cell::Cell<usize> = const { std::cell::Cell::new(0) });
fn hit(w: usize) {
    HITS.set(w);
}
fn hits() -> usize {
    HITS.replace(0)
}
fn native() -> Native<'static> {
    Native { text: "text".to_owned(), db: "db" }
}

`

func (t *gridTrait) signature(b *strings.Builder, i int, inImpl bool) {
	m := &t.methods[i]
	var lifetimes []string
	if m.recv.named {
		lifetimes = append(lifetimes, "'a")
	}
	if m.args.lifetime != "" {
		lifetimes = append(lifetimes, m.args.lifetime)
	}
	head, ret := "fn", m.out.typ
	switch {
	case t.flavour.iter:
		ret = fmt.Sprintf(t.flavour.pattern, m.out.typ)
	case t.flavour.pattern == "" || inImpl:
		head = "async fn"
	case ret == "":
		ret = fmt.Sprintf(t.flavour.pattern, "()")
	default:
		ret = fmt.Sprintf(t.flavour.pattern, ret)
	}
	fmt.Fprintf(b, "    %s m%d%s(%s", head, i, angles(lifetimes), m.recv.self)
	params := m.args.params
	if inImpl {
		params = t.concrete(params)
		ret = t.concrete(ret)
	}
	if params != "" {
		b.WriteString(", " + params)
	}
	b.WriteString(")")
	if ret != "" {
		b.WriteString(" -> " + ret)
	}
}

func angles(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return "<" + strings.Join(list, ", ") + ">"
}

// concrete replaces the trait's parameters by the arguments of the impl.
func (t *gridTrait) concrete(s string) string {
	for _, r := range [][2]string{{": T", ": u8"}, {"&T", "&u8"}, {"<T>", "<u8>"}, {"= T>", "= u8>"}, {"; N]", "; 2]"}} {
		s = strings.ReplaceAll(s, r[0], r[1])
	}
	if s == "T" {
		return "u8"
	}
	return s
}

func (t *gridTrait) body(b *strings.Builder, m *gridMethod) {
	if m.args.body != "" {
		fmt.Fprintf(b, " %s", m.args.body)
	}
	fmt.Fprintf(b, " let w = %s;", m.args.weight)
	value := m.out.value
	if m.out.from == "text" {
		value = m.args.text
	}
	if m.out.from == "self" && strings.Contains(m.recv.self, "Pin") {
		value = strings.ReplaceAll(value, "self.text", "self.get_mut().text")
	}
	if !strings.Contains(value, "w") || m.out.from != "" {
		b.WriteString(" let _ = w;")
	}
	if t.flavour.iter {
		value = "std::iter::once(" + value + ")"
	} else {
		b.WriteString(" rt::pause().await;")
	}
	fmt.Fprintf(b, " %s", value)
}

func (t *gridTrait) write(b *strings.Builder) {
	fmt.Fprintf(b, "trait %s%s%s%s {\n", t.name, t.generics.params, t.flavour.bounds, t.generics.where)
	if t.generics.has == "Item" {
		b.WriteString("    type Item: Into<usize>;\n")
	}
	for i := range t.methods {
		t.signature(b, i, false)
		if strings.HasPrefix(t.methods[i].args.params, "(x") {
			b.WriteString(" { let _ = (x, y); unimplemented!() }\n")
			continue
		}
		b.WriteString(";\n")
	}
	fmt.Fprintf(b, "}\nimpl<'db> %s%s for Native<'db> {\n", t.name, t.generics.args)
	if t.generics.has == "Item" {
		b.WriteString("    type Item = u8;\n")
	}
	for i := range t.methods {
		t.signature(b, i, true)
		b.WriteString(" {")
		t.body(b, &t.methods[i])
		b.WriteString(" }\n")
	}
	b.WriteString("}\n")
	for i := range t.methods {
		t.test(b, i)
	}
}

// test calls a method through dyn, and by the native trait's path where the object implements it.
func (t *gridTrait) test(b *strings.Builder, i int) {
	m := &t.methods[i]
	object := "dyn " + t.name + t.generics.dynArgs + t.flavour.object
	owner, make := m.recv.owner+"<"+object+">", m.recv.owner+"::new(native())"
	if m.recv.owner == "pin" {
		owner, make = "std::pin::Pin<Box<"+object+">>", "Box::pin(native())"
	}
	fmt.Fprintf(b, "async fn test_%s_%d() {\n", strings.ToLower(t.name), i)
	calls := []string{fmt.Sprintf("%s.m%d(%s)", m.recv.call, i, m.args.values)}
	native := m.recv.native
	if t.byValue() && strings.HasPrefix(m.recv.self, "&") {
		native = strings.Replace(native, "*o", "o", 1) // the box implements the trait
	}
	if t.byValue() && m.recv.self == "self: Box<Self>" {
		native = "Box::new(o)"
	}
	if args := m.args.values; args != "" {
		native += ", " + args
	}
	calls = append(calls, fmt.Sprintf("%s::m%d(%s)", t.name, i, native))
	for k, call := range calls {
		if k == 1 && !t.forwards {
			continue
		}
		fmt.Fprintf(b, "    {\n        %s\n        let mut o: %s = %s;\n", m.args.setup, owner, make)
		if t.flavour.send {
			call = "rt::assert_send(" + call + ")"
		}
		switch {
		case t.flavour.iter:
			call += ".next().unwrap()"
		default:
			call += ".await"
		}
		w := gridWeights[m.args.params]
		if m.out.typ == "" {
			fmt.Fprintf(b, "        %s;\n        let w: usize = %d;\n        assert!(%s);\n    }\n", call, w, m.out.check)
			continue
		}
		fmt.Fprintf(b, "        let out = %s;\n        let w: usize = %d;\n        assert!(%s);\n        let _ = w;\n    }\n", call, w, m.out.check)
	}
	b.WriteString("}\n")
}

// byValue reports whether a method takes self by value, so that the box of the object implements the trait.
func (t *gridTrait) byValue() bool {
	for i := range t.methods {
		if t.methods[i].recv.self == "self" {
			return true
		}
	}
	return false
}

// gridWeights are the weights that the values of the arguments give.
var gridWeights = map[string]int{
	"": 1, "n: u32": 3, "s: &str": 2, "s: &str, b: &[u8]": 3, "v: &mut Vec<u8>": 3, "c: Ctx<'_>": 3, "c: &Ctx<'_>": 3,
	"c: &mut Ctx<'_>": 3, "o: Option<&str>": 3, "l: &[&str]": 3, "s: &'b str": 2, "s: &'b str, t: &str": 4,
	"f: &mut (dyn FnMut(usize) -> usize + Send)": 4, "f: fn(&str) -> &str": 1, "f: Box<dyn Fn(&str) -> usize + Send + '_>": 3,
	"(x, y): (u8, u8), _: u8": 3, "t: T": 5, "t: &T": 5, "t: &mut Vec<T>": 1, "t: &'db str": 2, "t: [u8; N]": 2, "t: Self::Item": 6,
	"s: impl Into<String>": 3, "s: impl Into<String> + Send": 3, "i: impl Iterator<Item = u8> + Send": 3, "i: impl Iterator<Item = &str>": 2,
	"i: impl IntoIterator<Item = u8>": 2, "s: &str, f: impl FnMut(usize) -> usize + Send": 6,
	"f: impl Fn(&str) -> usize + Send, g: impl FnOnce() -> usize + Send + 'static": 7, "r: impl AsRef<str> + Send, o: Option<&str>": 3,
	"c: Ctx<'_>, r: impl std::io::Read + Send": 3, "t: impl Into<T>, n: u32": 6, "t: &T, i: impl Iterator<Item = T> + Send": 7,
	"t: impl Into<Self::Item>": 6,
}

// gridCrate is a program that calls all methods of some traits.
func gridCrate(traits []gridTrait, rt string) string {
	var b strings.Builder
	b.WriteString(gridPrelude)
	for i := range traits {
		traits[i].write(&b)
	}
	b.WriteString("\nfn main() {\n    rt::block_on(async {\n")
	for i := range traits {
		for k := range traits[i].methods {
			fmt.Fprintf(&b, "        test_%s_%d().await;\n", strings.ToLower(traits[i].name), k)
		}
	}
	b.WriteString("    });\n}\n" + rt)
	return b.String()
}

// TestCompanionGrid compiles and runs the companions of the grid. By default that is a sample; AFIDT_GRID=n takes every n-th
// combination.
func TestCompanionGrid(t *testing.T) { testGrid(t, companionFix, 97, gridReceivers, gridArguments) }

// TestConvertedGrid does the same with arguments that the companion takes in another form.
func TestConvertedGrid(t *testing.T) { testGrid(t, companionFix, 61, gridReceivers, gridConverted) }

// TestWrapperGrid does the same with wrappers. Those of methods that take an Arc or Rc hold one, which is not what the grid's
// programs make; testdata/wrapper has them.
func TestWrapperGrid(t *testing.T) {
	receivers := slices.DeleteFunc(slices.Clone(gridReceivers), func(r gridReceiver) bool { return strings.HasPrefix(r.owner, "std::") })
	testGrid(t, wrapperFix, 211, receivers, gridArguments)
}

func testGrid(t *testing.T, fix *Fix, step int, receivers []gridReceiver, arguments []gridArgs) {
	if _, err := exec.LookPath("rustc"); err != nil {
		t.Skip("rustc is not installed, so what the fix writes is not compiled")
	}
	const perCrate = 40
	if s := os.Getenv("AFIDT_GRID"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil || n < 1 {
			t.Fatalf("AFIDT_GRID=%s is not the step from one combination to the next", s)
		}
		step = n
	}
	rt, err := os.ReadFile("testdata/rt.rs")
	if err != nil {
		t.Fatal(err)
	}
	traits, methods := gridTraitsOf(step, receivers, arguments)
	if len(traits) == 0 {
		t.Fatalf("every %d-th combination: the grid has none", step)
	}
	t.Logf("%d methods in %d traits", methods, len(traits))
	for crate := 0; len(traits) > 0; crate++ {
		n := min(perCrate, len(traits))
		program := gridCrate(traits[:n], string(rt))
		traits = traits[n:]
		for _, edition := range []int{2021, 2024} {
			t.Run(fmt.Sprintf("%d/%d", crate, edition), func(t *testing.T) {
				dir := t.TempDir()
				main := filepath.Join(dir, "main.rs")
				writeFile(t, main, []byte(program))
				writeFile(t, main, []byte(fixEverywhere(t, fix, main, edition)))
				rustc(t, dir, "main.rs", strconv.Itoa(edition), true)
			})
		}
	}
}
