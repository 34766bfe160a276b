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

/// `dyn Http + Send + Sync` with boxed futures.
type DynHttp<'o> = dyn dyn_http::Erased + Send + Sync + 'o;
#[doc(hidden)]
mod dyn_http {
    use super::Http;
    use std::future::Future;
    use std::pin::Pin;

    pub(super) trait Erased {
        fn ping(&self) -> Pin<Box<dyn Future<Output = u32> + Send + '_>>;
        fn fetch<'a>(&'a self, url: &'a str) -> Pin<Box<dyn Future<Output = String> + Send + 'a>>;
        fn push<'a>(
            &'a mut self,
            body: &'a [u8],
        ) -> Pin<Box<dyn Future<Output = usize> + Send + 'a>>;
        fn both<'a>(
            &'a self,
            a: &'a str,
            b: &'a str,
        ) -> Pin<Box<dyn Future<Output = String> + Send + 'a>>
        where
            Self: Sync;
    }

    impl<T: Http> Erased for T {
        fn ping(&self) -> Pin<Box<dyn Future<Output = u32> + Send + '_>> {
            Box::pin(<T as Http>::ping(self))
        }
        fn fetch<'a>(&'a self, url: &'a str) -> Pin<Box<dyn Future<Output = String> + Send + 'a>> {
            Box::pin(<T as Http>::fetch(self, url))
        }
        fn push<'a>(
            &'a mut self,
            body: &'a [u8],
        ) -> Pin<Box<dyn Future<Output = usize> + Send + 'a>> {
            Box::pin(<T as Http>::push(self, body))
        }
        fn both<'a>(
            &'a self,
            a: &'a str,
            b: &'a str,
        ) -> Pin<Box<dyn Future<Output = String> + Send + 'a>>
        where
            Self: Sync,
        {
            Box::pin(<T as Http>::both(self, a, b))
        }
    }

    impl Http for dyn Erased + Send + Sync + '_ {
        fn ping(&self) -> impl Future<Output = u32> + Send {
            Erased::ping(self)
        }
        async fn fetch(&self, url: &str) -> String {
            Erased::fetch(self, url).await
        }
        async fn push(&mut self, body: &[u8]) -> usize {
            Erased::push(self, body).await
        }
        async fn both(&self, a: &str, b: &str) -> String
        where
            Self: Sync,
        {
            Erased::both(self, a, b).await
        }
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
    let h: Arc<DynHttp<'_>> = Arc::new(Echo(vec![1]));
    let h2 = h.clone();
    let t = rt::spawn(async move { h2.fetch("a").await + &h2.both("b", "c").await });
    assert_eq!(t.join().unwrap(), "<a><b><c>");
    block_on(async {
        assert_eq!(rt::assert_send(h.ping()).await, 1);
        let mut b: Box<DynHttp<'_>> = Box::new(Echo(vec![]));
        assert_eq!(rt::assert_send(b.push(b"xy")).await, 2);
        assert_eq!(generic(b).await, "<g>");
    });
}
