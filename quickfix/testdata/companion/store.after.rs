//! Generics, lifetimes, associated types, consts, patterns of use.
use std::collections::BTreeMap;
use std::future::Future;
use std::rc::Rc;
use std::sync::{Arc, Mutex, OnceLock, RwLock};

pub trait Store<K, V = String>
where
    K: Ord + Clone + Send + Sync,
    V: Clone + Send + Sync,
{
    type Error: std::fmt::Debug + Send;
    fn get<'a>(
        &'a self,
        key: &'a K,
    ) -> impl Future<Output = Result<Option<V>, Self::Error>> + Send + 'a;
    fn put(&self, key: K, value: V) -> impl Future<Output = Result<(), Self::Error>> + Send;
    fn keys(&self) -> impl Iterator<Item = K> + '_;
    fn scan<'s>(&'s self, from: &'s K) -> impl Future<Output = Vec<V>> + Send;
}

/// `dyn Store` with boxed futures.
pub type DynStore<'o, K, Error, V = String> = dyn dyn_store::Erased<K, V, Error = Error> + 'o;
/// `dyn Store + Send + Sync` with boxed futures.
pub type DynStoreSendSync<'o, K, Error, V = String> =
    dyn dyn_store::Erased<K, V, Error = Error> + Send + Sync + 'o;
#[doc(hidden)]
pub mod dyn_store {
    use super::Store;
    use std::future::Future;
    use std::pin::Pin;

    pub trait Erased<K, V = String>
    where
        K: Ord + Clone + Send + Sync,
        V: Clone + Send + Sync,
    {
        type Error: std::fmt::Debug + Send;
        fn get<'a>(
            &'a self,
            key: &'a K,
        ) -> Pin<Box<dyn Future<Output = Result<Option<V>, Self::Error>> + Send + 'a>>;
        fn put<'a>(
            &'a self,
            key: K,
            value: V,
        ) -> Pin<Box<dyn Future<Output = Result<(), Self::Error>> + Send + 'a>>
        where
            K: 'a,
            V: 'a;
        fn keys(&self) -> Box<dyn Iterator<Item = K> + '_>;
        fn scan<'s, 'fut>(
            &'s self,
            from: &'s K,
        ) -> Pin<Box<dyn Future<Output = Vec<V>> + Send + 'fut>>
        where
            's: 'fut,
            K: 'fut,
            V: 'fut;
    }

    impl<K, V, T: Store<K, V>> Erased<K, V> for T
    where
        K: Ord + Clone + Send + Sync,
        V: Clone + Send + Sync,
    {
        type Error = <T as Store<K, V>>::Error;
        fn get<'a>(
            &'a self,
            key: &'a K,
        ) -> Pin<Box<dyn Future<Output = Result<Option<V>, Self::Error>> + Send + 'a>> {
            Box::pin(<T as Store<K, V>>::get(self, key))
        }
        fn put<'a>(
            &'a self,
            key: K,
            value: V,
        ) -> Pin<Box<dyn Future<Output = Result<(), Self::Error>> + Send + 'a>>
        where
            K: 'a,
            V: 'a,
        {
            Box::pin(<T as Store<K, V>>::put(self, key, value))
        }
        fn keys(&self) -> Box<dyn Iterator<Item = K> + '_> {
            Box::new(<T as Store<K, V>>::keys(self))
        }
        fn scan<'s, 'fut>(
            &'s self,
            from: &'s K,
        ) -> Pin<Box<dyn Future<Output = Vec<V>> + Send + 'fut>>
        where
            's: 'fut,
            K: 'fut,
            V: 'fut,
        {
            Box::pin(<T as Store<K, V>>::scan(self, from))
        }
    }

    impl<'o, K: 'o, V: 'o, Error: std::fmt::Debug + Send> Store<K, V>
        for dyn Erased<K, V, Error = Error> + Send + Sync + 'o
    where
        K: Ord + Clone + Send + Sync,
        V: Clone + Send + Sync,
    {
        type Error = Error;
        fn get<'a>(
            &'a self,
            key: &'a K,
        ) -> impl Future<Output = Result<Option<V>, Self::Error>> + Send + 'a {
            Erased::get(self, key)
        }
        fn put(&self, key: K, value: V) -> impl Future<Output = Result<(), Self::Error>> + Send {
            Erased::put(self, key, value)
        }
        fn keys(&self) -> impl Iterator<Item = K> + '_ {
            Erased::keys(self)
        }
        async fn scan<'s>(&'s self, from: &'s K) -> Vec<V> {
            Erased::scan(self, from).await
        }
    }

    impl<K, V, T: Store<K, V> + ?Sized> Store<K, V> for Box<T>
    where
        K: Ord + Clone + Send + Sync,
        V: Clone + Send + Sync,
    {
        type Error = T::Error;
        fn get<'a>(
            &'a self,
            key: &'a K,
        ) -> impl Future<Output = Result<Option<V>, Self::Error>> + Send + 'a {
            T::get(self, key)
        }
        fn put(&self, key: K, value: V) -> impl Future<Output = Result<(), Self::Error>> + Send {
            T::put(self, key, value)
        }
        fn keys(&self) -> impl Iterator<Item = K> + '_ {
            T::keys(self)
        }
        fn scan<'s>(&'s self, from: &'s K) -> impl Future<Output = Vec<V>> + Send {
            T::scan(self, from)
        }
    }
}

#[derive(Default)]
struct Mem<K, V>(Mutex<BTreeMap<K, V>>);
impl<K: Ord + Clone + Send + Sync, V: Clone + Send + Sync> Store<K, V> for Mem<K, V> {
    type Error = ();
    async fn get(&self, key: &K) -> Result<Option<V>, ()> {
        rt::pause().await;
        Ok(self.0.lock().unwrap().get(key).cloned())
    }
    async fn put(&self, key: K, value: V) -> Result<(), ()> {
        self.0.lock().unwrap().insert(key, value);
        Ok(())
    }
    fn keys(&self) -> impl Iterator<Item = K> + '_ {
        self.0
            .lock()
            .unwrap()
            .keys()
            .cloned()
            .collect::<Vec<_>>()
            .into_iter()
    }
    async fn scan<'s>(&'s self, from: &'s K) -> Vec<V> {
        self.0
            .lock()
            .unwrap()
            .range(from.clone()..)
            .map(|(_, v)| v.clone())
            .collect()
    }
}

type Shared = Arc<DynStoreSendSync<'static, u32, (), String>>;
static GLOBAL: OnceLock<Shared> = OnceLock::new();

struct Layer {
    inner: RwLock<Option<Shared>>,
    chain: Vec<Rc<DynStore<'static, u32, ()>>>,
}
impl Layer {
    async fn read(&self, k: u32) -> Option<String> {
        let s = self.inner.read().unwrap().clone();
        if let Some(s) = s {
            return s.get(&k).await.unwrap();
        }
        for c in self.chain.iter().rev() {
            if let Ok(Some(v)) = c.get(&k).await {
                return Some(v);
            }
        }
        None
    }
}
fn apply<F>(f: F) -> usize
where
    F: Fn(&DynStore<'_, u32, (), String>) -> usize,
{
    let m = Mem::<u32, String>::default();
    f(&m)
}
async fn copy(from: &DynStore<'_, u32, ()>, to: &DynStore<'_, u32, (), String>) -> usize {
    let mut n = 0;
    for k in from.keys() {
        let v = from.get(&k).await.unwrap().unwrap();
        to.put(k, v).await.unwrap();
        n += 1;
    }
    n
}
fn main() {
    rt::block_on(async {
        let m: Shared = Arc::new(Mem::default());
        m.put(1, "a".to_owned()).await.unwrap();
        m.put(2, "b".to_owned()).await.unwrap();
        GLOBAL.set(m.clone()).ok();
        let l = Layer {
            inner: RwLock::new(None),
            chain: vec![Rc::new(Mem::default())],
        };
        assert_eq!(l.read(1).await, None);
        *l.inner.write().unwrap() = Some(m.clone());
        assert_eq!(l.read(1).await.as_deref(), Some("a"));
        let h = rt::spawn(async move {
            let s = GLOBAL.get().unwrap();
            s.scan(&1).await.len() + usize::from(s.get(&2).await.unwrap().is_some())
        });
        assert_eq!(h.join().unwrap(), 3);
        let to = Mem::<u32, String>::default();
        assert_eq!(copy(&Mem::<u32, String>::default(), &to).await, 0);
        assert_eq!(apply(|s| s.keys().count()), 0);
    });
}
