use std::future::Future;
use std::sync::Arc;

trait Http {
    fn ping(&self) -> impl Future<Output = u32> + Send;
    fn fetch(&self, url: &str) -> impl Future<Output = String> + Send;
    fn push(&mut self, body: &[u8]) -> impl Future<Output = usize> + Send;
    /// default body: `self` is captured by the async block, hence `Self: Sync`
    fn both(&self, a: &str, b: &str) -> impl Future<Output = String> + Send
    where
        Self: Sync,
    {
        async move { self.fetch(a).await + &self.fetch(b).await }
    }
}

impl<T: Http + ?Sized> Http for Box<T> {
    fn ping(&self) -> impl Future<Output = u32> + Send {
        T::ping(self)
    }
    fn fetch(&self, url: &str) -> impl Future<Output = String> + Send {
        T::fetch(self, url)
    }
    fn push(&mut self, body: &[u8]) -> impl Future<Output = usize> + Send {
        T::push(self, body)
    }
}

struct Echo(Vec<u8>);

impl Http for Echo {
    async fn ping(&self) -> u32 {
        pause().await;
        self.0.len() as u32
    }
    async fn fetch(&self, url: &str) -> String {
        pause().await;
        format!("<{url}>")
    }
    async fn push(&mut self, body: &[u8]) -> usize {
        self.0.extend_from_slice(body);
        pause().await;
        self.0.len()
    }
}

async fn generic(h: impl Http + Send + Sync + 'static) -> String {
    rt::spawn(async move { h.fetch("g").await }).join().unwrap()
}

fn main() {
    let h: Arc<dyn Http + Send + Sync> = Arc::new(Echo(vec![1]));
    let h2 = h.clone();
    let t = rt::spawn(async move { h2.fetch("a").await + &h2.both("b", "c").await });
    assert_eq!(t.join().unwrap(), "<a><b><c>");
    block_on(async {
        assert_eq!(rt::assert_send(h.ping()).await, 1);
        let mut b: Box<dyn Http + Send + Sync> = Box::new(Echo(vec![]));
        assert_eq!(rt::assert_send(b.push(b"xy")).await, 2);
        assert_eq!(generic(b).await, "<g>");
    });
}
