use std::collections::HashMap;
use std::fmt::Display;
use std::future::Future;
use std::io::Read;

trait Sink {
    async fn log(&self, what: impl Into<String>) -> usize;
    async fn both(
        &mut self,
        prefix: &str,
        words: impl Iterator<Item = u32>,
        end: impl AsRef<str>,
    ) -> String;
    async fn all(&self, words: impl IntoIterator<Item = u32>) -> u32;
    async fn each(&self, f: impl FnMut(u32) -> u32, once: impl FnOnce() -> String) -> String;
    async fn show(&self, what: impl Display + Send) -> String {
        format!("<{what}>")
    }
    async fn borrowed<'a>(&'a self, words: impl Iterator<Item = &'a str>) -> Option<&'a str>;
    fn name(&mut self, name: impl Into<String>);
    fn read(&self, from: impl Read, f: &(impl Fn(u8) -> bool + ?Sized)) -> usize
    where
        Self: Sized;
    fn bytes(&self, mut from: impl Read) -> usize {
        let mut buffer = Vec::new();
        from.read_to_end(&mut buffer).unwrap()
    }
    fn send(&self, what: impl Into<String>) -> impl Future<Output = usize> + Send;
    async fn r#move(self: Box<Self>, to: impl Fn(u32) -> u32 + 'static) -> u32;
}

trait Store<K> {
    async fn put(&mut self, key: impl Into<K>, value: impl Into<String>) -> usize;
    async fn keys(&self, f: impl FnMut(&K));
}

struct S {
    name: String,
    base: u32,
}

impl Sink for S {
    async fn log(&self, what: impl Into<String>) -> usize {
        self.name.len() + what.into().len()
    }
    async fn both(
        &mut self,
        prefix: &str,
        words: impl Iterator<Item = u32>,
        end: impl AsRef<str>,
    ) -> String {
        self.name.push('!');
        format!("{prefix}{}{}", words.sum::<u32>(), end.as_ref())
    }
    async fn all(&self, words: impl IntoIterator<Item = u32>) -> u32 {
        words.into_iter().map(|w| w + self.base).sum()
    }
    async fn each(&self, mut f: impl FnMut(u32) -> u32, once: impl FnOnce() -> String) -> String {
        let first = f(self.base);
        format!("{}{}", f(first), once())
    }
    async fn show(&self, what: impl Display + Send) -> String {
        format!("{}: {what}", self.name)
    }
    async fn borrowed<'a>(&'a self, mut words: impl Iterator<Item = &'a str>) -> Option<&'a str> {
        words.find(|w| self.name.contains(w))
    }
    fn name(&mut self, name: impl Into<String>) {
        self.name = name.into();
    }
    fn read(&self, from: impl Read, f: &(impl Fn(u8) -> bool + ?Sized)) -> usize {
        from.bytes().filter(|b| f(*b.as_ref().unwrap())).count()
    }
    fn send(&self, what: impl Into<String>) -> impl Future<Output = usize> + Send {
        let what = what.into();
        async move { self.name.len() + what.len() }
    }
    async fn r#move(self: Box<Self>, to: impl Fn(u32) -> u32 + 'static) -> u32 {
        to(self.base)
    }
}

impl Store<String> for HashMap<String, String> {
    async fn put(&mut self, key: impl Into<String>, value: impl Into<String>) -> usize {
        self.insert(key.into(), value.into());
        self.len()
    }
    async fn keys(&self, f: impl FnMut(&String)) {
        self.keys().for_each(f);
    }
}

async fn generic(sink: &mut (impl Sink + ?Sized)) -> usize {
    sink.name("ab");
    sink.log("cde").await
}

async fn through(sink: &mut dyn Sink) {
    sink.name("ab");
    assert_eq!(sink.log("cde").await, 5);
    assert_eq!(sink.log(String::from("c")).await, 3);
    assert_eq!(sink.all([1, 2]).await, 5);
    assert_eq!(sink.both("<", [1, 2].into_iter(), "/>").await, "<3/>");
    let mut calls = 0;
    let counted = |n| {
        calls += 1;
        n + 5
    };
    assert_eq!(sink.each(counted, || "x".to_string()).await, "11x");
    assert_eq!(calls, 2);
    assert_eq!(sink.show(7).await, "ab!: 7");
    let words = String::from("cd b");
    assert_eq!(sink.borrowed(words.split(' ')).await, Some("b"));
    assert_eq!(sink.bytes(&b"four"[..]), 4);
    assert_eq!(sink.send("x").await, 4);
    assert_eq!(generic(&mut *sink).await, 5);
}

async fn stored(store: &mut dyn Store<String>) {
    assert_eq!(store.put("k", "v").await, 1);
    let mut seen = Vec::new();
    store.keys(|k| seen.push(k.clone())).await;
    assert_eq!(seen, ["k"]);
}

fn main() {
    rt::block_on(async {
        let mut s = S {
            name: String::new(),
            base: 1,
        };
        assert_eq!(s.read(&b"abc"[..], &|b| b > b'a'), 2);
        through(&mut s).await;
        let boxed: Box<dyn Sink> = Box::new(s);
        assert_eq!(boxed.r#move(|n| n + 1).await, 2);
        stored(&mut HashMap::new()).await;
    });
}
