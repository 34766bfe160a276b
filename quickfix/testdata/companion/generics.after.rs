use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt::Debug;
use std::hash::Hash;

trait Store<K, V>
where
    K: Eq + Hash,
{
    async fn get(&self, k: &K) -> Option<V>;
    async fn put(&mut self, k: K, v: V) -> Option<V>;
}

/// `dyn Store` with boxed futures.
type DynStore<'o, K, V> = dyn dyn_store::Erased<K, V> + 'o;
#[doc(hidden)]
mod dyn_store {
    use super::{Hash, Store};
    use std::future::Future;
    use std::pin::Pin;

    pub(super) trait Erased<K, V>
    where
        K: Eq + Hash,
    {
        fn get<'a>(&'a self, k: &'a K) -> Pin<Box<dyn Future<Output = Option<V>> + 'a>>
        where
            K: 'a,
            V: 'a;
        fn put<'a>(&'a mut self, k: K, v: V) -> Pin<Box<dyn Future<Output = Option<V>> + 'a>>
        where
            K: 'a,
            V: 'a;
    }

    impl<K, V, T: Store<K, V>> Erased<K, V> for T
    where
        K: Eq + Hash,
    {
        fn get<'a>(&'a self, k: &'a K) -> Pin<Box<dyn Future<Output = Option<V>> + 'a>>
        where
            K: 'a,
            V: 'a,
        {
            Box::pin(<T as Store<K, V>>::get(self, k))
        }
        fn put<'a>(&'a mut self, k: K, v: V) -> Pin<Box<dyn Future<Output = Option<V>> + 'a>>
        where
            K: 'a,
            V: 'a,
        {
            Box::pin(<T as Store<K, V>>::put(self, k, v))
        }
    }

    impl<'o, K: 'o, V: 'o> Store<K, V> for dyn Erased<K, V> + 'o
    where
        K: Eq + Hash,
    {
        async fn get(&self, k: &K) -> Option<V> {
            Erased::get(self, k).await
        }
        fn put(&mut self, k: K, v: V) -> impl Future<Output = Option<V>> {
            Erased::put(self, k, v)
        }
    }

    impl<K, V, T: Store<K, V> + ?Sized> Store<K, V> for Box<T>
    where
        K: Eq + Hash,
    {
        fn get(&self, k: &K) -> impl Future<Output = Option<V>> {
            T::get(self, k)
        }
        fn put(&mut self, k: K, v: V) -> impl Future<Output = Option<V>> {
            T::put(self, k, v)
        }
    }
}

trait Ring<const N: usize> {
    async fn snapshot(&self) -> [u8; N];
}

/// `dyn Ring` with boxed futures.
type DynRing<'o, const N: usize> = dyn dyn_ring::Erased<N> + 'o;
#[doc(hidden)]
mod dyn_ring {
    use super::Ring;
    use std::future::Future;
    use std::pin::Pin;

    pub(super) trait Erased<const N: usize> {
        fn snapshot(&self) -> Pin<Box<dyn Future<Output = [u8; N]> + '_>>;
    }

    impl<const N: usize, T: Ring<N>> Erased<N> for T {
        fn snapshot(&self) -> Pin<Box<dyn Future<Output = [u8; N]> + '_>> {
            Box::pin(<T as Ring<N>>::snapshot(self))
        }
    }

    impl<const N: usize> Ring<N> for dyn Erased<N> + '_ {
        fn snapshot(&self) -> impl Future<Output = [u8; N]> {
            Erased::snapshot(self)
        }
    }

    impl<const N: usize, T: Ring<N> + ?Sized> Ring<N> for Box<T> {
        fn snapshot(&self) -> impl Future<Output = [u8; N]> {
            T::snapshot(self)
        }
    }
}

trait Repo<'db> {
    async fn load(&self, id: usize) -> &'db str;
}

/// `dyn Repo` with boxed futures.
type DynRepo<'o, 'db> = dyn dyn_repo::Erased<'db> + 'o;
#[doc(hidden)]
mod dyn_repo {
    use super::Repo;
    use std::future::Future;
    use std::pin::Pin;

    pub(super) trait Erased<'db> {
        fn load<'a>(&'a self, id: usize) -> Pin<Box<dyn Future<Output = &'db str> + 'a>>
        where
            'db: 'a;
    }

    impl<'db, T: Repo<'db>> Erased<'db> for T {
        fn load<'a>(&'a self, id: usize) -> Pin<Box<dyn Future<Output = &'db str> + 'a>>
        where
            'db: 'a,
        {
            Box::pin(<T as Repo<'db>>::load(self, id))
        }
    }

    impl<'o, 'db: 'o> Repo<'db> for dyn Erased<'db> + 'o {
        fn load(&self, id: usize) -> impl Future<Output = &'db str> {
            Erased::load(self, id)
        }
    }

    impl<'db, T: Repo<'db> + ?Sized> Repo<'db> for Box<T> {
        fn load(&self, id: usize) -> impl Future<Output = &'db str> {
            T::load(self, id)
        }
    }
}

struct Ctx<'c>(&'c str);

trait Picker {
    async fn pick<'a, 'b>(&'a self, x: &'b str) -> &'a str
    where
        'b: 'a;
    async fn merge(&self, a: &str, b: &mut Vec<u8>, c: &[u8]) -> usize;
    async fn name(&self, key: &str) -> &str; // elided: borrowed from self only
    async fn cow(&self) -> Result<Cow<'_, str>, String>;
    async fn with_ctx(&self, cx: Ctx<'_>, cy: &Ctx<'_>) -> usize;
    async fn from_arg<'b>(&self, x: &'b str) -> &'b str;
    async fn assoc<'b>(x: &'b str) -> &'b str
    where
        Self: Sized;
}

/// `dyn Picker` with boxed futures.
type DynPicker<'o> = dyn dyn_picker::Erased + 'o;
#[doc(hidden)]
mod dyn_picker {
    use super::{Cow, Ctx, Picker};
    use std::future::Future;
    use std::pin::Pin;

    pub(super) trait Erased {
        fn pick<'a, 'b, 'fut>(
            &'a self,
            x: &'b str,
        ) -> Pin<Box<dyn Future<Output = &'a str> + 'fut>>
        where
            'b: 'fut + 'a,
            'a: 'fut;
        fn merge<'a>(
            &'a self,
            a: &'a str,
            b: &'a mut Vec<u8>,
            c: &'a [u8],
        ) -> Pin<Box<dyn Future<Output = usize> + 'a>>;
        fn name<'s, 'life1, 'fut>(
            &'s self,
            key: &'life1 str,
        ) -> Pin<Box<dyn Future<Output = &'s str> + 'fut>>
        where
            's: 'fut,
            'life1: 'fut;
        fn cow(&self) -> Pin<Box<dyn Future<Output = Result<Cow<'_, str>, String>> + '_>>;
        fn with_ctx<'s, 'life1, 'life2, 'life3, 'fut>(
            &'s self,
            cx: Ctx<'life1>,
            cy: &'life2 Ctx<'life3>,
        ) -> Pin<Box<dyn Future<Output = usize> + 'fut>>
        where
            's: 'fut,
            'life1: 'fut,
            'life2: 'fut,
            'life3: 'fut;
        fn from_arg<'s, 'b, 'fut>(
            &'s self,
            x: &'b str,
        ) -> Pin<Box<dyn Future<Output = &'b str> + 'fut>>
        where
            's: 'fut,
            'b: 'fut;
    }

    impl<T: Picker> Erased for T {
        fn pick<'a, 'b, 'fut>(&'a self, x: &'b str) -> Pin<Box<dyn Future<Output = &'a str> + 'fut>>
        where
            'b: 'fut + 'a,
            'a: 'fut,
        {
            Box::pin(<T as Picker>::pick(self, x))
        }
        fn merge<'a>(
            &'a self,
            a: &'a str,
            b: &'a mut Vec<u8>,
            c: &'a [u8],
        ) -> Pin<Box<dyn Future<Output = usize> + 'a>> {
            Box::pin(<T as Picker>::merge(self, a, b, c))
        }
        fn name<'s, 'life1, 'fut>(
            &'s self,
            key: &'life1 str,
        ) -> Pin<Box<dyn Future<Output = &'s str> + 'fut>>
        where
            's: 'fut,
            'life1: 'fut,
        {
            Box::pin(<T as Picker>::name(self, key))
        }
        fn cow(&self) -> Pin<Box<dyn Future<Output = Result<Cow<'_, str>, String>> + '_>> {
            Box::pin(<T as Picker>::cow(self))
        }
        fn with_ctx<'s, 'life1, 'life2, 'life3, 'fut>(
            &'s self,
            cx: Ctx<'life1>,
            cy: &'life2 Ctx<'life3>,
        ) -> Pin<Box<dyn Future<Output = usize> + 'fut>>
        where
            's: 'fut,
            'life1: 'fut,
            'life2: 'fut,
            'life3: 'fut,
        {
            Box::pin(<T as Picker>::with_ctx(self, cx, cy))
        }
        fn from_arg<'s, 'b, 'fut>(
            &'s self,
            x: &'b str,
        ) -> Pin<Box<dyn Future<Output = &'b str> + 'fut>>
        where
            's: 'fut,
            'b: 'fut,
        {
            Box::pin(<T as Picker>::from_arg(self, x))
        }
    }

    impl Picker for dyn Erased + '_ {
        async fn pick<'a, 'b>(&'a self, x: &'b str) -> &'a str
        where
            'b: 'a,
        {
            Erased::pick(self, x).await
        }
        async fn merge(&self, a: &str, b: &mut Vec<u8>, c: &[u8]) -> usize {
            Erased::merge(self, a, b, c).await
        }
        async fn name(&self, key: &str) -> &str {
            Erased::name(self, key).await
        }
        fn cow(&self) -> impl Future<Output = Result<Cow<'_, str>, String>> {
            Erased::cow(self)
        }
        async fn with_ctx(&self, cx: Ctx<'_>, cy: &Ctx<'_>) -> usize {
            Erased::with_ctx(self, cx, cy).await
        }
        async fn from_arg<'b>(&self, x: &'b str) -> &'b str {
            Erased::from_arg(self, x).await
        }
    }
}

struct Mem<K, V>(HashMap<K, V>);

impl<K: Eq + Hash, V: Clone> Store<K, V> for Mem<K, V> {
    async fn get(&self, k: &K) -> Option<V> {
        pause().await;
        self.0.get(k).cloned()
    }
    async fn put(&mut self, k: K, v: V) -> Option<V> {
        pause().await;
        self.0.insert(k, v)
    }
}

async fn copy<K: Eq + Hash + Debug, V>(
    s: &mut (impl Store<K, V> + ?Sized),
    a: K,
    b: K,
) -> Option<V> {
    let v = s.get(&a).await?;
    s.put(b, v).await
}

struct Zero;

impl Ring<3> for Zero {
    async fn snapshot(&self) -> [u8; 3] {
        [0; 3]
    }
}

struct Db<'d>(Vec<&'d str>);

impl<'d> Repo<'d> for Db<'d> {
    async fn load(&self, id: usize) -> &'d str {
        pause().await;
        self.0[id]
    }
}

struct P(String);

impl Picker for P {
    async fn pick<'a, 'b>(&'a self, x: &'b str) -> &'a str
    where
        'b: 'a,
    {
        pause().await;
        match x {
            "" => &self.0,
            _ => x,
        }
    }
    async fn merge(&self, a: &str, b: &mut Vec<u8>, c: &[u8]) -> usize {
        b.extend_from_slice(a.as_bytes());
        pause().await;
        b.extend_from_slice(c);
        b.len()
    }
    async fn name(&self, key: &str) -> &str {
        pause().await;
        self.0.strip_prefix(key).unwrap_or(&self.0)
    }
    async fn cow(&self) -> Result<Cow<'_, str>, String> {
        Ok(Cow::Borrowed(&self.0))
    }
    async fn with_ctx(&self, cx: Ctx<'_>, cy: &Ctx<'_>) -> usize {
        pause().await;
        cx.0.len() + cy.0.len()
    }
    async fn from_arg<'b>(&self, x: &'b str) -> &'b str {
        pause().await;
        x
    }
    async fn assoc<'b>(x: &'b str) -> &'b str {
        x
    }
}

fn main() {
    block_on(async {
        let mut s: Box<DynStore<'_, String, u32>> = Box::new(Mem(HashMap::new()));
        assert_eq!(s.put("a".into(), 1).await, None);
        assert_eq!(copy(&mut *s, "a".into(), "b".into()).await, None);
        assert_eq!(s.get(&"b".into()).await, Some(1));
        let local = String::from("k");
        {
            let mut m: Box<DynStore<'_, &str, &str>> = Box::new(Mem(HashMap::new()));
            m.put(&local, &local).await;
            assert_eq!(m.get(&"k").await, Some("k"));
        }
        let r: &DynRing<'_, 3> = &Zero;
        assert_eq!(r.snapshot().await, [0; 3]);

        let text = String::from("row0");
        let got;
        {
            let db: Box<DynRepo<'_, '_>> = Box::new(Db(vec![&text]));
            got = db.load(0).await; // &'db str outlives the box
        }
        assert_eq!(got, "row0");

        let p: Box<DynPicker<'_>> = Box::new(P("k:v".into()));
        assert_eq!(p.pick("").await, "k:v");
        let mut buf = vec![];
        assert_eq!(p.merge("a", &mut buf, b"bc").await, 3);
        let n = {
            let key = String::from("k:"); // shorter than the result
            p.name(&key).await
        };
        assert_eq!(n, "v");
        assert_eq!(p.cow().await.unwrap(), "k:v");
        assert_eq!(p.with_ctx(Ctx("ab"), &Ctx("c")).await, 3);
        let arg = String::from("arg");
        let from = {
            let q: Box<DynPicker<'_>> = Box::new(P(String::new()));
            q.from_arg(&arg).await // outlives the object
        };
        assert_eq!(from, "arg");
        assert_eq!(P::assoc("s").await, "s");
    });
}
