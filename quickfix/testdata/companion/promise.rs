use std::sync::Arc;

/// Objects go from thread to thread.
trait Store: Send + Sync {
    async fn get(&self, key: &str) -> Option<String>;

    async fn put(&mut self, key: &str, value: String) -> bool;

    /// A default body.
    async fn both(&self, (a, b): (&str, &str)) -> Vec<Option<String>> {
        let first = self.get(a).await;
        vec![first, self.get(b).await]
    }

    async fn has(&self, key: &str) -> bool {
        self.get(key).await.is_some()
    }

    async fn quiet(&self) {
        // nothing to do
    }

    async fn close(
        self: Box<Self>, // it is always an object
        /* forced */ force: bool,
    ) -> Result<(), String>;

    async fn flush(&self) {}
}

trait Job {
    async fn run(&self, times: u32) -> u32;
    async fn twice(&self) -> u32 {
        self.run(2).await
    }
}

trait Cache<K>: Send + Sync {
    type Value;
    async fn find(&self, key: &K) -> Option<Self::Value>;
    /// A default body that holds what need not be `Send`.
    async fn find_or(&self, key: &K, other: Self::Value) -> Self::Value {
        self.find(key).await.unwrap_or(other)
    }
    async fn found(&self, key: &K, show: &dyn Fn(bool)) {
        show(self.find(key).await.is_some());
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
    let cache: Arc<dyn Cache<u8, Value = usize>> = Arc::new(One("abc".into()));
    assert_eq!(block_on(cache.find_or(&2, 7)), 7);
    block_on(cache.found(&1, &|found| assert!(found)));
    let task = rt::spawn(async move { cache.find(&1).await });
    assert_eq!(task.join().unwrap(), Some(3));
    let mut one: Box<dyn Store> = Box::new(One("a".into()));
    let task = rt::spawn(async move {
        assert!(one.put("one", "b".into()).await);
        one.flush().await;
        one.quiet().await;
        assert!(one.has("one").await);
        one.both(("one", "two")).await
    });
    assert_eq!(task.join().unwrap(), [Some("b".to_owned()), None]);
    let job: Arc<dyn Job + Send + Sync> = Arc::new(One("abc".into()));
    let task = rt::spawn(async move { job.run(1).await + job.twice().await });
    assert_eq!(task.join().unwrap(), 9);
    let store: Box<dyn Store> = Box::new(One("c".into()));
    let task = rt::spawn(async move { store.close(true).await });
    assert_eq!(task.join().unwrap(), Ok(()));
    block_on(async {});
}
