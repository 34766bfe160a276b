package difftest

import "strings"

// stdDyn is a std trait as a dyn type may write it. Holes as in generator.template.
type stdDyn struct {
	trait string // `std::..`
	args  string // behind the name
	flaw  string // instead of args, to be wrong in a way that is not E0038
	since int
}

var stdDyns = []stdDyn{
	{trait: "std::fmt::Debug"}, {trait: "std::fmt::Display"}, {trait: "std::fmt::Write"}, {trait: "std::any::Any"},
	{trait: "std::error::Error"}, {trait: "std::io::Read"}, {trait: "std::io::Write"}, {trait: "std::io::Seek"}, {trait: "std::io::BufRead"},
	{trait: "std::hash::Hasher"}, {trait: "std::string::ToString"}, {trait: "std::ops::Drop"}, {trait: "std::process::Termination"},
	{trait: "std::os::fd::AsRawFd"}, {trait: "std::alloc::GlobalAlloc"}, {trait: "std::os::unix::fs::FileExt"},
	{trait: "std::convert::AsRef", args: "<str>"}, {trait: "std::borrow::Borrow", args: "<str>"},
	{trait: "std::ops::Fn", args: "()"}, {trait: "std::ops::FnMut", args: "(u8) -> u8"},
	{trait: "std::ops::FnOnce", args: "(&u8)"}, {trait: "std::ops::Fn", args: "(&«std::fmt::Debug|dyn ::std::fmt::Debug»)", since: 2018},
	{trait: "std::iter::Iterator", args: "<Item = u8>", flaw: " "},
	{trait: "std::iter::DoubleEndedIterator", args: "<Item = &'static str>", flaw: " "},
	{trait: "std::iter::ExactSizeIterator", args: "<Item = Vec<u8>>"},
	{trait: "std::iter::IntoIterator", args: "<Item = u8, IntoIter = ::std::vec::IntoIter<u8>>", flaw: "<Item = u8>"},
	{trait: "std::future::Future", args: "<Output = ()>", flaw: " "},
	{trait: "std::future::IntoFuture", args: "<Output = (), IntoFuture = ::std::future::Ready<()>>", flaw: "<Output = ()>"},
	{trait: "std::hash::BuildHasher", args: "<Hasher = ::std::collections::hash_map::DefaultHasher>", flaw: " "},
	{trait: "std::net::ToSocketAddrs", args: "<Iter = ::std::vec::IntoIter<::std::net::SocketAddr>>", flaw: " "},
	{trait: "std::ops::Add", args: "<u8, Output = u8>", flaw: "<Output = u8>"},
	{trait: "std::ops::Sub", args: "<u8, Output = u8>", flaw: " "},
	{trait: "std::ops::Neg", args: "<Output = u8>", flaw: " "},
	{trait: "std::ops::AddAssign", args: "<u8>", flaw: " "},
	{trait: "std::ops::Index", args: "<usize, Output = u8>", flaw: "<usize>"},
	{trait: "std::ops::Deref", args: "<Target = u8>", flaw: " "},
	{trait: "std::cmp::PartialEq", args: "<u8>", flaw: " "},
	{trait: "std::cmp::PartialOrd", args: "<u8>", flaw: " "},
	{trait: "std::slice::SliceIndex", args: "<[u8], Output = u8>"},
	{trait: "std::clone::Clone"}, {trait: "std::marker::Copy"}, {trait: "std::default::Default"}, {trait: "std::marker::Sized"},
	{trait: "std::hash::Hash"}, {trait: "std::cmp::Eq"}, {trait: "std::cmp::Ord"}, {trait: "std::str::FromStr"},
	{trait: "std::convert::From", args: "<u8>"}, {trait: "std::convert::Into", args: "<u8>"}, {trait: "std::convert::TryFrom", args: "<u8>"},
	{trait: "std::iter::Extend", args: "<u8>"}, {trait: "std::iter::FromIterator", args: "<u8>"}, {trait: "std::iter::Sum", args: "<u8>", flaw: " "},
	{trait: "std::borrow::ToOwned", args: "<Owned = String>", flaw: " "},
	{trait: "std::ops::RangeBounds", args: "<u8>"}, {trait: "std::task::Wake"},
	{trait: "std::os::fd::FromRawFd"}, {trait: "std::os::unix::fs::OpenOptionsExt"}, {trait: "std::os::unix::ffi::OsStrExt"},
	{trait: "std::ops::AsyncFn", args: "()", since: 2018}, {trait: "std::ops::AsyncFnMut", args: "(u8) -> u8", since: 2018},
}

// prelude holds the std traits whose bare names need no import in any edition.
var prelude = map[string]bool{
	"std::clone::Clone": true, "std::marker::Copy": true, "std::default::Default": true, "std::marker::Sized": true, "std::cmp::Eq": true,
	"std::cmp::Ord": true, "std::cmp::PartialEq": true, "std::cmp::PartialOrd": true, "std::convert::From": true, "std::convert::Into": true,
	"std::convert::AsRef": true, "std::ops::Fn": true, "std::ops::FnMut": true, "std::ops::FnOnce": true, "std::ops::Drop": true,
	"std::iter::Iterator": true, "std::iter::DoubleEndedIterator": true, "std::iter::ExactSizeIterator": true, "std::iter::IntoIterator": true,
	"std::ops::AsyncFn": true, "std::ops::AsyncFnMut": true, "std::iter::Extend": true, "std::string::ToString": true, "std::borrow::ToOwned": true,
}

// dynForms write the bounds of a dyn type; P is the principal trait with its arguments.
var dynForms = []struct {
	name, text string
	dynOnly    bool // not possible without `dyn`
}{
	{name: "plain", text: "P"}, {name: "plain 2", text: "P"}, {name: "plain 3", text: "P"}, {name: "plain 4", text: "P"},
	{name: "Send behind", text: "P + Send"},
	{name: "Send + Sync behind", text: "P + Send + Sync"},
	{name: "Send before", text: "Send + P"},
	{name: "around", text: "Send + P + Sync"},
	{name: "'static behind", text: "P + 'static"},
	{name: "'static before", text: "'static + P", dynOnly: true},
	{name: "'static and Send", text: "P + 'static + Send"},
	{name: "auto with path", text: "P + %{std::marker::Sync}"},
	{name: "unwind safe", text: "P + %{std::panic::UnwindSafe}"},
	{name: "for lifetime", text: "for<'z> P", dynOnly: true},
	{name: "parenthesised", text: "(P) + Send", dynOnly: true},
	{name: "for in parentheses", text: "Send + (for<'z> P)", dynOnly: true},
	{name: "spaces", text: "  P  +  Send", dynOnly: true},
	{name: "comment", text: "/* dyn Other */ P"},
	{name: "two lines", text: "\n    P\n    + Send", dynOnly: true},
}

// dynType is a written trait object type with its marks.
type dynType struct {
	text string
	sum  bool // needs parentheses behind & and *
}

// dyn makes a trait object type for a scope. Some are wrong in other ways than E0038.
func (g *generator) dyn(where *module) dynType {
	key, principal, forBinder := g.principal(where)
	if g.chance(3) {
		g.feature("dyn", "auto traits only")
		return dynType{text: "«|dyn Send + Sync»", sum: true}
	}
	form := pick(g, dynForms)
	bare := g.edition < 2021 && g.chance(35) && !form.dynOnly
	g.feature("dyn", form.name)
	if forBinder != "" {
		form.text = "P" // the other forms may have a binder of their own
	}
	text := strings.Replace(g.template(where, form.text), "P", forBinder+principal, 1)
	if g.chance(2) {
		g.feature("dyn", "two traits (E0225)")
		text = forBinder + principal + " + " + g.template(where, "%{std::fmt::Debug}")
	}
	if bare {
		g.feature("dyn", "bare")
		text = strings.TrimPrefix(text, "/* dyn Other */ ")
	} else {
		text = "dyn " + text
	}
	t := dynType{text: "«" + key + "|" + text + "»", sum: strings.Contains(text, " +") || strings.Contains(text, "+ ")}
	t.sum = t.sum || bare && strings.Contains(text, "for<") || strings.Contains(text, "->")
	return t
}

// principal picks a trait for a dyn type and writes it with all it needs.
func (g *generator) principal(where *module) (key, text, binder string) {
	for range 6 {
		if len(g.traits) == 0 || g.chance(30) {
			break
		}
		t := pick(g, g.traits)
		if !g.visible(where, t) {
			continue
		}
		return g.composedPrincipal(where, t)
	}
	std := pick(g, stdDyns)
	for std.since > g.edition {
		std = pick(g, stdDyns)
	}
	g.feature("std dyn", std.trait)
	name := std.trait[strings.LastIndex(std.trait, "::")+2:]
	path := name
	if !prelude[std.trait] || g.chance(40) {
		path = g.stdPath(where, std.trait)
	}
	args := std.args
	if std.flaw != "" && g.chance(12) {
		g.feature("dyn", "std flaw (E0191, E0393)")
		args = strings.TrimSpace(std.flaw)
	}
	return std.trait, path + args, ""
}

func (g *generator) composedPrincipal(where *module, t *composed) (key, text, binder string) {
	path, args, binds := g.traitPath(where, t), "", t.binds
	if t.args != "" {
		args = t.args[1 : len(t.args)-1]
	}
	if t.defaults && g.chance(25) {
		g.feature("dyn", "defaulted Self left out (E0393)")
		args = ""
	}
	if len(binds) > 0 && g.chance(10) {
		g.feature("dyn", "assoc type left out (E0191)")
		binds = binds[:len(binds)-1]
	}
	if t.lifetime && g.chance(50) && strings.HasPrefix(args, "'static") {
		g.feature("dyn", "for lifetime of the trait")
		binder, args = "for<'z> ", "'z"+strings.TrimPrefix(args, "'static")
	}
	all := join(args, strings.Join(binds, ", "), ", ")
	if all != "" {
		path += "<" + all + ">"
	}
	return t.key(), path, binder
}
