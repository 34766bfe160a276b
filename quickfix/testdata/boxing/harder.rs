use std::fmt::Debug;
use std::pin::Pin;
use std::sync::Arc;

trait Store<K>: Debug + Send + Sync {
    type Value: Clone;
    async fn get(&self, k: &K) -> Option<Self::Value>;
    async fn get_or(&self, k: &K, d: Self::Value) -> Self::Value {
        self.get(k).await.unwrap_or(d)
    }
    async fn close(self: Arc<Self>) -> u8;
    fn keys(&self) -> impl Iterator<Item = K>;
    fn len(&self) -> usize;
}

trait Step {
    async fn step(self: Pin<&mut Self>, by: &u32) -> u32;
    async fn done(self: Box<Self>) -> u32;
    async fn name(&self, key: &str) -> &str;
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
        let d: Arc<dyn Store<u8, Value = String>> = Arc::new(mem);
        assert_eq!(d.get(&1).await.as_deref(), Some("one"));
        assert_eq!(d.get_or(&2, "two".into()).await, "two");
        assert_eq!(d.keys().count() + d.len(), 2);
        assert!(format!("{d:?}").contains("Mem"));
        assert_eq!(d.close().await, 1);

        let mut s: Pin<Box<dyn Step>> = Box::pin(Sum(1));
        assert_eq!(s.as_mut().step(&2).await, 3);
        let s: Box<dyn Step> = Box::new(Sum(1));
        let name = {
            let key = String::from("k");
            s.name(&key).await
        };
        assert_eq!(name, "sum");
        assert_eq!(s.done().await, 1);
    });
}
