use std::future::Future;
use std::sync::Arc;

/// Objects go from thread to thread.
trait Store: Send + Sync {
    fn get(&self, key: &str) -> impl Future<Output = Option<String>> + Send;

    fn put(&mut self, key: &str, value: String) -> impl Future<Output = bool> + Send;

    /// A default body.
    fn both(&self, (a, b): (&str, &str)) -> impl Future<Output = Vec<Option<String>>> + Send {
        async move {
            let first = self.get(a).await;
            vec![first, self.get(b).await]
        }
    }

    fn has(&self, key: &str) -> impl Future<Output = bool> + Send {
        async move { self.get(key).await.is_some() }
    }

    fn quiet(&self) -> impl Future<Output = ()> + Send {
        async move {
            // nothing to do
        }
    }

    fn close(
        self: Box<Self>, // it is always an object
        /* forced */ force: bool,
    ) -> impl Future<Output = Result<(), String>> + Send;

    fn flush(&self) -> impl Future<Output = ()> + Send {
        async move {}
    }
}

/// `dyn Store` with boxed futures.
type DynStore<'o> = dyn dyn_store::Erased + 'o;
#[doc(hidden)]
mod dyn_store {
    use super::Store;
    use std::future::Future;
    use std::pin::Pin;

    pub(super) trait Erased: Send + Sync {
        fn get<'a>(
            &'a self,
            key: &'a str,
        ) -> Pin<Box<dyn Future<Output = Option<String>> + Send + 'a>>;
        fn put<'a>(
            &'a mut self,
            key: &'a str,
            value: String,
        ) -> Pin<Box<dyn Future<Output = bool> + Send + 'a>>;
        fn both<'s, 'life1, 'life2, 'fut>(
            &'s self,
            arg1: (&'life1 str, &'life2 str),
        ) -> Pin<Box<dyn Future<Output = Vec<Option<String>>> + Send + 'fut>>
        where
            's: 'fut,
            'life1: 'fut,
            'life2: 'fut;
        fn has<'a>(&'a self, key: &'a str) -> Pin<Box<dyn Future<Output = bool> + Send + 'a>>;
        fn quiet(&self) -> Pin<Box<dyn Future<Output = ()> + Send + '_>>;
        fn close<'a>(
            self: Box<Self>,
            force: bool,
        ) -> Pin<Box<dyn Future<Output = Result<(), String>> + Send + 'a>>
        where
            Self: 'a;
        fn flush(&self) -> Pin<Box<dyn Future<Output = ()> + Send + '_>>;
    }

    impl<T: Store> Erased for T {
        fn get<'a>(
            &'a self,
            key: &'a str,
        ) -> Pin<Box<dyn Future<Output = Option<String>> + Send + 'a>> {
            Box::pin(<T as Store>::get(self, key))
        }
        fn put<'a>(
            &'a mut self,
            key: &'a str,
            value: String,
        ) -> Pin<Box<dyn Future<Output = bool> + Send + 'a>> {
            Box::pin(<T as Store>::put(self, key, value))
        }
        fn both<'s, 'life1, 'life2, 'fut>(
            &'s self,
            arg1: (&'life1 str, &'life2 str),
        ) -> Pin<Box<dyn Future<Output = Vec<Option<String>>> + Send + 'fut>>
        where
            's: 'fut,
            'life1: 'fut,
            'life2: 'fut,
        {
            Box::pin(<T as Store>::both(self, arg1))
        }
        fn has<'a>(&'a self, key: &'a str) -> Pin<Box<dyn Future<Output = bool> + Send + 'a>> {
            Box::pin(<T as Store>::has(self, key))
        }
        fn quiet(&self) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
            Box::pin(<T as Store>::quiet(self))
        }
        fn close<'a>(
            self: Box<Self>,
            force: bool,
        ) -> Pin<Box<dyn Future<Output = Result<(), String>> + Send + 'a>>
        where
            Self: 'a,
        {
            Box::pin(<T as Store>::close(self, force))
        }
        fn flush(&self) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
            Box::pin(<T as Store>::flush(self))
        }
    }

    impl Store for dyn Erased + '_ {
        async fn get(&self, key: &str) -> Option<String> {
            Erased::get(self, key).await
        }
        async fn put(&mut self, key: &str, value: String) -> bool {
            Erased::put(self, key, value).await
        }
        async fn both(&self, arg1: (&str, &str)) -> Vec<Option<String>> {
            Erased::both(self, arg1).await
        }
        async fn has(&self, key: &str) -> bool {
            Erased::has(self, key).await
        }
        fn quiet(&self) -> impl Future<Output = ()> + Send {
            Erased::quiet(self)
        }
        fn close(self: Box<Self>, force: bool) -> impl Future<Output = Result<(), String>> + Send {
            Erased::close(self, force)
        }
        fn flush(&self) -> impl Future<Output = ()> + Send {
            Erased::flush(self)
        }
    }

    impl<T: Store + ?Sized> Store for Box<T> {
        fn get(&self, key: &str) -> impl Future<Output = Option<String>> + Send {
            T::get(self, key)
        }
        fn put(&mut self, key: &str, value: String) -> impl Future<Output = bool> + Send {
            T::put(self, key, value)
        }
        fn both(&self, arg1: (&str, &str)) -> impl Future<Output = Vec<Option<String>>> + Send {
            T::both(self, arg1)
        }
        fn has(&self, key: &str) -> impl Future<Output = bool> + Send {
            T::has(self, key)
        }
        fn quiet(&self) -> impl Future<Output = ()> + Send {
            T::quiet(self)
        }
        fn close(self: Box<Self>, force: bool) -> impl Future<Output = Result<(), String>> + Send {
            T::close(*self, force)
        }
        fn flush(&self) -> impl Future<Output = ()> + Send {
            T::flush(self)
        }
    }
}

trait Job {
    fn run(&self, times: u32) -> impl Future<Output = u32> + Send;
    fn twice(&self) -> impl Future<Output = u32> + Send
    where
        Self: Sync,
    {
        async move { self.run(2).await }
    }
}

/// `dyn Job + Send + Sync` with boxed futures.
type DynJob<'o> = dyn dyn_job::Erased + Send + Sync + 'o;
#[doc(hidden)]
mod dyn_job {
    use super::Job;
    use std::future::Future;
    use std::pin::Pin;

    pub(super) trait Erased {
        fn run(&self, times: u32) -> Pin<Box<dyn Future<Output = u32> + Send + '_>>;
        fn twice(&self) -> Pin<Box<dyn Future<Output = u32> + Send + '_>>
        where
            Self: Sync;
    }

    impl<T: Job> Erased for T {
        fn run(&self, times: u32) -> Pin<Box<dyn Future<Output = u32> + Send + '_>> {
            Box::pin(<T as Job>::run(self, times))
        }
        fn twice(&self) -> Pin<Box<dyn Future<Output = u32> + Send + '_>>
        where
            Self: Sync,
        {
            Box::pin(<T as Job>::twice(self))
        }
    }

    impl Job for dyn Erased + Send + Sync + '_ {
        fn run(&self, times: u32) -> impl Future<Output = u32> + Send {
            Erased::run(self, times)
        }
        fn twice(&self) -> impl Future<Output = u32> + Send
        where
            Self: Sync,
        {
            Erased::twice(self)
        }
    }

    impl<T: Job + ?Sized> Job for Box<T> {
        fn run(&self, times: u32) -> impl Future<Output = u32> + Send {
            T::run(self, times)
        }
    }
}

trait Cache<K>: Send + Sync {
    type Value;
    fn find(&self, key: &K) -> impl Future<Output = Option<Self::Value>> + Send;
    /// A default body that holds what need not be `Send`.
    async fn find_or(&self, key: &K, other: Self::Value) -> Self::Value {
        self.find(key).await.unwrap_or(other)
    }
    async fn found(&self, key: &K, show: &dyn Fn(bool)) {
        show(self.find(key).await.is_some());
    }
}

/// `dyn Cache` with boxed futures.
type DynCache<'o, K, Value> = dyn dyn_cache::Erased<K, Value = Value> + 'o;
#[doc(hidden)]
mod dyn_cache {
    use super::Cache;
    use std::future::Future;
    use std::pin::Pin;

    pub(super) trait Erased<K>: Send + Sync {
        type Value;
        fn find<'a>(
            &'a self,
            key: &'a K,
        ) -> Pin<Box<dyn Future<Output = Option<Self::Value>> + Send + 'a>>
        where
            K: 'a;
        fn find_or<'a>(
            &'a self,
            key: &'a K,
            other: Self::Value,
        ) -> Pin<Box<dyn Future<Output = Self::Value> + 'a>>
        where
            K: 'a;
        fn found<'a>(
            &'a self,
            key: &'a K,
            show: &'a dyn Fn(bool),
        ) -> Pin<Box<dyn Future<Output = ()> + 'a>>
        where
            K: 'a;
    }

    impl<K, T: Cache<K>> Erased<K> for T {
        type Value = <T as Cache<K>>::Value;
        fn find<'a>(
            &'a self,
            key: &'a K,
        ) -> Pin<Box<dyn Future<Output = Option<Self::Value>> + Send + 'a>>
        where
            K: 'a,
        {
            Box::pin(<T as Cache<K>>::find(self, key))
        }
        fn find_or<'a>(
            &'a self,
            key: &'a K,
            other: Self::Value,
        ) -> Pin<Box<dyn Future<Output = Self::Value> + 'a>>
        where
            K: 'a,
        {
            Box::pin(<T as Cache<K>>::find_or(self, key, other))
        }
        fn found<'a>(
            &'a self,
            key: &'a K,
            show: &'a dyn Fn(bool),
        ) -> Pin<Box<dyn Future<Output = ()> + 'a>>
        where
            K: 'a,
        {
            Box::pin(<T as Cache<K>>::found(self, key, show))
        }
    }

    impl<'o, K: 'o + Send + Sync, Value> Cache<K> for dyn Erased<K, Value = Value> + 'o {
        type Value = Value;
        async fn find(&self, key: &K) -> Option<Self::Value> {
            Erased::find(self, key).await
        }
        async fn find_or(&self, key: &K, other: Self::Value) -> Self::Value {
            Erased::find_or(self, key, other).await
        }
        async fn found(&self, key: &K, show: &dyn Fn(bool)) {
            Erased::found(self, key, show).await
        }
    }

    impl<K, T: Cache<K> + ?Sized> Cache<K> for Box<T> {
        type Value = T::Value;
        fn find(&self, key: &K) -> impl Future<Output = Option<Self::Value>> + Send {
            T::find(self, key)
        }
        fn find_or(&self, key: &K, other: Self::Value) -> impl Future<Output = Self::Value> {
            T::find_or(self, key, other)
        }
        fn found(&self, key: &K, show: &dyn Fn(bool)) -> impl Future<Output = ()> {
            T::found(self, key, show)
        }
    }
}

struct One(String);

impl Store for One {
    async fn get(&self, key: &str) -> Option<String> {
        pause().await;
        (key == "one").then(|| self.0.clone())
    }
    async fn put(&mut self, _key: &str, value: String) -> bool {
        pause().await;
        self.0 = value;
        true
    }
    async fn close(self: Box<Self>, force: bool) -> Result<(), String> {
        pause().await;
        force.then_some(()).ok_or(self.0)
    }
}

impl Job for One {
    async fn run(&self, times: u32) -> u32 {
        pause().await;
        times + self.0.len() as u32
    }
}

impl Cache<u8> for One {
    type Value = usize;
    async fn find(&self, key: &u8) -> Option<usize> {
        pause().await;
        (*key == 1).then_some(self.0.len())
    }
}

fn main() {
    let cache: Arc<DynCache<'_, u8, usize>> = Arc::new(One("abc".into()));
    assert_eq!(block_on(cache.find_or(&2, 7)), 7);
    block_on(cache.found(&1, &|found| assert!(found)));
    let task = rt::spawn(async move { cache.find(&1).await });
    assert_eq!(task.join().unwrap(), Some(3));
    let mut one: Box<DynStore<'_>> = Box::new(One("a".into()));
    let task = rt::spawn(async move {
        assert!(one.put("one", "b".into()).await);
        one.flush().await;
        one.quiet().await;
        assert!(one.has("one").await);
        one.both(("one", "two")).await
    });
    assert_eq!(task.join().unwrap(), [Some("b".to_owned()), None]);
    let job: Arc<DynJob<'_>> = Arc::new(One("abc".into()));
    let task = rt::spawn(async move { job.run(1).await + job.twice().await });
    assert_eq!(task.join().unwrap(), 9);
    let store: Box<DynStore<'_>> = Box::new(One("c".into()));
    let task = rt::spawn(async move { store.close(true).await });
    assert_eq!(task.join().unwrap(), Ok(()));
    block_on(async {});
}
