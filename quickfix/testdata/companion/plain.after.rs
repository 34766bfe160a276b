trait AsyncCounter {
    async fn get_value(&self) -> usize;
    async fn increment_by(&mut self, amount: usize);
}

/// `dyn AsyncCounter` with boxed futures.
type DynAsyncCounter<'o> = dyn dyn_async_counter::Erased + 'o;
#[doc(hidden)]
mod dyn_async_counter {
    use super::AsyncCounter;
    use std::future::Future;
    use std::pin::Pin;

    pub(super) trait Erased {
        fn get_value(&self) -> Pin<Box<dyn Future<Output = usize> + '_>>;
        fn increment_by(&mut self, amount: usize) -> Pin<Box<dyn Future<Output = ()> + '_>>;
    }

    impl<T: AsyncCounter> Erased for T {
        fn get_value(&self) -> Pin<Box<dyn Future<Output = usize> + '_>> {
            Box::pin(<T as AsyncCounter>::get_value(self))
        }
        fn increment_by(&mut self, amount: usize) -> Pin<Box<dyn Future<Output = ()> + '_>> {
            Box::pin(<T as AsyncCounter>::increment_by(self, amount))
        }
    }

    impl AsyncCounter for dyn Erased + '_ {
        fn get_value(&self) -> impl Future<Output = usize> {
            Erased::get_value(self)
        }
        fn increment_by(&mut self, amount: usize) -> impl Future<Output = ()> {
            Erased::increment_by(self, amount)
        }
    }

    impl<T: AsyncCounter + ?Sized> AsyncCounter for Box<T> {
        fn get_value(&self) -> impl Future<Output = usize> {
            T::get_value(self)
        }
        fn increment_by(&mut self, amount: usize) -> impl Future<Output = ()> {
            T::increment_by(self, amount)
        }
    }
}

trait HttpClient {
    async fn fetch(&self, url: &str) -> Response;
    fn name(&self) -> &str {
        "client"
    }
}

/// `dyn HttpClient` with boxed futures.
type DynHttpClient<'o> = dyn dyn_http_client::Erased + 'o;
#[doc(hidden)]
mod dyn_http_client {
    use super::{HttpClient, Response};
    use std::future::Future;
    use std::pin::Pin;

    pub(super) trait Erased {
        fn fetch<'a>(&'a self, url: &'a str) -> Pin<Box<dyn Future<Output = Response> + 'a>>;
        fn name(&self) -> &str;
    }

    impl<T: HttpClient> Erased for T {
        fn fetch<'a>(&'a self, url: &'a str) -> Pin<Box<dyn Future<Output = Response> + 'a>> {
            Box::pin(<T as HttpClient>::fetch(self, url))
        }
        fn name(&self) -> &str {
            <T as HttpClient>::name(self)
        }
    }

    impl HttpClient for dyn Erased + '_ {
        async fn fetch(&self, url: &str) -> Response {
            Erased::fetch(self, url).await
        }
        fn name(&self) -> &str {
            Erased::name(self)
        }
    }

    impl<T: HttpClient + ?Sized> HttpClient for Box<T> {
        fn fetch(&self, url: &str) -> impl Future<Output = Response> {
            T::fetch(self, url)
        }
        fn name(&self) -> &str {
            T::name(self)
        }
    }
}

#[derive(Debug, PartialEq)]
struct Response(String);

struct Counter(usize);

impl AsyncCounter for Counter {
    async fn get_value(&self) -> usize {
        pause().await;
        self.0
    }
    async fn increment_by(&mut self, amount: usize) {
        pause().await;
        self.0 += amount;
    }
}

struct Echo;

impl HttpClient for Echo {
    async fn fetch(&self, url: &str) -> Response {
        pause().await;
        Response(url.to_owned())
    }
}

async fn count(counter: &mut DynAsyncCounter<'_>) -> usize {
    counter.increment_by(42).await;
    counter.get_value().await
}

async fn fetch(client: &DynHttpClient<'_>, url: &str) -> Response {
    client.fetch(url).await
}

async fn fetch_static(client: &(impl HttpClient + ?Sized), url: &str) -> Response {
    client.fetch(url).await
}

async fn count_static(counter: &mut (impl AsyncCounter + ?Sized)) -> usize {
    counter.increment_by(1).await;
    counter.get_value().await
}

fn main() {
    let mut counter = Counter(0);
    assert_eq!(block_on(count(&mut counter)), 42);
    let object: &mut DynAsyncCounter<'_> = &mut counter;
    assert_eq!(block_on(count_static(object)), 43);
    let client: Box<DynHttpClient<'_>> = Box::new(Echo);
    let url = String::from("u");
    assert_eq!(block_on(fetch(&*client, &url)), Response("u".into()));
    assert_eq!(block_on(fetch_static(&*client, &url)), Response("u".into()));
    assert_eq!(client.name(), "client");
}
