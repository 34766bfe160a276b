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

/// `dyn Sink` with boxed futures.
type DynSink<'o> = dyn dyn_sink::Erased + 'o;
#[doc(hidden)]
mod dyn_sink {
    use super::{Display, Read, Sink};
    use std::future::Future;
    use std::pin::Pin;

    pub(super) trait Erased {
        fn dyn_log(&self, what: String) -> Pin<Box<dyn Future<Output = usize> + '_>>;
        fn dyn_both<'a>(
            &'a mut self,
            prefix: &'a str,
            words: &'a mut dyn Iterator<Item = u32>,
            end: &'a mut dyn AsRef<str>,
        ) -> Pin<Box<dyn Future<Output = String> + 'a>>;
        fn dyn_all<'a>(
            &'a self,
            words: &'a mut dyn Iterator<Item = u32>,
        ) -> Pin<Box<dyn Future<Output = u32> + 'a>>;
        fn dyn_each<'s, 'life1, 'life2, 'fut>(
            &'s self,
            f: &'life1 mut dyn FnMut(u32) -> u32,
            once: Box<dyn FnOnce() -> String + 'life2>,
        ) -> Pin<Box<dyn Future<Output = String> + 'fut>>
        where
            's: 'fut,
            'life1: 'fut,
            'life2: 'fut;
        fn dyn_show<'a>(
            &'a self,
            what: &'a mut (dyn Display + Send),
        ) -> Pin<Box<dyn Future<Output = String> + 'a>>;
        fn dyn_borrowed<'a, 'life1, 'fut>(
            &'a self,
            words: &'life1 mut dyn Iterator<Item = &'a str>,
        ) -> Pin<Box<dyn Future<Output = Option<&'a str>> + 'fut>>
        where
            'a: 'fut,
            'life1: 'fut;
        fn dyn_name(&mut self, name: String);
        fn dyn_bytes(&self, from: &mut dyn Read) -> usize;
        fn dyn_send(&self, what: String) -> Pin<Box<dyn Future<Output = usize> + Send + '_>>;
        fn dyn_move<'a>(
            self: Box<Self>,
            to: Box<dyn Fn(u32) -> u32 + 'static>,
        ) -> Pin<Box<dyn Future<Output = u32> + 'a>>
        where
            Self: 'a;
    }

    impl<T: Sink> Erased for T {
        fn dyn_log(&self, what: String) -> Pin<Box<dyn Future<Output = usize> + '_>> {
            Box::pin(<T as Sink>::log(self, what))
        }
        fn dyn_both<'a>(
            &'a mut self,
            prefix: &'a str,
            words: &'a mut dyn Iterator<Item = u32>,
            end: &'a mut dyn AsRef<str>,
        ) -> Pin<Box<dyn Future<Output = String> + 'a>> {
            Box::pin(<T as Sink>::both(self, prefix, words, end))
        }
        fn dyn_all<'a>(
            &'a self,
            words: &'a mut dyn Iterator<Item = u32>,
        ) -> Pin<Box<dyn Future<Output = u32> + 'a>> {
            Box::pin(<T as Sink>::all(self, words))
        }
        fn dyn_each<'s, 'life1, 'life2, 'fut>(
            &'s self,
            f: &'life1 mut dyn FnMut(u32) -> u32,
            once: Box<dyn FnOnce() -> String + 'life2>,
        ) -> Pin<Box<dyn Future<Output = String> + 'fut>>
        where
            's: 'fut,
            'life1: 'fut,
            'life2: 'fut,
        {
            Box::pin(<T as Sink>::each(self, f, once))
        }
        fn dyn_show<'a>(
            &'a self,
            what: &'a mut (dyn Display + Send),
        ) -> Pin<Box<dyn Future<Output = String> + 'a>> {
            Box::pin(<T as Sink>::show(self, what))
        }
        fn dyn_borrowed<'a, 'life1, 'fut>(
            &'a self,
            words: &'life1 mut dyn Iterator<Item = &'a str>,
        ) -> Pin<Box<dyn Future<Output = Option<&'a str>> + 'fut>>
        where
            'a: 'fut,
            'life1: 'fut,
        {
            Box::pin(<T as Sink>::borrowed(self, words))
        }
        fn dyn_name(&mut self, name: String) {
            <T as Sink>::name(self, name)
        }
        fn dyn_bytes(&self, from: &mut dyn Read) -> usize {
            <T as Sink>::bytes(self, from)
        }
        fn dyn_send(&self, what: String) -> Pin<Box<dyn Future<Output = usize> + Send + '_>> {
            Box::pin(<T as Sink>::send(self, what))
        }
        fn dyn_move<'a>(
            self: Box<Self>,
            to: Box<dyn Fn(u32) -> u32 + 'static>,
        ) -> Pin<Box<dyn Future<Output = u32> + 'a>>
        where
            Self: 'a,
        {
            Box::pin(<T as Sink>::r#move(self, to))
        }
    }

    impl Sink for dyn Erased + '_ {
        fn log(&self, what: impl Into<String>) -> impl Future<Output = usize> {
            Erased::dyn_log(self, what.into())
        }
        async fn both(
            &mut self,
            prefix: &str,
            mut words: impl Iterator<Item = u32>,
            mut end: impl AsRef<str>,
        ) -> String {
            Erased::dyn_both(self, prefix, &mut words, &mut end).await
        }
        async fn all(&self, words: impl IntoIterator<Item = u32>) -> u32 {
            Erased::dyn_all(self, &mut words.into_iter()).await
        }
        async fn each(
            &self,
            mut f: impl FnMut(u32) -> u32,
            once: impl FnOnce() -> String,
        ) -> String {
            Erased::dyn_each(self, &mut f, Box::new(once)).await
        }
        async fn show(&self, mut what: impl Display + Send) -> String {
            Erased::dyn_show(self, &mut what).await
        }
        async fn borrowed<'a>(
            &'a self,
            mut words: impl Iterator<Item = &'a str>,
        ) -> Option<&'a str> {
            Erased::dyn_borrowed(self, &mut words).await
        }
        fn name(&mut self, name: impl Into<String>) {
            Erased::dyn_name(self, name.into())
        }
        fn bytes(&self, mut from: impl Read) -> usize {
            Erased::dyn_bytes(self, &mut from)
        }
        fn send(&self, what: impl Into<String>) -> impl Future<Output = usize> + Send {
            Erased::dyn_send(self, what.into())
        }
        fn r#move(self: Box<Self>, to: impl Fn(u32) -> u32 + 'static) -> impl Future<Output = u32> {
            Erased::dyn_move(self, Box::new(to))
        }
    }
}

trait Store<K> {
    async fn put(&mut self, key: impl Into<K>, value: impl Into<String>) -> usize;
    async fn keys(&self, f: impl FnMut(&K));
}

/// `dyn Store` with boxed futures.
type DynStore<'o, K> = dyn dyn_store::Erased<K> + 'o;
#[doc(hidden)]
mod dyn_store {
    use super::Store;
    use std::future::Future;
    use std::pin::Pin;

    pub(super) trait Erased<K> {
        fn dyn_put<'a>(
            &'a mut self,
            key: K,
            value: String,
        ) -> Pin<Box<dyn Future<Output = usize> + 'a>>
        where
            K: 'a;
        fn dyn_keys<'a>(
            &'a self,
            f: &'a mut dyn FnMut(&K),
        ) -> Pin<Box<dyn Future<Output = ()> + 'a>>
        where
            K: 'a;
    }

    impl<K, T: Store<K>> Erased<K> for T {
        fn dyn_put<'a>(
            &'a mut self,
            key: K,
            value: String,
        ) -> Pin<Box<dyn Future<Output = usize> + 'a>>
        where
            K: 'a,
        {
            Box::pin(<T as Store<K>>::put(self, key, value))
        }
        fn dyn_keys<'a>(
            &'a self,
            f: &'a mut dyn FnMut(&K),
        ) -> Pin<Box<dyn Future<Output = ()> + 'a>>
        where
            K: 'a,
        {
            Box::pin(<T as Store<K>>::keys(self, f))
        }
    }

    impl<'o, K: 'o> Store<K> for dyn Erased<K> + 'o {
        fn put(
            &mut self,
            key: impl Into<K>,
            value: impl Into<String>,
        ) -> impl Future<Output = usize> {
            Erased::dyn_put(self, key.into(), value.into())
        }
        async fn keys(&self, mut f: impl FnMut(&K)) {
            Erased::dyn_keys(self, &mut f).await
        }
    }

    impl<K, T: Store<K> + ?Sized> Store<K> for Box<T> {
        fn put(
            &mut self,
            key: impl Into<K>,
            value: impl Into<String>,
        ) -> impl Future<Output = usize> {
            T::put(self, key, value)
        }
        fn keys(&self, f: impl FnMut(&K)) -> impl Future<Output = ()> {
            T::keys(self, f)
        }
    }
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

async fn through(sink: &mut DynSink<'_>) {
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

async fn stored(store: &mut DynStore<'_, String>) {
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
        let boxed: Box<DynSink<'_>> = Box::new(s);
        assert_eq!(boxed.r#move(|n| n + 1).await, 2);
        stored(&mut HashMap::new()).await;
    });
}
