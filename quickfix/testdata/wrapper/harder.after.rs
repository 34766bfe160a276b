use std::fmt::Debug;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

trait Store<K>: Debug + Send + Sync {
    type Value: Clone;
    fn get(&self, k: &K) -> impl Future<Output = Option<Self::Value>> + Send;
    async fn get_or(&self, k: &K, d: Self::Value) -> Self::Value {
        self.get(k).await.unwrap_or(d)
    }
    fn close(self: Arc<Self>) -> impl Future<Output = u8> + Send;
    fn keys(&self) -> impl Iterator<Item = K>;
    fn len(&self) -> usize;
}

/// What `dyn Store` would be.
trait BoxedStore<K>: Debug + Send + Sync {
    type Value: Clone;
    fn get<'a>(
        &'a self,
        k: &'a K,
    ) -> Pin<Box<dyn Future<Output = Option<Self::Value>> + Send + 'a>>
    where
        K: 'a;
    fn get_or<'a>(
        &'a self,
        k: &'a K,
        d: Self::Value,
    ) -> Pin<Box<dyn Future<Output = Self::Value> + 'a>>
    where
        K: 'a;
    fn close<'a>(self: Arc<Self>) -> Pin<Box<dyn Future<Output = u8> + Send + 'a>>
    where
        Self: 'a,
        K: 'a;
    fn keys<'a>(&'a self) -> Box<dyn Iterator<Item = K> + 'a>
    where
        K: 'a;
    fn len(&self) -> usize;
}

/// Makes any [`Store`] usable as `dyn BoxedStore`.
#[derive(Debug)]
struct DynSafeStore<T>(T);

impl<K, T: Store<K>> BoxedStore<K> for DynSafeStore<Arc<T>> {
    type Value = <T as Store<K>>::Value;
    fn get<'a>(&'a self, k: &'a K) -> Pin<Box<dyn Future<Output = Option<Self::Value>> + Send + 'a>>
    where
        K: 'a,
    {
        Box::pin(<T as Store<K>>::get(&self.0, k))
    }
    fn get_or<'a>(
        &'a self,
        k: &'a K,
        d: Self::Value,
    ) -> Pin<Box<dyn Future<Output = Self::Value> + 'a>>
    where
        K: 'a,
    {
        Box::pin(<T as Store<K>>::get_or(&self.0, k, d))
    }
    fn close<'a>(self: Arc<Self>) -> Pin<Box<dyn Future<Output = u8> + Send + 'a>>
    where
        Self: 'a,
        K: 'a,
    {
        Box::pin(<T as Store<K>>::close(self.0.clone()))
    }
    fn keys<'a>(&'a self) -> Box<dyn Iterator<Item = K> + 'a>
    where
        K: 'a,
    {
        Box::new(<T as Store<K>>::keys(&self.0))
    }
    fn len(&self) -> usize {
        <T as Store<K>>::len(&self.0)
    }
}

impl<'o, K: 'o + Send + Sync, Value: 'o + Clone> Store<K>
    for dyn BoxedStore<K, Value = Value> + 'o
{
    type Value = Value;
    async fn get(&self, k: &K) -> Option<Self::Value> {
        BoxedStore::get(self, k).await
    }
    async fn get_or(&self, k: &K, d: Self::Value) -> Self::Value {
        BoxedStore::get_or(self, k, d).await
    }
    async fn close(self: Arc<Self>) -> u8 {
        BoxedStore::close(self).await
    }
    fn keys(&self) -> impl Iterator<Item = K> {
        BoxedStore::keys(self)
    }
    fn len(&self) -> usize {
        BoxedStore::len(self)
    }
}

trait Step {
    async fn step(self: Pin<&mut Self>, by: &u32) -> u32;
    async fn done(self: Box<Self>) -> u32;
    async fn name(&self, key: &str) -> &str;
}

/// What `dyn Step` would be.
trait BoxedStep {
    fn step<'a>(self: Pin<&'a mut Self>, by: &'a u32) -> Pin<Box<dyn Future<Output = u32> + 'a>>;
    fn done<'a>(self: Box<Self>) -> Pin<Box<dyn Future<Output = u32> + 'a>>
    where
        Self: 'a;
    fn name<'s, 'life1, 'fut>(
        &'s self,
        key: &'life1 str,
    ) -> Pin<Box<dyn Future<Output = &'s str> + 'fut>>
    where
        's: 'fut,
        'life1: 'fut;
}

/// Makes any [`Step`] usable as `dyn BoxedStep`.
struct DynSafeStep<T>(T);

impl<T: Step + Unpin> BoxedStep for DynSafeStep<T> {
    fn step<'a>(self: Pin<&'a mut Self>, by: &'a u32) -> Pin<Box<dyn Future<Output = u32> + 'a>> {
        Box::pin(<T as Step>::step(Pin::new(&mut self.get_mut().0), by))
    }
    fn done<'a>(self: Box<Self>) -> Pin<Box<dyn Future<Output = u32> + 'a>>
    where
        Self: 'a,
    {
        Box::pin(<T as Step>::done(Box::new(self.0)))
    }
    fn name<'s, 'life1, 'fut>(
        &'s self,
        key: &'life1 str,
    ) -> Pin<Box<dyn Future<Output = &'s str> + 'fut>>
    where
        's: 'fut,
        'life1: 'fut,
    {
        Box::pin(<T as Step>::name(&self.0, key))
    }
}

impl Step for dyn BoxedStep + '_ {
    async fn step(self: Pin<&mut Self>, by: &u32) -> u32 {
        BoxedStep::step(self, by).await
    }
    fn done(self: Box<Self>) -> impl Future<Output = u32> {
        BoxedStep::done(self)
    }
    async fn name(&self, key: &str) -> &str {
        BoxedStep::name(self, key).await
    }
}

#[derive(Debug)]
struct Mem(Vec<(u8, String)>);

impl Store<u8> for Mem {
    type Value = String;
    async fn get(&self, k: &u8) -> Option<String> {
        pause().await;
        self.0.iter().find(|(x, _)| x == k).map(|(_, v)| v.clone())
    }
    async fn close(self: Arc<Self>) -> u8 {
        self.0.len() as u8
    }
    fn keys(&self) -> impl Iterator<Item = u8> {
        self.0.iter().map(|(k, _)| *k)
    }
    fn len(&self) -> usize {
        self.0.len()
    }
}

struct Sum(u32);

impl Step for Sum {
    async fn step(mut self: Pin<&mut Self>, by: &u32) -> u32 {
        pause().await;
        self.0 += by;
        self.0
    }
    async fn done(self: Box<Self>) -> u32 {
        self.0
    }
    async fn name(&self, key: &str) -> &str {
        pause().await;
        if key.is_empty() {
            return "none";
        }
        "sum"
    }
}

fn main() {
    block_on(async {
        let mem = Arc::new(Mem(vec![(1, "one".into())]));
        let d: Arc<dyn BoxedStore<u8, Value = String>> = Arc::new(DynSafeStore(mem));
        assert_eq!(d.get(&1).await.as_deref(), Some("one"));
        assert_eq!(d.get_or(&2, "two".into()).await, "two");
        assert_eq!(d.keys().count() + d.len(), 2);
        assert!(format!("{d:?}").contains("Mem"));
        assert_eq!(d.close().await, 1);

        let mut s: Pin<Box<dyn BoxedStep>> = Box::pin(DynSafeStep(Sum(1)));
        assert_eq!(s.as_mut().step(&2).await, 3);
        let s: Box<dyn BoxedStep> = Box::new(DynSafeStep(Sum(1)));
        let name = {
            let key = String::from("k");
            s.name(&key).await
        };
        assert_eq!(name, "sum");
        assert_eq!(s.done().await, 1);
    });
}
