package infer_test

// rows are sources with the receivers of their calls.
var rows = []struct{ name, src string }{
	{"parameters", `
fn f<T: Client>(a: &dyn Client, b: &mut dyn Client, c: Box<dyn Client>, d: &T, e: impl Client, g: &impl Client, w: Web) {
    a.fetch(); //~ dyn
    b.close(); //~ dyn
    b.fetch(); //~ dyn
    c.fetch(); //~ dyn
    d.fetch(); //~ generic
    e.fetch(); //~ generic
    g.fetch(); //~ generic
    w.fetch(); //~ concrete
    (&w).fetch(); //~ concrete
    (*a).fetch(); //~ dyn
    (&*a).fetch(); //~ dyn
}`},
	{"pointers", `
use std::{borrow::Cow, cell::RefCell, pin::Pin, rc::Rc, sync::Arc};
fn f(a: Rc<dyn Client>, b: Arc<Box<dyn Client>>, c: Pin<Box<dyn Client>>, d: &&&dyn Client, e: RefCell<Box<dyn Client>>, mut g: Pin<&mut (dyn Client + Unpin)>, h: Rc<RefCell<dyn Client>>) {
    a.fetch(); //~ dyn
    a.clone().fetch(); //~ dyn
    Rc::clone(&a).fetch(); //~ dyn
    b.fetch(); //~ dyn
    b.as_ref().fetch(); //~ dyn
    c.fetch(); //~ dyn
    d.fetch(); //~ dyn
    e.borrow().fetch(); //~ dyn
    e.borrow_mut().close(); //~ dyn
    g.close(); //~ dyn
    h.borrow_mut().close(); //~ dyn
    e.into_inner().fetch(); //~ dyn
}`},
	{"self and fields", `
use std::sync::Arc;
struct Inner { client: Arc<dyn Client>, web: Web }
struct Outer { inner: Inner, pair: (Box<dyn Client>, u8) }
struct Wrap(Box<dyn Client>);
impl Outer {
    fn f(&mut self) {
        self.inner.client.fetch(); //~ dyn
        self.inner.web.fetch(); //~ concrete
        self.pair.0.close(); //~ dyn
        let Self { inner, .. } = self;
        inner.client.fetch(); //~ dyn
    }
    fn g(self: Arc<Self>) {
        self.inner.client.fetch(); //~ dyn
    }
}
fn h(w: &Wrap) {
    w.0.fetch(); //~ dyn
    let Wrap(c) = w;
    c.fetch(); //~ dyn
}`},
	{"let", `
use std::sync::Arc;
fn f(arc: Arc<dyn Client>, web: Web) {
    let a: &dyn Client = &web;
    a.fetch(); //~ dyn
    let b = &web as &dyn Client;
    b.fetch(); //~ dyn
    let c = Web::new();
    c.fetch(); //~ concrete
    let d = boxed();
    d.fetch(); //~ dyn
    let e = { let inner = boxed(); inner };
    e.fetch(); //~ dyn
    let g = if true { boxed() } else { panic!() };
    g.fetch(); //~ dyn
    let h = match 1 { 0 => return, 1 => arc.clone(), _ => unreachable!() };
    h.fetch(); //~ dyn
    let (i, j) = (boxed(), Web);
    i.fetch(); //~ dyn
    j.fetch(); //~ concrete
    let k;
    k = boxed();
    k.fetch(); //~ dyn
    let mut best = None;
    for x in [boxed()] { best = Some(x); }
    best.unwrap().fetch(); //~ dyn
    let l: Box<dyn Client> = Box::new(Web);
    l.fetch(); //~ dyn
    let m: Arc<dyn Client> = if true { Arc::new(Web) } else { arc };
    m.fetch(); //~ dyn
}`},
	{"arguments of other macros", `
use std::sync::Arc;
struct Pool { client: Arc<dyn Client> }
macro_rules! same { ($e:expr) => { $e } }
macro_rules! tokens { ($($t:tt)*) => { { $($t)* } } }
macro_rules! nested { ($a:expr, $b:expr) => { assert!(same!($a).is_some() && $b) } }
macro_rules! steps { ($($s:stmt;)*) => { $($s;)* } }
macro_rules! block { ($b:block) => { $b } }
macro_rules! text { ($($t:tt)*) => { stringify!($($t)*) } }
macro_rules! other { ($($t:tt)*) => { Some(Web).unwrap().$($t)* } }
macro_rules! dropped { ($($t:tt)*) => { () } }
impl Web { fn client(&self) -> Web { Web } }
fn f(pool: Pool, web: Web, client: Web) {
    same!(pool.client.fetch()); //~ dyn
    tokens!(pool.client.fetch()); //~ dyn
    tokens! { let c = pool.client.clone(); c.fetch(); } //~ dyn
    nested!(Some(pool.client.fetch()), true); //~ dyn
    steps!(let c = &pool.client; let _ = c.fetch();); //~ dyn
    block!({ pool.client.fetch(); }); //~ dyn
    same!(|c: &dyn Client| c.fetch()); //~ dyn
    let c = same!(pool.client.clone());
    c.fetch(); //~ dyn
    let _ = text!(pool.client.fetch());
    dropped!(pool.client.fetch());
}`},
	{"functions, statics and impls of macros", `
use std::sync::{Arc, OnceLock};
struct Pool;
macro_rules! getter { ($t:ty, $name:ident, $r:ty) => { impl $t { fn $name(&self) -> $r { loop {} } } } }
getter!(Pool, client, Arc<dyn Client>);
macro_rules! function { ($name:ident -> $r:ty) => { fn $name() -> $r { loop {} } } }
function!(make -> Box<dyn Client>);
macro_rules! shared { ($name:ident: $t:ty) => { static $name: OnceLock<$t> = OnceLock::new(); } }
shared!(SHARED: Arc<dyn Client + Send + Sync>);
trait Holder { type Held; fn held(&self) -> Self::Held; }
macro_rules! holder { ($($t:ty => $h:ty),*) => { $(impl Holder for $t { type Held = $h; fn held(&self) -> $h { loop {} } })* } }
holder!(Pool => Arc<dyn Client>, u8 => Web);
fn f(pool: Pool) {
    pool.client().fetch(); //~ dyn
    make().fetch(); //~ dyn
    SHARED.get().unwrap().fetch(); //~ dyn
    pool.held().fetch(); //~ dyn
    1u8.held().fetch(); //~ concrete
}`},
	{"operators", `
use std::ops::{Add, Neg, Not, Shl};
use std::sync::Arc;
struct Key(u8);
struct Pool { client: Box<dyn Client> }
impl Add<u8> for Key { type Output = Pool; fn add(self, _: u8) -> Pool { Pool { client: boxed() } } }
impl<'a> Add<&'a Key> for &'a Key { type Output = Arc<dyn Client>; fn add(self, _: &'a Key) -> Self::Output { Arc::new(Web) } }
impl Not for Key { type Output = Box<dyn Client>; fn not(self) -> Box<dyn Client> { boxed() } }
impl Neg for &Key { type Output = Pool; fn neg(self) -> Pool { Pool { client: boxed() } } }
impl Shl<Box<dyn Client>> for Pool { type Output = Pool; fn shl(self, _: Box<dyn Client>) -> Pool { self } }
fn f(a: Key, b: Key, c: Key, n: usize, list: Vec<Box<dyn Client>>) {
    (&a + &b).fetch(); //~ dyn
    (-&a).client.fetch(); //~ dyn
    (!b).fetch(); //~ dyn
    let pool = a + 2;
    let pool = pool << boxed();
    pool.client.fetch(); //~ dyn
    let first = (c + 1).client;
    first.fetch(); //~ dyn
    list[n % 2 + 1].fetch(); //~ dyn
    list[!n & 1].fetch(); //~ dyn
}`},
	{"folding", `
use std::collections::HashMap;
use std::sync::Arc;
fn f(named: Vec<(String, Arc<dyn Client>)>, list: Vec<Arc<dyn Client>>) {
    let by_ref = named.iter().fold(HashMap::new(), |mut all, (name, client)| { all.insert(name, client); all });
    for c in by_ref.values() { c.fetch(); } //~ dyn
    let all = named.into_iter().fold(HashMap::new(), |mut all, (name, client)| { all.insert(name, client); all });
    all["a"].fetch(); //~ dyn
    let copy = list.iter().cloned().fold(Vec::new(), |mut all, client| { all.push(client); all });
    copy[0].fetch(); //~ dyn
    let last = list.into_iter().fold(None, |last, client| last.or(Some(client)));
    last.unwrap().fetch(); //~ dyn
}`},
	{"shadowing and scopes", `
fn f(c: &dyn Client) {
    c.fetch(); //~ dyn
    { let c = Web; c.fetch(); } //~ concrete
    c.fetch(); //~ dyn
    let c = Web;
    c.fetch(); //~ concrete
    if let Some(c) = Some(boxed()) { c.fetch(); } //~ dyn
    c.fetch(); //~ concrete
    match Some(boxed()) { Some(c) if true => { c.fetch(); } _ => { c.fetch(); } } //~ dyn concrete
    for c in [boxed()] { c.fetch(); } //~ dyn
    (|c: &dyn Client| { c.fetch(); })(&c); //~ dyn
    fn inner(c: &dyn Client) { c.fetch(); } //~ dyn
    c.fetch(); //~ concrete
    let c = { let c = boxed(); c };
    c.fetch(); //~ dyn
}`},
	{"option and result", `
use std::sync::Arc;
struct S { client: Option<Arc<dyn Client>>, last: Result<Box<dyn Client>, String> }
impl S {
    fn f(&mut self) -> Option<()> {
        if let Some(c) = &self.client { c.fetch(); } //~ dyn
        if let Some(c) = self.client.as_ref() { c.fetch(); } //~ dyn
        if let Some(ref c) = self.client { c.fetch(); } //~ dyn
        let Some(c) = &self.client else { return None };
        c.fetch(); //~ dyn
        while let Some(c) = self.client.take() { c.fetch(); } //~ dyn
        self.client.as_ref()?.fetch(); //~ dyn
        self.client.as_deref()?.fetch(); //~ dyn
        self.client.clone().unwrap().fetch(); //~ dyn
        self.client.as_ref().expect("set").fetch(); //~ dyn
        self.client.as_ref().map(|c| c.fetch()); //~ dyn
        self.last.as_mut().ok()?.close(); //~ dyn
        match &mut self.last { Ok(c) => { c.close(); } Err(_) => {} } //~ dyn
        match self.client { Some(ref c) => { c.fetch(); } None => {} } //~ dyn
        let c = self.client.clone().ok_or("none").unwrap_or_else(|_| panic!());
        c.fetch(); //~ dyn
        let c = self.client.get_or_insert_with(|| Arc::new(Web));
        c.fetch(); //~ dyn
        Some(())
    }
}
fn g() -> Result<(), String> {
    fn make() -> Result<Box<dyn Client>, String> { Ok(Box::new(Web)) }
    make()?.fetch(); //~ dyn
    let c = make().map_err(|e| e)?;
    c.fetch(); //~ dyn
    let c = match make() { Ok(c) => c, Err(e) => return Err(e) };
    c.fetch(); //~ dyn
    Ok(())
}`},
	{"collections", `
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;
struct S { list: Vec<Box<dyn Client>>, map: HashMap<String, Arc<dyn Client>>, tree: BTreeMap<u8, Box<dyn Client>>, queue: VecDeque<Arc<dyn Client>>, array: [Box<dyn Client>; 2] }
impl S {
    fn f(&mut self, slice: &[Arc<dyn Client>]) {
        for c in &self.list { c.fetch(); } //~ dyn
        for c in &mut self.list { c.close(); } //~ dyn
        for c in self.list.iter_mut() { c.close(); } //~ dyn
        for (i, c) in self.list.iter().enumerate() { c.fetch(); } //~ dyn
        for c in self.list.iter().rev().filter(|c| true).skip(1) { c.fetch(); } //~ dyn
        for (k, c) in &self.map { c.fetch(); } //~ dyn
        for c in self.map.values() { c.fetch(); } //~ dyn
        for c in self.map.values().cloned() { c.fetch(); } //~ dyn
        for (_, c) in self.tree.iter_mut() { c.close(); } //~ dyn
        for c in slice { c.fetch(); } //~ dyn
        for c in self.list.drain(..) { c.fetch(); } //~ dyn
        self.list[0].fetch(); //~ dyn
        self.list.first().unwrap().fetch(); //~ dyn
        self.list.get(0).unwrap().fetch(); //~ dyn
        self.list.last_mut().unwrap().close(); //~ dyn
        self.map["a"].fetch(); //~ dyn
        self.map.get("a").unwrap().fetch(); //~ dyn
        if let Some(c) = self.map.get("a").cloned() { c.fetch(); } //~ dyn
        if let Some(c) = self.queue.pop_front() { c.fetch(); } //~ dyn
        self.array[1].fetch(); //~ dyn
        self.list.iter().for_each(|c| { c.fetch(); }); //~ dyn
        let all: Vec<_> = self.list.iter().map(|c| c.fetch()).collect(); //~ dyn
        let refs: Vec<_> = self.list.iter().collect();
        refs[0].fetch(); //~ dyn
        let refs = self.list.iter().collect::<Vec<_>>();
        refs[0].fetch(); //~ dyn
        let v = vec![boxed(), boxed()];
        v[0].fetch(); //~ dyn
        let made = HashMap::from([("a", boxed())]);
        made["a"].fetch(); //~ dyn
        let mut v = Vec::new();
        v.push(boxed());
        v[0].fetch(); //~ dyn
        let c = self.list.iter().max_by_key(|c| 1).unwrap();
        c.fetch(); //~ dyn
        let c = self.list.iter().find(|c| true).unwrap();
        c.fetch(); //~ dyn
    }
}`},
	{"guards", `
use std::sync::{Arc, Mutex, OnceLock, LazyLock, RwLock};
struct S { a: Mutex<Box<dyn Client>>, b: Arc<RwLock<Box<dyn Client>>>, c: Arc<Mutex<dyn Client>>, d: OnceLock<Box<dyn Client>> }
static LAZY: LazyLock<Box<dyn Client + Send + Sync>> = LazyLock::new(|| loop {});
static ONCE: OnceLock<Box<dyn Client + Send + Sync>> = OnceLock::new();
static PLAIN: &(dyn Client + Sync) = &Web;
impl S {
    fn f(&self) {
        self.a.lock().unwrap().fetch(); //~ dyn
        let mut g = self.a.lock().unwrap();
        g.close(); //~ dyn
        self.b.read().unwrap().fetch(); //~ dyn
        self.b.write().unwrap().close(); //~ dyn
        self.c.lock().unwrap().close(); //~ dyn
        self.d.get().unwrap().fetch(); //~ dyn
        self.d.get_or_init(|| Box::new(Web)).fetch(); //~ dyn
        LAZY.fetch(); //~ dyn
        ONCE.get().unwrap().fetch(); //~ dyn
        PLAIN.fetch(); //~ dyn
        if let Ok(g) = self.a.lock() { g.fetch(); } //~ dyn
    }
}`},
	{"user types", `
use std::ops::{Deref, DerefMut};
struct Handle<T: ?Sized>(Box<T>);
impl<T: ?Sized> Deref for Handle<T> { type Target = T; fn deref(&self) -> &T { &self.0 } }
impl<T: ?Sized> DerefMut for Handle<T> { fn deref_mut(&mut self) -> &mut T { &mut self.0 } }
struct Named { inner: Box<dyn Client> }
impl Deref for Named { type Target = dyn Client; fn deref(&self) -> &Self::Target { &*self.inner } }
type Shared = std::sync::Arc<dyn Client>;
type Of<T> = Option<T>;
enum Either { Left(Shared), Right { client: Box<dyn Client> } }
use Either::*;
fn f(h: &mut Handle<dyn Client>, n: Named, s: &Shared, o: Of<Shared>, e: &Either) {
    h.fetch(); //~ dyn
    h.close(); //~ dyn
    n.fetch(); //~ dyn
    s.fetch(); //~ dyn
    o.unwrap().fetch(); //~ dyn
    match e {
        Left(c) => { c.fetch(); } //~ dyn
        Either::Right { client } => { client.fetch(); } //~ dyn
    }
    let made = Named { inner: boxed() };
    made.inner.fetch(); //~ dyn
    let w = Handle(boxed());
    w.0.fetch(); //~ dyn
    w.fetch(); //~ dyn
}`},
	{"functions and closures", `
use std::sync::Arc;
struct Pool { all: Vec<Arc<dyn Client>> }
impl Pool {
    fn one(&self) -> &dyn Client { loop {} }
    fn try_one(&self) -> Option<Arc<dyn Client>> { None }
    async fn later(&self) -> Arc<dyn Client> { loop {} }
    fn each(&self, f: impl Fn(&dyn Client)) {}
    fn each_box(&self, f: Box<dyn Fn(&Arc<dyn Client>)>) {}
    fn with<R>(&self, f: impl FnOnce(&dyn Client) -> R) -> R { loop {} }
    fn iter(&self) -> impl Iterator<Item = &Arc<dyn Client>> { self.all.iter() }
}
fn pick<T>(a: T, b: T) -> T { a }
async fn f(p: &Pool, make: impl Fn() -> Box<dyn Client>, ptr: fn(u8) -> Box<dyn Client>) {
    p.one().fetch(); //~ dyn
    p.try_one().unwrap().fetch(); //~ dyn
    p.later().await.fetch(); //~ dyn
    p.each(|c| { c.fetch(); }); //~ dyn
    p.each_box(Box::new(|c| { c.fetch(); })); //~ dyn
    p.with(|c| { c.fetch(); 1 }); //~ dyn
    for c in p.iter() { c.fetch(); } //~ dyn
    pick(boxed(), boxed()).fetch(); //~ dyn
    make().fetch(); //~ dyn
    ptr(1).fetch(); //~ dyn
    let g = || boxed();
    g().fetch(); //~ dyn
    let h = |c: Box<dyn Client>| { c.fetch(); }; //~ dyn
    let i: Box<dyn Fn(&dyn Client)> = Box::new(|c| { c.fetch(); }); //~ dyn
    let j: fn(&dyn Client) = |c| { c.fetch(); }; //~ dyn
    let fut = async { boxed() };
    fut.await.fetch(); //~ dyn
    Some(()).map(|_| boxed()).unwrap().fetch(); //~ dyn
    let c = p.with(|c| boxed());
    c.fetch(); //~ dyn
}`},
	{"generics", `
trait Provider { type Out: Client; type Raw; fn get(&self) -> Self::Out; fn raw(&self) -> Self::Raw; fn client(&self) -> &dyn Client; }
struct Holder<C: ?Sized> { client: Box<C> }
impl<T: Client + ?Sized> Holder<T> { fn f(&self) { self.client.fetch(); } } //~ generic
impl<T> Holder<T> where T: Client { fn g(&self) { self.client.fetch(); } } //~ generic
fn f<T: Provider, U>(p: T, h: Holder<dyn Client>, u: U) where U: Client {
    p.get().fetch(); //~ generic
    p.client().fetch(); //~ dyn
    h.client.fetch(); //~ dyn
    u.fetch(); //~ generic
}
fn g<T>(p: T) where T: Provider<Raw = Box<dyn Client>> {
    p.raw().fetch(); //~ dyn
}
trait Make { type Kind: Maker; }
trait Maker { type Out: Client; fn start() -> Self; fn finish(self) -> Self::Out; }
fn i<T: Make>() {
    let m = T::Kind::start().finish();
    m.fetch(); //~ generic
}
fn h<T: AsRef<dyn Client>>(t: T) {
    t.as_ref().fetch(); //~ dyn
}
trait Ext: Client {
    fn twice(&self) { self.fetch(); } //~ generic
}
impl<T: Client + ?Sized> Ext for T {}
`},
	{"supertraits", `
trait Store: Client { fn put(&self); }
trait Deep: Store + Send {}
fn f(a: &dyn Store, b: Box<dyn Deep>) {
    a.fetch(); //~ dyn
    b.fetch(); //~ dyn
}
struct S(Box<dyn Deep>);
impl S { fn f(&self) { self.0.fetch(); } } //~ dyn
`},
	{"inherent methods win", `
struct Own;
impl Own { fn fetch(&self) {} }
impl Client for Own { fn fetch(&self) -> impl Future<Output = u8> { loop {} } fn close(&mut self) -> impl Future<Output = u8> { loop {} } }
struct Cell<T: ?Sized>(Box<T>);
impl<T: ?Sized> Cell<T> { fn fetch(&self) {} }
impl<T: ?Sized> std::ops::Deref for Cell<T> { type Target = T; fn deref(&self) -> &T { &self.0 } }
fn f(o: Own, c: Cell<dyn Client>) {
    o.fetch();
    Client::fetch(&o); //~ concrete
    c.fetch();
    c.0.fetch(); //~ dyn
}
`},
	{"objects with other auto traits", `
mod autos {
    use super::*;
    pub trait Fetch { fn fetch(&self) -> impl Future<Output = u8>; }
    pub struct Page;
    impl Fetch for Page { fn fetch(&self) -> impl Future<Output = u8> { loop {} } }
    impl Fetch for Box<dyn Fetch> { fn fetch(&self) -> impl Future<Output = u8> { loop {} } }
    pub trait Named { fn inner(&self) -> &Page; }
    impl Named for Box<dyn Fetch + Send + Sync> { fn inner(&self) -> &Page { loop {} } }
    impl Named for Box<dyn Fetch + Send> { fn inner(&self) -> &Page { loop {} } }
    fn made() -> Box<dyn Fetch + Sync + Send> { loop {} }
    pub fn f(a: Box<dyn Fetch>, b: Box<dyn Fetch + Send + Sync>, c: &Box<dyn Send + Fetch>, d: Box<dyn Sync + Fetch + Send>) {
        a.fetch(); //~ concrete
        b.fetch(); //~ dyn
        c.fetch(); //~ dyn
        d.fetch(); //~ dyn
        b.inner().fetch(); //~ concrete
        c.inner().fetch(); //~ concrete
        let e: Box<dyn Fetch> = b;
        e.fetch(); //~ concrete
        let g = [d, made()].into_iter().next().unwrap();
        g.fetch(); //~ dyn
    }
}
`},
	{"impls on pointers", `
mod bridge {
    use super::*;
    pub trait Fetch { fn fetch(&self) -> impl Future<Output = u8>; }
    impl Fetch for Box<dyn Fetch> { fn fetch(&self) -> impl Future<Output = u8> { (**self).fetch() } } //~ dyn
    impl<T: Fetch + ?Sized> Fetch for std::sync::Arc<T> { fn fetch(&self) -> impl Future<Output = u8> { (**self).fetch() } } //~ generic
    impl<T: Fetch> Fetch for std::rc::Rc<T> { fn fetch(&self) -> impl Future<Output = u8> { (**self).fetch() } } //~ generic
    pub fn f(b: Box<dyn Fetch>, a: std::sync::Arc<dyn Fetch>, r: std::rc::Rc<dyn Fetch>) {
        b.fetch(); //~ concrete
        a.fetch(); //~ concrete
        r.fetch(); //~ dyn
        (*b).fetch(); //~ dyn
    }
}`},
	{"impls that macros write", `
mod made {
    use super::*;
    pub trait Fetch { fn fetch(&self) -> impl Future<Output = u8>; }
    macro_rules! forward { ($t:ty) => { impl Fetch for $t { fn fetch(&self) -> impl Future<Output = u8> { loop {} } } }; }
    forward!(Box<dyn Fetch>);
    pub fn f(b: Box<dyn Fetch>, a: std::sync::Arc<dyn Fetch>) {
        b.fetch(); //~ concrete
        a.fetch(); //~ dyn
    }
}
mod generic {
    use super::*;
    pub trait Fetch { fn fetch(&self) -> impl Future<Output = u8>; }
    macro_rules! forward { ($t:ty) => { impl<T: Fetch + ?Sized> Fetch for $t { fn fetch(&self) -> impl Future<Output = u8> { loop {} } } }; }
    forward!(Box<T>);
    pub fn f(b: Box<dyn Fetch>, a: std::sync::Arc<dyn Fetch>) {
        b.fetch(); //~ concrete
        a.fetch(); //~ dyn
    }
}
mod lengths {
    use super::*;
    pub trait Fetch { fn fetch(&self) -> impl Future<Output = u8>; }
    macro_rules! forward { ($t:ty) => { impl Fetch for $t { fn fetch(&self) -> impl Future<Output = u8> { loop {} } } }; }
    forward!(Seat<4>);
    pub struct Seat<const N: usize>;
    impl std::ops::Deref for Seat<5> { type Target = dyn Fetch; fn deref(&self) -> &(dyn Fetch + 'static) { loop {} } }
    pub fn f(a: Seat<4>, b: Seat<5>) {
        a.fetch(); //~ concrete
        b.fetch(); //~ dyn
    }
}
mod doubted {
    use super::*;
    pub trait Other { fn fetch(&self) -> impl Future<Output = u8>; }
    macro_rules! pointers { ($tr:ident) => { impl<T: $tr + ?Sized> $tr for &T { fn fetch(&self) -> impl Future<Output = u8> { loop {} } } }; }
    pointers!(Other);
    pub fn f(r: &Box<dyn Other>) {
        r.fetch(); //~ dyn
    }
}`},
	{"impls of traits by another name", `
mod made {
    use super::Client as Other;
    use std::ops::{Deref, Deref as To};
    pub struct Page;
    impl Other for Page {
        fn fetch(&self) -> impl Future<Output = u8> { loop {} }
        fn close(&mut self) -> impl Future<Output = u8> { loop {} }
    }
    pub struct Guard;
    impl To for Guard { type Target = dyn Other; fn deref(&self) -> &(dyn Other + 'static) { loop {} } }
}
fn f(p: made::Page, g: made::Guard) {
    p.fetch(); //~ concrete
    g.fetch(); //~ dyn
}`},
	{"methods that are not seen", `
mod hidden {
    pub struct Own(pub Box<dyn super::Client>);
    impl Own { pub fn fetch(&self) {} }
}
fn f(o: hidden::Own) {
    o.fetch();
    o.0.fetch(); //~ dyn
}`},
	{"paths", `
use std::sync::Arc;
use super::Client as Renamed;
fn f<T: Client>(c: Arc<dyn Client>, b: &Box<dyn Client>, w: &Web, t: &T, m: &mut dyn Client) {
    Client::fetch(&*c); //~ dyn
    Client::fetch(&**b); //~ dyn
    Client::fetch(w); //~ concrete
    <dyn Client>::fetch(&*c); //~ dyn
    <dyn Client as Client>::fetch(&*c); //~ dyn
    <Web as Client>::fetch(w); //~ concrete
    Web::fetch(w); //~ concrete
    T::fetch(t); //~ generic
    <T as Renamed>::fetch(t); //~ generic
    Renamed::close(m); //~ dyn
    super::Client::fetch(c.as_ref()); //~ dyn
}`},
	{"macros", `
fn f(c: &dyn Client, opt: Option<Box<dyn Client>>) {
    println!("{:p}", &c.fetch()); //~ dyn
    let s = format!("{:p} {x:p}", &c.fetch(), x = &c.fetch()); //~ dyn dyn
    let v = vec![c.fetch(), c.fetch()]; //~ dyn dyn
    let v = vec![boxed(); 0];
    assert!({ c.fetch(); true }, "{}", 1); //~ dyn
    assert_eq!({ c.fetch(); 1 }, 1); //~ dyn
    dbg!(Web2(boxed())).0.fetch(); //~ dyn
    if matches!(opt, Some(ref c) if true) {}
    let p = std::pin::pin!(c.fetch()); //~ dyn
}
struct Web2(Box<dyn Client>);
impl std::fmt::Debug for Web2 { fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { loop {} } }
impl Clone for Box<dyn Client> { fn clone(&self) -> Self { loop {} } }
`},
	{"trait not in scope", `
mod a { use super::Future; pub trait Hidden { fn fetch(&self) -> impl Future<Output = u8>; } impl Hidden for u8 { fn fetch(&self) -> impl Future<Output = u8> { loop {} } } }
fn f(h: &dyn a::Hidden, n: u8) {
    h.fetch(); //~ dyn
    a::Hidden::fetch(&n); //~ concrete
}`},
	{"blocks with items", `
fn f() {
    trait Local { fn fetch(&self) -> impl Future<Output = u8>; }
    struct Here(Box<dyn Local>);
    impl Here { fn g(&self) { self.0.fetch(); } } //~ dyn
    fn make() -> Box<dyn Local> { loop {} }
    make().fetch(); //~ dyn
    {
        fn make() -> Web { Web }
        make().fetch(); //~ concrete
    }
}`},
	{"consts and statics", `
static HOOK: fn(&dyn Client) = |c| { c.fetch(); }; //~ dyn
const RUN: fn(&Web) = |w: &Web| { w.fetch(); }; //~ concrete
`},
	{"breaks and ranges", `
fn f(n: usize, cond: bool) -> Option<()> {
    let a = loop { break boxed() };
    a.fetch(); //~ dyn
    let b = 'out: loop { loop { if cond { break; } break 'out boxed(); } };
    b.fetch(); //~ dyn
    let c = 'block: { if cond { break 'block boxed(); } boxed() };
    c.fetch(); //~ dyn
    let d = match Some(boxed()) { Some(d) => d, None => loop {} };
    d.fetch(); //~ dyn
    let all: Option<Vec<_>> = (0..n).map(|_| Some(boxed())).collect();
    all?[0].fetch(); //~ dyn
    let all = (0..=3).map(|_| Ok::<_, ()>(boxed())).collect::<Result<Vec<_>, _>>();
    all.ok()?[0].fetch(); //~ dyn
    (1..).map(|_| boxed()).next()?.fetch(); //~ dyn
    Some(())
}`},
	{"keys that are numbers", `
use std::collections::{BTreeMap, HashMap};
fn f(m: HashMap<u64, Box<dyn Client>>, mut t: BTreeMap<(u8, char), Box<dyn Client>>, key: u64) {
    m.get(&key).unwrap().fetch(); //~ dyn
    m[&1].fetch(); //~ dyn
    t.entry((1, 'a')).or_insert(boxed()).fetch(); //~ dyn
    let mut made = HashMap::new();
    made.insert(1, boxed());
    made[&1].fetch(); //~ dyn
}`},
	{"what is called is dereferenced", `
use std::sync::Arc;
struct S { make: Arc<dyn Fn(u8) -> Box<dyn Client> + Send> }
fn f(s: &S, g: Arc<dyn Fn() -> Box<dyn Client>>) {
    (s.make)(1).fetch(); //~ dyn
    g().fetch(); //~ dyn
}`},
	{"closures whose place says what they take", `
type Handler = Box<dyn Fn(&dyn Client)>;
enum Job { Run { on: Handler }, Stop }
fn f(mut h: Handler) {
    let a: &dyn Fn(&dyn Client) = &|c| { c.fetch(); }; //~ dyn
    let b: Vec<Handler> = vec![Box::new(|c| { c.fetch(); })]; //~ dyn
    let c: (u8, Handler) = (1, Box::new(|c| { c.fetch(); })); //~ dyn
    let d: Option<Handler> = Some(Box::new(|c| { c.fetch(); })); //~ dyn
    let e: Handler = if true { Box::new(|c| { c.fetch(); }) } else { Box::new(|c| {}) }; //~ dyn
    let g = Job::Run { on: Box::new(|c| { c.fetch(); }) }; //~ dyn
    h = Box::new(|c| { c.fetch(); }); //~ dyn
    let i = (|c| { c.fetch(); }) as fn(&dyn Client); //~ dyn
}`},
	{"variables that learn from each other", `
use std::sync::mpsc::channel;
fn f() {
    let (sender, receiver) = channel();
    sender.send(boxed());
    receiver.recv().unwrap().fetch(); //~ dyn
    let (mut a, mut b);
    (a, b) = (boxed(), Web);
    a.fetch(); //~ dyn
    b.fetch(); //~ concrete
    let (mut c, mut d) = (Vec::new(), Vec::new());
    c.push(Web);
    d.push(boxed());
    c[0].fetch(); //~ concrete
    d[0].fetch(); //~ dyn
}`},
	{"associated constants", `
struct A;
impl A { const DYN: &'static dyn Client = &Web; const WEB: Web = Web; fn f() { Self::DYN.fetch(); } } //~ dyn
trait Constant { type Made; const DYN: &'static dyn Client; const MADE: Self::Made; }
trait Sub: Constant {}
impl Constant for A { type Made = Web; const DYN: &'static dyn Client = &Web; const MADE: Web = Web; }
fn f<T: Sub>() {
    A::DYN.fetch(); //~ dyn
    A::WEB.fetch(); //~ concrete
    A::MADE.fetch(); //~ concrete
    <A as Constant>::DYN.fetch(); //~ dyn
    T::DYN.fetch(); //~ dyn
    <T as Constant>::DYN.fetch(); //~ dyn
}`},
	{"thread-local values", `
use std::cell::RefCell;
thread_local! { static KEY: RefCell<Box<dyn Client>> = panic!(); static OTHER: Box<dyn Client> = loop {}; }
fn f() {
    KEY.with(|c| { c.borrow().fetch(); }); //~ dyn
    KEY.with_borrow_mut(|c| { c.close(); }); //~ dyn
    OTHER.with(|c| { c.fetch(); }); //~ dyn
}`},
	{"items of a parameter", `
fn f<T>(list: T) where T: IntoIterator, T::Item: Client {
    for c in list { c.fetch(); } //~ generic
}`},
	{"variants under other names", `
enum Message { Text(Box<dyn Client>), End }
use Message::Text as T;
fn f(m: Message) {
    if let T(c) = m { c.fetch(); } //~ dyn
}`},
	{"pinned futures", `
use std::pin::{pin, Pin};
async fn later() -> Box<dyn Client> { boxed() }
async fn f(a: Pin<Box<dyn Future<Output = Box<dyn Client>>>>, b: Pin<&mut dyn Future<Output = Box<dyn Client>>>) {
    a.await.fetch(); //~ dyn
    b.await.fetch(); //~ dyn
    Box::pin(later()).await.fetch(); //~ dyn
    pin!(later()).await.fetch(); //~ dyn
}`},
	{"aliases in expressions", `
use std::{collections::HashMap, sync::Arc};
type Map<V> = HashMap<u8, V>;
type Ptr<T> = Arc<T>;
struct Wrap<T>(T);
type Alias<T> = Wrap<T>;
fn f(p: Ptr<dyn Client>) {
    let mut m = Map::new();
    m.insert(1, boxed());
    m[&1].fetch(); //~ dyn
    Ptr::clone(&p).fetch(); //~ dyn
    Alias { 0: boxed() }.0.fetch(); //~ dyn
}`},
	{"matches", `
fn f(opt: Option<Box<dyn Client>>) -> bool {
    matches!(opt, Some(ref c) | Some(ref c) if { c.fetch(); true }) //~ dyn
}`},
	{"impls that a macro leaves out", `
use std::{pin::Pin, task::{Context, Poll}};
macro_rules! never { ($($item:item)*) => { $( #[cfg(any())] $item )* } }
struct Handle<T>(T);
impl<T> Future for Handle<T> { type Output = T; fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<T> { loop {} } }
never! { impl<T> Future for Handle<T> { type Output = u8; fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<u8> { loop {} } } }
async fn f(h: Handle<Box<dyn Client>>) {
    h.await.fetch(); //~ dyn
}`},
	{"variables that learn from calls they are passed to", `
use std::collections::HashMap;
struct Job { list: Vec<Box<dyn Client>> }
fn gather(into: &mut Vec<Box<dyn Client>>) {}
fn f() {
    let mut a = Vec::new();
    gather(&mut a);
    a[0].fetch(); //~ dyn
    let mut b = HashMap::new();
    b.entry(1).or_insert_with(Vec::new).push(boxed());
    b[&1][0].fetch(); //~ dyn
    let mut c = Vec::new();
    let last = c.pop();
    let job = Job { list: c };
    last.unwrap().fetch(); //~ dyn
}`},
	{"variables that learn from where what is made of them goes", `
use std::sync::{mpsc, Arc, Mutex};
type One = Option<Box<dyn Client>>;
struct Job;
impl Job { fn new(list: Arc<Mutex<Vec<Box<dyn Client>>>>) -> Job { Job } fn set<K: ?Sized>(&self, one: &mut One, key: &K) {} }
fn send(to: mpsc::Sender<Box<dyn Client>>) {}
fn all<I: Iterator<Item = Box<dyn Client>>>(i: I) {}
fn f(job: &Job) {
    let (to, from) = mpsc::channel();
    send(to.clone());
    from.recv().unwrap().fetch(); //~ dyn
    let list = Arc::new(Mutex::new(Vec::new()));
    Job::new(list.clone());
    list.lock().unwrap()[0].fetch(); //~ dyn
    let one = Mutex::new(None);
    job.set(&mut one.lock().unwrap(), "");
    one.lock().unwrap().as_ref().unwrap().fetch(); //~ dyn
    let one = Mutex::new(None);
    job.set(&mut *one.lock().unwrap(), "");
    one.lock().unwrap().as_ref().unwrap().fetch(); //~ dyn
    let one = Mutex::new(None);
    *one.lock().unwrap() = Some(boxed());
    one.lock().unwrap().as_ref().unwrap().fetch(); //~ dyn
    let mut list = Vec::new().into_iter();
    let first = list.next();
    all(list);
    first.unwrap().fetch(); //~ dyn
    let mut list = Vec::new();
    std::mem::swap(&mut list, &mut vec![boxed()]);
    list[0].fetch(); //~ dyn
}`},
	{"variables that learn from calls of values", `
type One = Option<Box<dyn Client>>;
fn set(one: &mut One) {}
fn f(a: &mut dyn FnMut(&mut One), mut b: impl FnMut(&mut One), c: fn(&mut One), d: Box<dyn Fn(&mut One)>) {
    let mut one = None;
    a(&mut one);
    one.unwrap().fetch(); //~ dyn
    let mut one = None;
    b(&mut one);
    one.unwrap().fetch(); //~ dyn
    let mut one = None;
    c(&mut one);
    one.unwrap().fetch(); //~ dyn
    let mut one = None;
    d(&mut one);
    one.unwrap().fetch(); //~ dyn
    let mut one = None;
    let e = |one: &mut One| ();
    e(&mut one);
    one.unwrap().fetch(); //~ dyn
    let mut one = None;
    let g = set;
    g(&mut one);
    one.unwrap().fetch(); //~ dyn
}`},
	{"the order of questions", `
use std::collections::HashMap;
struct S { map: HashMap<String, HashMap<u8, Box<dyn Client>>>, all: Vec<S> }
impl S { fn close(&self, k: &u8) -> Option<&Box<dyn Client>> { None } }
fn f(s: &S) {
    s.all.iter().find_map(|s| s.close(&1)).unwrap().fetch(); //~ dyn
}`},
	{"impls of trait objects with other auto traits", `
use std::any::Any;
fn f(a: &dyn Any, b: Box<dyn Any>, c: Box<dyn Any + Send>) {
    a.downcast_ref::<Box<dyn Client>>().unwrap().fetch(); //~ dyn
    b.downcast::<Box<dyn Client>>().unwrap().fetch(); //~ dyn
    c.downcast::<Box<dyn Client>>().unwrap().fetch(); //~ dyn
}`},
	{"a receiver in a box with an allocator", `
fn f(list: Box<[Box<dyn Client>]>) {
    let all: Vec<_> = list.into_vec();
    all[0].fetch(); //~ dyn
}`},
	{"what a closure is called with", `
fn f(a: Box<dyn Client>, b: &dyn Client, c: Box<dyn Client>, d: Vec<Box<dyn Client>>, e: Box<dyn Client>) {
    (|x| x)(a).fetch(); //~ dyn
    let two = |_, y| y;
    two(1, b).fetch(); //~ dyn
    let pair = |(x, _)| x;
    (pair)((c, 1)).fetch(); //~ dyn
    let each = |x| x;
    d.into_iter().map(each).next().unwrap().fetch(); //~ dyn
    let inside = |x| { let y: &Box<dyn Client> = x; y.fetch(); }; //~ dyn
    inside(&e);
}`},
	{"as_ref on references", `
use std::{rc::Rc, sync::Arc};
fn f(a: &mut Box<dyn Client>, b: &&Arc<dyn Client>, c: &mut &Rc<Box<dyn Client>>, d: Box<Arc<dyn Client>>) {
    a.as_ref().fetch(); //~ dyn
    b.as_ref().fetch(); //~ dyn
    c.as_ref().fetch(); //~ dyn
    Box::leak(d).as_ref().fetch(); //~ dyn
}`},
	{"imports of one segment", `
fn id<X>(x: X) -> X { x }
fn f(a: Box<dyn Client>, b: Box<dyn Client>) {
    use id as same;
    same(a).fetch(); //~ dyn
    { use same as again; again(b) }.fetch(); //~ dyn
}`},
	{"raw pointers", `
fn f(a: *const dyn Client, b: *mut Box<dyn Client>) -> Option<()> {
    unsafe {
        (*a).fetch(); //~ dyn
        a.as_ref()?.fetch(); //~ dyn
        b.as_mut()?.close(); //~ dyn
        b.cast_const().as_ref()?.fetch(); //~ dyn
        b.read().fetch(); //~ dyn
    }
    Some(())
}`},
	{"iterators that know their length", `
fn f(list: Vec<Box<dyn Client>>) -> Option<()> {
    list.iter().take(2).rev().next()?.fetch(); //~ dyn
    list.iter().step_by(2).rev().next()?.fetch(); //~ dyn
    list.iter().skip(1).rev().next()?.fetch(); //~ dyn
    list.into_iter().enumerate().rev().next()?.1.fetch(); //~ dyn
    Some(())
}`},
	{"a type around what a conversion gives", `
use std::pin::Pin;
fn f(a: Box<dyn Client>, b: Box<dyn Client>) {
    Pin::from(a).fetch(); //~ dyn
    let c: Pin<Box<_>> = Pin::from(Box::new(b));
    c.fetch(); //~ dyn
}`},
	{"the rest of a struct", `
struct Slot<X> { f: X, n: u8 }
impl<X> Slot<X> { fn new(f: X) -> Self { Slot { f, n: 0 } } }
fn f(a: Box<dyn Client>) {
    Slot { n: 1, ..Slot::new(a) }.f.fetch(); //~ dyn
}`},
	{"a question that comes up again", `
use std::sync::Arc;
fn f(list: Vec<Arc<dyn Client>>) {
    let a: Arc<[_]> = Arc::from(list.clone());
    a[0].fetch(); //~ dyn
    list[0].fetch(); //~ dyn
}`},
	{"the one impl that may apply", `
use std::{pin::Pin, sync::Arc, task::{Context, Poll}};
struct Gather<S, C>(S, C);
impl<S: Iterator, C: Default + Extend<S::Item>> Future for Gather<S, C> {
    type Output = C;
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<C> { loop {} }
}
fn gather<S: Iterator, C: Default + Extend<S::Item>>(s: S) -> Gather<S, C> { loop {} }
async fn f(list: Vec<Arc<dyn Client>>) {
    let all: Vec<_> = gather(list.into_iter()).await;
    all[0].fetch(); //~ dyn
}`},
	{"variables that learn through references to them", `
use std::collections::HashMap;
fn f(c: Box<dyn Client>) {
    let mut a = Vec::new();
    let r = &mut a;
    r.push(boxed());
    a[0].fetch(); //~ dyn
    let mut b = Vec::new();
    { let b = &mut b; b.push(Web); }
    b[0].fetch(); //~ concrete
    let mut d = HashMap::new();
    let list: &mut Vec<_> = d.entry(1u8).or_default();
    list.push(boxed());
    d[&1][0].fetch(); //~ dyn
    let mut e = HashMap::new();
    e.insert(1u8, Vec::new());
    if let Some(list) = e.get_mut(&1) { list.push(boxed()); }
    e[&1][0].fetch(); //~ dyn
    let mut g = HashMap::new();
    g.insert(1u8, None);
    match g.get_mut(&1) { Some(slot) => { *slot = Some(c); } None => {} }
    g[&1].as_ref().unwrap().fetch(); //~ dyn
}`},
	{"closures whose result is partly written", `
fn make() -> Result<Box<dyn Client>, u8> { loop {} }
fn f() -> Result<(), u8> {
    let c = (|| -> Result<_, u8> { let c = make()?; Ok(c) })()?;
    c.fetch(); //~ dyn
    let g = |n: u8| -> Option<_> { Some(boxed()) };
    g(1).unwrap().fetch(); //~ dyn
    Ok(())
}`},
	{"closures whose result is coerced", `
use std::sync::Arc;
struct Hold<F>(F);
impl<F: Fn() -> R, R> Hold<F> { fn get(&self) -> R { (self.0)() } }
fn hold<F: Fn() -> Arc<dyn Client>>(f: F) -> Hold<F> { Hold(f) }
fn f(o: Option<Arc<dyn Client>>) {
    hold(|| Arc::new(Web)).get().fetch(); //~ dyn
    o.unwrap_or_else(|| Arc::new(Web)).fetch(); //~ dyn
}`},
	{"arrays of other lengths", `
trait Holds { type Held; fn held(&self) -> Self::Held; }
impl Holds for [u8; 2] { type Held = Web; fn held(&self) -> Web { loop {} } }
impl Holds for [u8; 0x3] { type Held = Box<dyn Client>; fn held(&self) -> Box<dyn Client> { loop {} } }
impl Holds for [u8; 8] { type Held = Web; fn held(&self) -> Web { loop {} } }
impl Holds for [u8; 010] { type Held = Box<dyn Client>; fn held(&self) -> Box<dyn Client> { loop {} } }
impl Holds for [u8; 0o20] { type Held = Web; fn held(&self) -> Web { loop {} } }
fn f(a: &[u8; 2], b: [u8; 3], c: [u8; 0x0_8], d: [u8; 1_0usize], e: [u8; 0x1_0]) {
    a.held().fetch(); //~ concrete
    b.held().fetch(); //~ dyn
    c.held().fetch(); //~ concrete
    d.held().fetch(); //~ dyn
    e.held().fetch(); //~ concrete
}`},
	{"the trait of the impl around", `
mod inner {
    pub trait Load { fn fetch(&self) -> impl std::future::Future<Output = u8>; fn close(&self) -> impl std::future::Future<Output = u8>; }
}
struct Disk;
impl inner::Load for Disk {
    fn fetch(&self) -> impl Future<Output = u8> { loop {} }
    fn close(&self) -> impl Future<Output = u8> {
        let other = Disk;
        let _ = other.fetch(); //~ concrete
        let _ = Self::fetch(self); //~ concrete
        self.fetch() //~ concrete
    }
}`},
	{"items in the arguments of macros", `
mod other { pub type Renamed = super::super::Web; pub fn make() -> Renamed { super::Web } }
struct Renamed(Box<dyn Client>);
fn make() -> Box<dyn Client> { boxed() }
fn f(c: Box<dyn Client>, w: Web) {
    assert!({ fn g(c: &Web) -> bool { c.fetch(); true } g(&w) }); //~ concrete?
    assert!({ c.fetch(); async fn g(c: &Web) { c.fetch().await; } true }); //~ dyn concrete?
    assert!({ fn boxed() -> Web { Web } boxed().fetch(); true }); //~ concrete?
    assert!({ use other::make; make().fetch(); c.fetch(); true }); //~ concrete? dyn
    assert!({ { use other::{Renamed as R, make as m}; m().fetch(); } make().fetch(); true }); //~ concrete? dyn
    assert!({ use other::*; let all: Vec<Renamed> = vec![]; all.into_iter().for_each(|r| { r.fetch(); }); make().fetch(); c.fetch(); true }); //~ concrete? concrete? dyn
    assert!({ struct Own(Web); impl Own { fn get(&self) -> &Web { &self.0 } } let o = Own(Web); o.get().fetch(); c.fetch(); true }); //~ concrete? dyn
    assert!({ const C: &Web = &Web; C.fetch(); c.fetch(); true }); //~ concrete? dyn
}`},
	{"variables that pin! makes of others", `
macro_rules! pin_mut { ($($x:ident),*) => { $(let mut $x = $x; let mut $x = unsafe { std::pin::Pin::new_unchecked(&mut $x) };)* } }
mod tokio {
    macro_rules! pin { ($(let $x:ident = $e:expr;)*) => { $(let mut $x = $e; let mut $x = unsafe { std::pin::Pin::new_unchecked(&mut $x) };)* } }
    pub(super) use pin;
}
async fn later() -> Box<dyn Client> { boxed() }
async fn f() {
    let (a, b) = (later(), later());
    pin_mut!(a, b);
    a.as_mut().await.fetch(); //~ dyn
    b.as_mut().await.fetch(); //~ dyn
    tokio::pin! { let c = later(); }
    c.as_mut().await.fetch(); //~ dyn
    let b = Web;
    b.fetch(); //~ concrete
}`},
	{"variables that a macro makes something else of", `
macro_rules! pin { ($x:ident) => { let mut $x = Holds(&mut $x); }; ($x:expr, $y:expr) => { Holds(&mut $y) } }
macro_rules! object { ($x:ident) => { #[allow(unused)] let $x: Box<dyn Client> = Box::new($x); } }
macro_rules! through { ($x:ident) => { object!($x) } }
macro_rules! shown { ($x:ident) => { println!("{}", $x.0); } }
macro_rules! inner { ($x:ident) => { { let $x = Holds(&mut $x); drop($x); } } }
struct Holds<'a>(&'a mut Box<dyn Client>);
impl<'a> Holds<'a> { fn fetch(&self) -> impl std::future::Future<Output = u8> { async { 1 } } fn as_mut(&mut self) -> &mut Self { self } }
struct Shown(u8, Box<dyn Client>);
async fn later() -> Box<dyn Client> { boxed() }
async fn f(mut a: Box<dyn Client>, w: Web, v: Web, x: Web, s: Shown, mut b: Box<dyn Client>) {
    pin!(a);
    a.as_mut().fetch().await;
    pin!(1, b).fetch().await;
    object!(w);
    w.fetch(); //~ dyn?
    through!(v);
    v.fetch(); //~ dyn?
    x.fetch(); //~ concrete
    shown!(s);
    s.1.fetch(); //~ dyn
    inner!(b);
    b.fetch(); //~ dyn
}`},
	{"variables that learn from what is awaited", `
use std::{collections::HashMap, sync::Arc};
struct Lock<T>(std::cell::UnsafeCell<T>);
impl<T> Lock<T> { fn new(t: T) -> Self { loop {} } async fn lock(&self) -> std::sync::MutexGuard<'_, T> { loop {} } }
async fn f() {
    let shared = Arc::new(Lock::new(HashMap::new()));
    let mut g = shared.lock().await;
    g.insert(1u8, boxed());
    shared.lock().await[&1].fetch(); //~ dyn
    let all = Lock::new(Vec::new());
    all.lock().await.push(boxed());
    all.lock().await[0].fetch(); //~ dyn
}`},
	{"generic functions as values", `
use std::sync::Arc;
type Shared = Arc<dyn Client>;
fn same<T>(t: T) -> T { t }
fn f(a: Shared) {
    let g = Arc::clone;
    g(&a).fetch(); //~ dyn
    let h = Shared::clone;
    h(&a).fetch(); //~ dyn
    let i = same;
    i(boxed()).fetch(); //~ dyn
    let j = Some;
    j(boxed()).unwrap().fetch(); //~ dyn
}`},
	{"items in blocks hide variables around them", `
fn f(make: fn() -> Box<dyn Client>, boxed: Web, c: Box<dyn Client>) {
    make().fetch(); //~ dyn
    { fn make() -> Web { Web } make().fetch(); } //~ concrete
    { make().fetch(); fn make() -> Web { Web } } //~ concrete
    { let make = || super::boxed(); fn make() -> Web { Web } make().fetch(); } //~ dyn
    { { make().fetch(); } fn make() -> Web { Web } } //~ concrete
    { static c: Web = Web; c.fetch(); } //~ concrete
    { fn c() {} { let c = super::boxed(); c.fetch(); } } //~ dyn
    c.fetch(); //~ dyn
    assert!({ let make = || super::boxed(); make().fetch(); fn make() -> Web { Web } true }); //~ dyn
    fn boxed() -> Box<dyn Client> { super::boxed() }
    boxed().fetch(); //~ dyn
    make().fetch(); //~ dyn
}`},
	{"associated types of which only a bound is known", `
trait Open { type Error; fn name(&self) -> &dyn Client; }
trait IntoOpen<E, A> { fn into_open(self) -> Box<dyn Client>; }
struct Same; struct Pair; struct Items;
impl<T, E> IntoOpen<E, Same> for T where T: Open<Error = E> { fn into_open(self) -> Box<dyn Client> { loop {} } }
impl<A, B> IntoOpen<u8, Pair> for (A, B) { fn into_open(self) -> Box<dyn Client> { loop {} } }
impl<T: Iterator> IntoOpen<T::Item, Items> for T { fn into_open(self) -> Box<dyn Client> { loop {} } }
fn f<T: Open>(t: T, n: std::ops::Range<u8>) {
    t.into_open().fetch(); //~ dyn
    n.into_open().fetch(); //~ dyn
}`},
	{"items in blocks that hide no variables around them", `
fn make() -> Box<dyn Client> { boxed() }
fn f(make: fn() -> Web) {
    { #[cfg(any())] fn make() -> u8 { 0 } make().fetch(); } //~ concrete
    { struct make { x: u8 } make().fetch(); } //~ concrete
    { #[cfg(not(any()))] fn make() -> Box<dyn Client> { boxed() } make().fetch(); } //~ dyn?
}`},
	{"imports and extern blocks hide variables around them", `
mod other { pub fn make2() -> super::Web { super::Web } pub mod sub { pub fn boxed() -> super::super::Web { super::super::Web } } }
fn f(make2: fn() -> Box<dyn Client>, make: fn() -> Box<dyn Client>, c: Box<dyn Client>) {
    { use other::make2; make2().fetch(); } //~ concrete?
    { use other::*; make2().fetch(); c.fetch(); } //~ concrete? dyn
    { use other::*; let make2 = || boxed(); make2().fetch(); } //~ dyn
    { unsafe extern "Rust" { fn make() -> Web; } unsafe { make().fetch(); } } //~ concrete?
    make().fetch(); //~ dyn
    make2().fetch(); //~ dyn
    let make = || boxed();
    { use other::sub::boxed as make; make().fetch(); } //~ concrete?
}`},
	{"items in the arguments of macros that declare what they do not name", `
mod sub { pub fn make() -> Box<dyn super::Client> { super::boxed() } }
mod other { pub mod sub { pub fn make() -> super::super::Web { super::super::Web } } }
struct Own(Web);
trait Get { fn get(&self) -> Box<dyn Client>; }
impl Get for Own { fn get(&self) -> Box<dyn Client> { boxed() } }
fn f(o: Own, c: Box<dyn Client>) {
    assert!({ use other::sub::{self}; sub::make().fetch(); c.fetch(); true }); //~ concrete? dyn
    assert!({ unsafe extern "Rust" { fn boxed() -> Web; } unsafe { boxed() }.fetch(); c.fetch(); true }); //~ concrete? dyn
    assert!({ macro_rules! d { () => { fn boxed() -> Web { Web } } } d!(); boxed().fetch(); true }); //~ concrete?
    assert!({ impl Own { fn get(&self) -> &Web { &self.0 } } o.get().fetch(); c.fetch(); true }); //~ concrete? dyn
    boxed().fetch(); //~ dyn
}`},
	{"bounds of one trait with other arguments", `
trait Tr<A> { type Out; fn get(&self) -> Self::Out; }
fn f<T: Tr<u8, Out = Web> + Tr<u16, Out = Box<dyn Client>>>(t: T) {
    <T as Tr<u8>>::get(&t).fetch(); //~ concrete
    <T as Tr<u16>>::get(&t).fetch(); //~ dyn
}`},
}
