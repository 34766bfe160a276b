package infer_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
)

// waysPrelude is what all functions of TestRandomReceivers see.
const waysPrelude = prelude + `
pub trait Sub: Client {}
impl Sub for Web {}
impl Clone for Web { fn clone(&self) -> Web { Web } }
pub mod all {
    pub use std::{borrow::Cow, cell::*, collections::*, pin::Pin, rc::Rc, sync::*, ops::*};
    pub use super::{Client, De, Either, Make, Slot, Sub, Web, id};
    pub type Alias<X> = Option<X>;
}
pub fn id<X>(x: X) -> X { x }
pub struct Slot<X> { pub f: X, pub n: u8 }
impl<X> Slot<X> {
    pub fn new(f: X) -> Self { Slot { f, n: 0 } }
    pub fn get(&self) -> &X { &self.f }
    pub fn get_mut(&mut self) -> &mut X { &mut self.f }
    pub fn into(self) -> X { self.f }
    pub fn with<R>(&self, f: impl FnOnce(&X) -> R) -> R { f(&self.f) }
    pub fn pair(&self) -> (u8, &X) { (self.n, &self.f) }
    pub fn find(&self, n: u8) -> Option<&X> { None }
}
pub enum Either<X> { Left(X), Right { x: X, n: u8 }, None }
pub struct De<X>(pub X);
impl<X> std::ops::Deref for De<X> { type Target = X; fn deref(&self) -> &X { &self.0 } }
impl<X> std::ops::DerefMut for De<X> { fn deref_mut(&mut self) -> &mut X { &mut self.0 } }
pub trait Make { type Made; fn make(&self) -> Self::Made; fn shared(&self) -> &Self::Made; }
`

// ty is a type of a random function: a name with its arguments.
type ty struct {
	name string // as in shapes, or a leaf
	arg  *ty
}

// shapes are the types that hold another; X stands for it.
var shapes = map[string]string{
	"ref": "&'static X", "mut": "&'static mut X", "box": "Box<X>", "arc": "Arc<X>", "rc": "Rc<X>", "pin": "Pin<Box<X>>",
	"option": "Option<X>", "alias": "Alias<X>", "result": "Result<X, u8>", "vec": "Vec<X>", "deque": "VecDeque<X>", "array": "[X; 2]",
	"hash": "HashMap<u8, X>", "tree": "BTreeMap<u8, X>", "pair": "(u8, X)", "slot": "Slot<X>", "either": "Either<X>", "de": "De<X>",
	"mutex": "Mutex<X>", "rwlock": "RwLock<X>", "cell": "RefCell<X>", "once": "OnceLock<X>", "lazy": "LazyLock<X>", "fn": "Box<dyn Fn(u8) -> X>",
	"guard": "MutexGuard<'static, X>", "made": "Box<dyn Make<Made = X>>", "cow": "Cow<'static, X>", "slice": "&'static [X]", "heap": "Box<[X]>",
	"weak": "Weak<X>", "cell ref": "Ref<'static, X>", "iter": "Box<dyn Iterator<Item = X>>",
}

// pointers can point to a type without a size.
var pointers = []string{"ref", "mut", "box", "arc", "rc", "pin", "cell ref"}

func (t *ty) String() string {
	if t.arg == nil {
		return t.name
	}
	return strings.Replace(shapes[t.name], "X", t.arg.String(), 1)
}

// The ways from a value to what it holds: the mode that it is had in (o owned, r by reference, m by unique reference), the mode after,
// what is written, where $e is the value and $v a new name. Without `$v` it is an expression; with it, a statement whose braces and
// parentheses are closed at the end.
var ways = map[string][]string{
	"option": {"oo $e.unwrap()", "oo $e.expect(\"x\")", "oo $e.unwrap_or_else(|| todo!())", "oo $e.into_iter().next().unwrap()", "oo $e.ok_or(()).unwrap()",
		"oo $e.map(|x| x).unwrap()", "oo if let Some($v) = $e {", "oo let Some($v) = $e else { return };", "oo match $e { None => {} Some($v) => {",
		"oo let $v = match $e { Some(x) => x, None => return };", "oo $e.filter(|_| true).unwrap()", "oo $e.into_iter().for_each(|$v| {",
		"oo (|| Some($e?))().unwrap()", "oo $e.and_then(|x| Some(x)).unwrap()", "oo $e.or(None).unwrap()", "oo $e.xor(None).unwrap()", "oo $e.map_or(0, |$v| {",
		"oo while let Some($v) = $e {", "oo $e.zip(Some(1)).unwrap().0", "oo $e.ok_or(1u8).ok().unwrap()", "oo if let Some($v) = $e && true {", "or $e.as_ref().unwrap()",
		"rr $e.as_ref().unwrap()", "rr if let Some($v) = $e {", "rr $e.iter().next().unwrap()", "rr for $v in $e {", "rr for $v in $e.iter() {",
		"rr match $e { Some($v) => {", "rr $e.as_ref().map(|$v| {", "rr if let &Some(ref $v) = $e {", "ro $e.clone().unwrap()", "rr let Some($v) = &$e else { return };",
		"rr $e.as_ref().expect(\"x\")", "rr let $v = match $e { Some(x) => x, _ => return };", "rr $e.as_ref().is_some_and(|$v| {", "rr $e.as_ref().ok_or(0).unwrap()",
		"rr $e.as_ref().into_iter().flat_map(|x| Some(x)).next().unwrap()", "rr $e.as_slice().first().unwrap()", "rr (|| Some($e.as_ref()?))().unwrap()",
		"mm $e.as_mut().unwrap()", "mm if let Some($v) = $e {", "mo $e.take().unwrap()", "mm $e.iter_mut().next().unwrap()", "mm for $v in $e.iter_mut() {",
		"mo std::mem::take($e).unwrap()", "mo std::mem::replace($e, None).unwrap()", "mm $e.get_or_insert_with(|| todo!())", "mr $e.as_ref().unwrap()", "mm match $e { Some($v) => {",
		"mo while let Some($v) = $e.take() {", "mm $e.insert(todo!())"},
	"result": {"oo $e.unwrap()", "oo $e.ok().unwrap()", "oo if let Ok($v) = $e {", "oo $e.unwrap_or_else(|_| todo!())", "oo match $e { Ok($v) => {", "oo let Ok($v) = $e else { return };",
		"oo (|| Ok::<_, u8>($e?))().unwrap()", "oo $e.map_err(|e| e + 1).unwrap()", "oo $e.and_then(|x| Ok::<_, u8>(x)).unwrap()", "oo $e.map(|$v| {", "oo $e.expect(\"x\")",
		"rr $e.as_ref().unwrap()", "rr if let Ok($v) = $e {", "rr match $e { Ok($v) => {", "rr $e.as_ref().ok().unwrap()", "rr $e.iter().next().unwrap()", "mm $e.as_mut().unwrap()", "mm if let Ok($v) = $e {",
		"oo let $v = match $e { Ok(x) => x, Err(_) => return };", "oo $e.or_else(|_| Err(1)).unwrap()", "oo [$e].into_iter().flatten().next().unwrap()", "oo [$e].into_iter().collect::<Result<Vec<_>, u8>>().unwrap().pop().unwrap()"},
	"vec": {"oo $e.into_iter().next().unwrap()", "oo for $v in $e {", "oo $e.into_iter().map(|x| x).next().unwrap()", "oo $e.into_iter().for_each(|$v| {", "oo $e.into_iter().rev().last().unwrap()",
		"oo $e.into_iter().enumerate().map(|(_, x)| x).next().unwrap()", "oo $e.into_iter().collect::<VecDeque<_>>().pop_front().unwrap()", "oo $e.into_iter().filter_map(|x| Some(x)).next().unwrap()",
		"oo let [$v, ..] = <[_; 2]>::try_from($e).ok().unwrap();", "oo $e.into_iter().reduce(|a, _| a).unwrap()", "oo $e.into_iter().take(1).skip(0).nth(0).unwrap()", "oo for (_, $v) in $e.into_iter().enumerate() {",
		"oo $e.into_iter().chain(None).next().unwrap()", "oo $e.into_iter().zip(0..).next().unwrap().0", "oo $e.into_iter().peekable().next_if(|_| true).unwrap()",
		"oo $e.into_iter().flat_map(|x| [x]).next().unwrap()", "oo $e.into_iter().fold(None, |_, x| Some(x)).unwrap()", "oo $e.into_iter().map(|x| (x, 1)).collect::<Vec<_>>().remove(0).0",
		"rr &$e[0]", "rr $e.first().unwrap()", "rr $e.get(0).unwrap()", "rr $e.iter().next().unwrap()", "rr for $v in $e {", "rr for $v in $e.iter() {", "rr for (_, $v) in $e.iter().enumerate() {", "rr $e.last().unwrap()",
		"rr $e.iter().find(|_| true).unwrap()", "rr $e.iter().max_by_key(|_| 0).unwrap()", "rr $e.iter().filter(|_| true).nth(0).unwrap()", "rr if let [$v, ..] = $e.as_slice() {",
		"rr if let Some(($v, _)) = $e.split_first() {", "rr $e.iter().zip(0..).for_each(|($v, _)| {", "rr $e.iter().for_each(|$v| {", "rr $e.iter().fold(0, |_, $v| {", "rr $e.iter().any(|$v| {", "ro $e.iter().cloned().next().unwrap()",
		"rr $e.iter().rev().next().unwrap()", "rr $e[..].iter().next().unwrap()", "rr for $v in &$e[1..] {", "rr $e.chunks(2).next().unwrap().first().unwrap()", "rr $e.windows(2).next().map(|w| &w[0]).unwrap()", "rr $e.iter().position(|$v| {",
		"rr $e.iter().map(|x| x).collect::<Vec<_>>()[0]", "rr for $v in $e.iter().skip(1).step_by(2) {", "rr while let Some($v) = $e.iter().next() {", "rr $e.iter().min_by(|_, _| todo!()).unwrap()", "rr $e.iter().partition::<Vec<_>, _>(|_| true).0[0]",
		"mm &mut $e[0]", "mm $e.iter_mut().next().unwrap()", "mm $e.first_mut().unwrap()", "mm for $v in $e.iter_mut() {", "mo $e.pop().unwrap()", "mo $e.remove(0)", "mo $e.drain(..).next().unwrap()", "mo $e.swap_remove(0)", "mm for $v in &mut *$e {",
		"mm $e.get_mut(0).unwrap()", "mm $e.last_mut().unwrap()", "mo std::mem::take($e).remove(0)", "mo while let Some($v) = $e.pop() {", "mo $e.split_off(1).remove(0)", "mm $e.iter_mut().for_each(|$v| {", "mm $e.split_first_mut().unwrap().0", "mr $e.retain(|$v| {"},
	"deque": {"oo $e.into_iter().next().unwrap()", "rr $e.front().unwrap()", "rr &$e[0]", "rr for $v in $e {", "rr $e.iter().next_back().unwrap()", "mo $e.pop_front().unwrap()", "mm $e.back_mut().unwrap()", "mo while let Some($v) = $e.pop_front() {", "mm $e.front_mut().unwrap()"},
	"array": {"oo let [$v, _] = $e;", "oo $e.into_iter().next().unwrap()", "oo for $v in $e {", "oo $e.map(|$v| {", "rr &$e[0]", "rr $e.iter().next().unwrap()", "rr for $v in $e {", "rr let [$v, _] = $e;", "mm for $v in $e {", "mm &mut $e[1]", "rr $e.first().unwrap()",
		"rr $e.each_ref()[0]", "rr $e.as_slice().first().unwrap()", "oo Vec::from($e).remove(0)"},
	"slice": {"or &$e[0]", "or for $v in $e {", "or if let [$v, ..] = $e {", "or $e.first().unwrap()", "or $e.iter().next().unwrap()", "rr for $v in $e.iter() {", "rr $e.last().unwrap()", "or match $e { [] => {} [$v, ..] => {", "or $e.split_at(1).0.first().unwrap()"},
	"heap":  {"rr &$e[0]", "rr for $v in $e.iter() {", "oo $e.into_vec().remove(0)", "oo for $v in $e {", "mm &mut $e[0]", "mm for $v in $e.iter_mut() {", "oo $e.into_iter().next().unwrap()"},
	"hash": {"oo $e.into_values().next().unwrap()", "oo for (_, $v) in $e {", "oo $e.into_iter().next().unwrap().1", "rr $e.get(&0).unwrap()", "rr &$e[&0]", "rr $e.values().next().unwrap()", "rr for (_, $v) in $e {", "rr for $v in $e.values() {", "rr for (_, $v) in $e.iter() {",
		"rr if let Some($v) = $e.get(&0) {", "rr $e.iter().map(|(_, x)| x).next().unwrap()", "rr let Some($v) = $e.get(&0) else { return };", "rr $e.get_key_value(&0).unwrap().1", "rr for k in $e.keys() { let $v = &$e[k];",
		"mm $e.get_mut(&0).unwrap()", "mm for $v in $e.values_mut() {", "mo $e.remove(&0).unwrap()", "mm $e.entry(0).or_insert_with(|| todo!())", "mm for (_, $v) in $e.iter_mut() {", "mo $e.drain().next().unwrap().1", "mm for (_, $v) in $e {", "mm $e.entry(0).and_modify(|$v| {",
		"mm if let hash_map::Entry::Occupied(mut o) = $e.entry(0) { let $v = o.get_mut();", "mo $e.insert(0, todo!()).unwrap()", "mr $e.retain(|_, $v| {"},
	"tree": {"oo $e.into_values().next().unwrap()", "rr $e.first_key_value().unwrap().1", "rr $e.get(&0).unwrap()", "rr for $v in $e.values() {", "rr $e.range(0..).next().unwrap().1", "rr for (_, $v) in $e {", "mo $e.pop_first().unwrap().1", "mm $e.entry(0).or_insert_with(|| todo!())", "mm $e.get_mut(&0).unwrap()"},
	"pair": {"oo $e.1", "oo let (_, $v) = $e;", "rr &$e.1", "rr let (_, $v) = $e;", "mm &mut $e.1", "rr match $e { (0, $v) => {", "mm let (_, $v) = $e;", "rr let &(_, ref $v) = $e;"},
	"slot": {"oo $e.f", "oo let Slot { f: $v, .. } = $e;", "oo $e.into()", "rr &$e.f", "rr $e.get()", "rr let Slot { f: $v, n: _ } = $e;", "rr $e.with(|$v| {", "mm &mut $e.f", "mm $e.get_mut()", "rr $e.pair().1", "rr let (_, $v) = $e.pair();", "rr $e.find(0).unwrap()",
		"rr if let Some($v) = $e.find(1) {", "rr Slot::get($e)", "rr Slot::get(&$e)", "oo Slot::into($e)", "rr <Slot<_>>::get(&$e)", "mm let Slot { f: $v, .. } = $e;", "mm Slot::get_mut($e)"},
	"either":   {"oo match $e { Either::Left($v) | Either::Right { x: $v, .. } => {", "oo if let Either::Left($v) = $e {", "rr match $e { Either::Right { x: $v, n: _ } => {", "rr if let Either::Left($v) = $e {", "mm if let Either::Right { x: $v, .. } = $e {", "oo let Either::Left($v) = $e else { return };"},
	"de":       {"oo $e.0", "oo let De($v) = $e;", "rr &**$e", "rr &$e.0", "rr let De($v) = $e;", "rr $e.deref()", "mm &mut **$e", "mm &mut $e.0", "mm $e.deref_mut()", "rr &*$e"},
	"mutex":    {"or $e.lock().unwrap()", "oo $e.into_inner().unwrap()", "ro $e.lock().unwrap().clone()", "rg $e.lock().unwrap()", "rr if let Ok($v) = $e.lock() {", "mm $e.get_mut().unwrap()", "rg let $v = $e.lock().unwrap();", "rg let Ok(mut $v) = $e.lock() else { return };", "rg $e.lock().unwrap_or_else(PoisonError::into_inner)", "rg $e.lock().unwrap_or_else(|e| e.into_inner())", "rg $e.try_lock().unwrap()"},
	"rwlock":   {"oo $e.into_inner().unwrap()", "rg $e.read().unwrap()", "rg $e.write().unwrap()", "mm $e.get_mut().unwrap()", "rg let $v = $e.read().unwrap();", "ro $e.read().unwrap().clone()", "rg if let Ok($v) = $e.try_read() {"},
	"cell":     {"oo $e.into_inner()", "rg $e.borrow()", "rg $e.borrow_mut()", "mm $e.get_mut()", "rg let $v = $e.borrow();", "rg let mut $v = $e.borrow_mut();", "ro $e.borrow().clone()", "ro $e.take()", "ro $e.replace(todo!())", "rg Ref::map($e.borrow(), |x| x)", "rg $e.try_borrow().unwrap()"},
	"once":     {"oo $e.into_inner().unwrap()", "rr $e.get().unwrap()", "rr $e.get_or_init(|| todo!())", "mm $e.get_mut().unwrap()", "mo $e.take().unwrap()", "rr if let Some($v) = $e.get() {"},
	"lazy":     {"rr &**$e", "rr LazyLock::force($e)", "rr $e.deref()", "ro $e.clone()"},
	"fn":       {"oo $e(0)", "ro $e(0)", "oo ($e)(0)", "ro (*$e)(0)", "ro let $v = $e(0);"},
	"made":     {"oo $e.make()", "ro $e.make()", "rr $e.shared()", "ro Make::make(&**$e)", "ro let $v = $e.make();"},
	"cow":      {"oo $e.into_owned()", "rr &**$e", "rr $e.as_ref()", "ro $e.clone().into_owned()", "mm $e.to_mut()", "rr match $e { Cow::Borrowed(x) => x, Cow::Owned(x) => x }"},
	"iter":     {"oo for $v in $e {", "mo $e.next().unwrap()", "oo $e.last().unwrap()", "oo $e.collect::<Vec<_>>().remove(0)", "oo $e.for_each(|$v| {", "mo while let Some($v) = $e.next() {", "oo $e.map(|x| x).peekable().next().unwrap()"},
	"weak":     {"ra $e.upgrade().unwrap()", "ra if let Some($v) = $e.upgrade() {", "oa $e.upgrade().unwrap()"},
	"guard":    {"rr &**$e", "rr $e.deref()", "mm &mut **$e", "or &*$e", "om &mut *$e"},
	"box":      {"oo *$e", "rr &**$e", "rr $e.as_ref()", "mm &mut **$e", "mm $e.as_mut()", "rr $e.deref()", "rr Box::as_ref($e)", "or Box::leak($e)"},
	"arc":      {"rr &**$e", "rr $e.as_ref()", "ro Arc::try_unwrap($e.clone()).ok().unwrap()", "oo Arc::into_inner($e).unwrap()", "mm Arc::get_mut($e).unwrap()", "rr $e.deref()", "oo Arc::unwrap_or_clone($e)", "mm Arc::make_mut($e)"},
	"rc":       {"rr &**$e", "rr $e.as_ref()", "oo Rc::try_unwrap($e).ok().unwrap()", "mm Rc::get_mut($e).unwrap()", "rr $e.borrow()"},
	"pin":      {"rr &**$e", "rr $e.deref()", "rr $e.as_ref().get_ref()", "mm &mut **$e", "mm Pin::get_mut($e.as_mut())"},
	"ref":      {"ro *$e", "mo *$e", "or $e", "or &*$e"},
	"mut":      {"mm *$e", "om $e", "rr &**$e", "om &mut *$e", "or &*$e"},
	"cell ref": {"rr &**$e", "or &*$e", "rr $e.deref()"},
}

// same are ways from a value to one of the same type.
var same = []string{"{ $e }", "if true { $e } else { todo!() }", "match 0 { 0 => $e, _ => unreachable!() }", "loop { break $e }", "(|x| x)($e)", "(move || $e)()", "unsafe { $e }", "id($e)", "std::convert::identity($e)",
	"Some($e).unwrap()", "vec![$e].pop().unwrap()", "($e, 1).0", "[$e].into_iter().next().unwrap()", "Slot::new($e).into()", "Slot { f: $e, n: 1 }.f", "De($e).0", "*Box::new($e)", "{ use super::id as same; same($e) }", "'a: { break 'a $e; }", "($e)",
	"std::iter::once($e).next().unwrap()", "std::iter::repeat_with(|| $e).next().unwrap()", "HashMap::from([(0, $e)]).remove(&0).unwrap()", "Ok::<_, u8>($e).unwrap()", "RefCell::new($e).into_inner()", "Arc::try_unwrap(Arc::new($e)).ok().unwrap()",
	"Cell::new($e).into_inner()", "std::thread::spawn(move || $e).join().unwrap()", "Mutex::new($e).into_inner().unwrap()", "Option::Some($e).take().unwrap()", "Default::default::<()>.then($e)", "(async || $e)().await", "async { $e }.await", "async move { $e }.await",
	"std::future::ready($e).await", "Box::pin(async { $e }).await", "std::mem::replace(&mut $e, todo!())", "const { 1 }.max(1).eq(&1).then_some($e).unwrap()", "true.then(|| $e).unwrap()", "Some(Some($e)).flatten().unwrap()", "std::array::from_fn::<_, 1, _>(|_| $e)[0]",
	"None.unwrap_or($e)", "None.unwrap_or_else(|| $e)", "Vec::from([$e]).swap_remove(0)", "std::mem::ManuallyDrop::into_inner(std::mem::ManuallyDrop::new($e))", "{ let mut x = None; x = Some($e); x.unwrap() }", "{ let mut xs = Vec::new(); xs.push($e); xs.remove(0) }",
	"{ let x; x = $e; x }", "{ fn g<X>(x: X) -> X { x } g($e) }", "{ let mut m = HashMap::new(); m.insert(1, $e); m.remove(&1).unwrap() }", "std::sync::OnceLock::from($e).into_inner().unwrap()", "match Some($e) { Some(x) if true => x, _ => return }"}

// wraps are ways from a value to another that holds it; the name is that of the shape.
var wraps = map[string][]string{
	"option": {"Some($e)", "Option::from($e)", "Some($e).or(None)", "true.then(|| $e)", "Ok::<_, u8>($e).ok()", "std::iter::once($e).next()", "{ let mut x = None; if true { x = Some($e); } x }", "{ let mut x = None; x.replace($e); x }", "[$e].into_iter().find(|_| true)"},
	"result": {"Ok::<_, u8>($e)", "Some($e).ok_or(1u8)", "std::iter::once(Ok::<_, u8>($e)).next().unwrap()"},
	"vec": {"vec![$e]", "Vec::from([$e])", "std::iter::once($e).collect::<Vec<_>>()", "{ let mut v = Vec::new(); v.push($e); v }", "{ let mut v = vec![]; v.extend([$e]); v }", "Vec::from_iter([$e])", "{ let v: Vec<_> = [$e].into_iter().collect(); v }",
		"{ let mut v = Vec::with_capacity(1); v.insert(0, $e); v }", "[$e].into_iter().filter(|_| true).collect::<Vec<_>>()", "[($e, 1)].into_iter().map(|(x, _)| x).collect::<Vec<_>>()", "Some($e).into_iter().collect::<Vec<_>>()", "[$e].to_vec()", "vec![vec![$e]].concat()",
		"[($e, 0)].into_iter().unzip::<_, _, Vec<_>, Vec<u8>>().0", "Box::<[_]>::into_vec(Box::new([$e]))", "[$e].into_iter().fold(Vec::new(), |mut v, x| { v.push(x); v })"},
	"deque": {"VecDeque::from([$e])", "{ let mut v = VecDeque::new(); v.push_back($e); v }", "[$e].into_iter().collect::<VecDeque<_>>()"},
	"hash":  {"HashMap::from([(0, $e)])", "{ let mut m = HashMap::new(); m.insert(0u8, $e); m }", "{ let mut m: HashMap<u8, _> = HashMap::new(); m.insert(0, $e); m }", "[$e].into_iter().map(|x| (0u8, x)).collect::<HashMap<_, _>>()", "{ let mut m = HashMap::new(); m.entry(0u8).or_insert_with(|| $e); m }"},
	"tree":  {"BTreeMap::from([(0, $e)])", "{ let mut m = BTreeMap::new(); m.insert(0u8, $e); m }"},
	"box":   {"Box::new($e)", "Box::from($e)"}, "arc": {"Arc::new($e)", "Arc::clone(&Arc::new($e))", "Arc::new_cyclic(|_| $e)"}, "rc": {"Rc::new($e)", "Rc::new($e).clone()"}, "pin": {"Box::pin($e)", "Pin::from(Box::new($e))"},
	"mutex": {"Mutex::new($e)", "Mutex::from($e)"}, "rwlock": {"RwLock::new($e)"}, "cell": {"RefCell::new($e)"}, "once": {"OnceLock::from($e)", "{ let x = OnceLock::new(); let _ = x.set($e); x }"}, "lazy": {"LazyLock::new(|| $e)"},
	"slot": {"Slot::new($e)", "Slot { f: $e, n: 1 }", "Slot { n: 0, ..Slot::new($e) }"}, "de": {"De($e)", "Some($e).map(De).unwrap()"}, "either": {"Either::Left($e)", "Either::Right { x: $e, n: 0 }"}, "pair": {"(1u8, $e)"},
	"array": {"[$e, todo!()]", "[$e, panic!()]"},
}

// way is a walk from a value to a client.
type way struct {
	*rand.Rand
	names int
	wraps int
	body  strings.Builder
	close string // what the statements opened
}

func newWay(seed uint64) *way { return &way{Rand: rand.New(rand.NewPCG(seed, 11))} }

func pick[T any](w *way, list []T) T { return list[w.IntN(len(list))] }

// sized is a random type with a size, that holds others up to a depth.
func (w *way) sized(depth int) *ty {
	if depth == 0 || w.IntN(6) == 0 {
		if w.IntN(4) > 0 {
			return &ty{pick(w, pointers), &ty{pick(w, []string{"dyn Client", "dyn Client", "dyn Sub", "(dyn Client + Send)"}), nil}}
		}
		return &ty{pick(w, []string{"Web", "T"}), nil}
	}
	return &ty{pick(w, sorted(shapes)), w.sized(depth - 1)}
}

// sorted are the keys of a map, in order.
func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

func (w *way) fresh() string {
	w.names++
	return fmt.Sprintf("v%d", w.names)
}

// step writes one way on, and returns the value and the mode after.
func (w *way) step(template, value string) string {
	text := strings.ReplaceAll(template, "$e", value)
	if !strings.Contains(text, "$v") {
		if w.IntN(3) > 0 {
			return "(" + text + ")"
		}
		name := w.fresh()
		fmt.Fprintf(&w.body, "let mut %s = %s; ", name, text)
		return name
	}
	name := w.fresh()
	text = strings.ReplaceAll(text, "$v", name)
	var closers []byte
	for i := range len(text) {
		switch text[i] {
		case '(', '{', '[':
			closers = append(closers, text[i])
		case ')', '}', ']':
			closers = closers[:len(closers)-1]
		}
	}
	closing := ""
	for i := len(closers) - 1; i >= 0; i-- {
		closing += map[byte]string{'(': ")", '{': "}", '[': "]"}[closers[i]]
	}
	if strings.Contains(closing, ")") {
		closing += ";"
		if result := map[string]string{"any(": "true ", "fold(": "0 ", "retain(": "true ", "is_some_and(": "true ", "position(": "true ", "map_or(": "0 "}; true {
			for call, value := range result {
				if strings.Contains(text, call) {
					closing = value + closing
				}
			}
		}
	} else if strings.HasPrefix(text, "match") {
		closing = strings.Replace(closing, "}", "} _ => {} ", 1)
	} else if strings.HasPrefix(text, "while") {
		closing = "break; " + closing
	}
	fmt.Fprintf(&w.body, "%s ", text)
	w.close = closing + w.close
	return name
}

// row is a module with a function that walks to a client and calls it.
func (w *way) row(n int) string {
	at := w.sized(1 + w.IntN(4))
	whole := at.String()
	value, mode := "p", byte('o')
	head := "p: " + whole
	switch w.IntN(6) {
	case 0:
		head, mode = "p: &"+whole, 'r'
	case 1:
		head, mode = "p: &mut "+whole, 'm'
	case 2:
		head, value = "g: fn() -> "+whole, "g()"
	case 3:
		head, value = "s: Slot<"+whole+">", "s.f"
	case 4:
		head = "mut p: " + whole
	}
	for at.arg != nil {
		if w.IntN(5) == 0 {
			value = w.step(pick(w, same), value)
		}
		if w.wraps < 3 && w.IntN(6) == 0 {
			w.wraps++
			name := pick(w, sorted(wraps))
			value = w.step(pick(w, wraps[name]), value)
			switch mode {
			case 'r':
				at = &ty{"ref", at}
			case 'm':
				at = &ty{"mut", at}
			}
			at, mode = &ty{name, at}, 'o'
			continue
		}
		var fit []string
		for _, way := range ways[strings.Replace(at.name, "alias", "option", 1)] {
			if way[0] == mode {
				fit = append(fit, way)
			}
		}
		pointer := at.arg.arg == nil && (strings.HasPrefix(at.arg.name, "dyn") || strings.HasPrefix(at.arg.name, "(dyn"))
		if pointer && w.IntN(2) == 0 {
			break // it is called through the pointer
		}
		if len(fit) == 0 || w.IntN(8) == 0 {
			switch to := pick(w, []byte("rm")); {
			case mode == 'o' && to == 'r':
				value, mode = "(&"+value+")", 'r'
			case mode == 'o':
				name := w.fresh()
				fmt.Fprintf(&w.body, "let mut %s = %s; ", name, value)
				value, mode = "(&mut "+name+")", 'm'
			case mode == 'm':
				value, mode = "(&*"+value+")", 'r'
			default:
				value, mode = value+".clone()", 'o'
			}
			continue
		}
		way := pick(w, fit)
		value = w.step(way[3:], value)
		next := at.arg
		switch way[1] {
		case 'g': // a guard
			mode, at = 'o', &ty{"guard", next}
		case 'a': // Arc, of Weak
			mode, at = 'o', &ty{"arc", next}
		default:
			mode, at = way[1], next
		}
	}
	call := pick(w, []string{"$e.fetch();", "$e.fetch();", "$e.fetch();", "let _ = $e.fetch();", "drop($e.fetch());", "vec![$e.fetch()];", "let r = Box::pin($e.fetch());", "(&$e).fetch();", "$e.close();", "Some($e.fetch());", "(async || $e.fetch().await)();", "$e.fetch().await;", "assert_eq!(1, $e.fetch().await);", "println!(\"{}\", $e.fetch().await);", "(|| $e.fetch())();", "if $e.fetch().await == 1 {}", "Client::fetch(&$e);", "Client::fetch($e);", "Client::fetch(&*$e);"})
	call = strings.ReplaceAll(call, "$e", value)
	return fmt.Sprintf("mod row%d { use super::all::*; async fn f<T: Client + Clone + Send + 'static>(%s) { %s%s %s } }", n, head, w.body.String(), call, w.close)
}
