/// Boxes the futures of a value's async methods where the value becomes a trait object.
#[derive(Debug)]
pub struct Boxing<T>(pub T);

trait AsyncCounter {
    async fn get_value(&self) -> usize;
    async fn increment_by(&mut self, amount: usize);
}

/// What `dyn AsyncCounter` would be.
trait DynAsyncCounter {
    fn get_value(&self) -> Pin<Box<dyn Future<Output = usize> + '_>>;
    fn increment_by(&mut self, amount: usize) -> Pin<Box<dyn Future<Output = ()> + '_>>;
}

impl<T: AsyncCounter> DynAsyncCounter for Boxing<T> {
    fn get_value(&self) -> Pin<Box<dyn Future<Output = usize> + '_>> {
        Box::pin(<T as AsyncCounter>::get_value(&self.0))
    }
    fn increment_by(&mut self, amount: usize) -> Pin<Box<dyn Future<Output = ()> + '_>> {
        Box::pin(<T as AsyncCounter>::increment_by(&mut self.0, amount))
    }
}

impl AsyncCounter for dyn DynAsyncCounter + '_ {
    fn get_value(&self) -> impl Future<Output = usize> {
        DynAsyncCounter::get_value(self)
    }
    fn increment_by(&mut self, amount: usize) -> impl Future<Output = ()> {
        DynAsyncCounter::increment_by(self, amount)
    }
}

impl<T: AsyncCounter + ?Sized> AsyncCounter for &mut T {
    fn get_value(&self) -> impl Future<Output = usize> {
        T::get_value(self)
    }
    fn increment_by(&mut self, amount: usize) -> impl Future<Output = ()> {
        T::increment_by(self, amount)
    }
}

trait HttpClient {
    async fn fetch(&self, url: &str) -> Response;
}

/// What `dyn HttpClient` would be.
trait DynHttpClient {
    fn fetch<'a>(&'a self, url: &'a str) -> Pin<Box<dyn Future<Output = Response> + 'a>>;
}

impl<T: HttpClient> DynHttpClient for Boxing<T> {
    fn fetch<'a>(&'a self, url: &'a str) -> Pin<Box<dyn Future<Output = Response> + 'a>> {
        Box::pin(<T as HttpClient>::fetch(&self.0, url))
    }
}

impl HttpClient for dyn DynHttpClient + '_ {
    async fn fetch(&self, url: &str) -> Response {
        DynHttpClient::fetch(self, url).await
    }
}

impl<T: HttpClient + ?Sized> HttpClient for &T {
    fn fetch(&self, url: &str) -> impl Future<Output = Response> {
        T::fetch(self, url)
    }
}

#[derive(Debug, PartialEq)]
struct Response(String);

trait Greeter {
    async fn greet(&self) -> String;
    async fn part(self) -> String;
}

/// What `dyn Greeter` would be.
trait DynGreeter {
    fn greet(&self) -> Pin<Box<dyn Future<Output = String> + '_>>;
    fn part<'a>(self: Box<Self>) -> Pin<Box<dyn Future<Output = String> + 'a>>
    where
        Self: 'a;
}

impl<T: Greeter> DynGreeter for Boxing<T> {
    fn greet(&self) -> Pin<Box<dyn Future<Output = String> + '_>> {
        Box::pin(<T as Greeter>::greet(&self.0))
    }
    fn part<'a>(self: Box<Self>) -> Pin<Box<dyn Future<Output = String> + 'a>>
    where
        Self: 'a,
    {
        Box::pin(<T as Greeter>::part(self.0))
    }
}

impl Greeter for Box<dyn DynGreeter + '_> {
    fn greet(&self) -> impl Future<Output = String> {
        DynGreeter::greet(&**self)
    }
    fn part(self) -> impl Future<Output = String> {
        DynGreeter::part(self)
    }
}

struct MyCounter(usize);

impl AsyncCounter for MyCounter {
    async fn get_value(&self) -> usize {
        pause().await;
        self.0
    }
    async fn increment_by(&mut self, amount: usize) {
        pause().await;
        self.0 += amount;
    }
}

async fn use_counter(counter: &mut dyn DynAsyncCounter) -> usize {
    counter.increment_by(42).await;
    counter.get_value().await
}

async fn generic(c: &mut (impl AsyncCounter + ?Sized)) -> usize {
    c.increment_by(1).await;
    c.get_value().await
}

struct Echo;

impl HttpClient for Echo {
    async fn fetch(&self, url: &str) -> Response {
        pause().await;
        Response(url.into())
    }
}

impl Greeter for Echo {
    async fn greet(&self) -> String {
        "hello".into()
    }
    async fn part(self) -> String {
        "bye".into()
    }
}

fn main() {
    block_on(async {
        let mut c = MyCounter(1);
        let object: &mut dyn DynAsyncCounter = &mut Boxing(&mut c);
        assert_eq!(use_counter(object).await, 43);
        let mut b: Box<dyn DynAsyncCounter> = Box::new(Boxing(MyCounter(0)));
        assert_eq!(use_counter(&mut *b).await, 42);
        assert_eq!(generic(&mut *b).await, 43);

        let owned: Box<dyn DynHttpClient> = Box::new(Boxing(Echo));
        let shared: std::rc::Rc<dyn DynHttpClient> = std::rc::Rc::new(Boxing(&Echo));
        for c in [&*owned, &*shared] {
            let url = String::from("u");
            assert_eq!(c.fetch(&url).await, Response("u".into()));
        }
        let g: Box<dyn DynGreeter> = Box::new(Boxing(Echo));
        assert_eq!(g.greet().await, "hello");
        assert_eq!(g.part().await, "bye");
    });
}

/// A small executor.
#[allow(dead_code)]
mod rt {
    use std::future::Future;
    use std::pin::Pin;
    use std::sync::Arc;
    use std::task::{Context, Poll, Wake, Waker};

    struct Unpark(std::thread::Thread);
    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }

    pub fn block_on<F: Future>(future: F) -> F::Output {
        let waker = Waker::from(Arc::new(Unpark(std::thread::current())));
        let mut context = Context::from_waker(&waker);
        let mut future = std::pin::pin!(future);
        loop {
            match future.as_mut().poll(&mut context) {
                Poll::Ready(output) => return output,
                Poll::Pending => std::thread::park(),
            }
        }
    }

    /// Pending once, so that a call crosses a suspension.
    pub async fn pause() {
        let mut paused = false;
        std::future::poll_fn(move |context| {
            if std::mem::replace(&mut paused, true) {
                return Poll::Ready(());
            }
            context.waker().wake_by_ref();
            Poll::Pending
        })
        .await
    }

    /// Has the bounds of tokio::spawn.
    pub fn spawn<F>(future: F) -> std::thread::JoinHandle<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        std::thread::spawn(move || block_on(future))
    }

    pub fn assert_send<T: Send>(value: T) -> T {
        value
    }

    pub trait Stream {
        type Item;
        fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>>;
    }
    pub struct Iter<I>(pub I);
    impl<I: Iterator + Unpin> Stream for Iter<I> {
        type Item = I::Item;
        fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<I::Item>> {
            Poll::Ready(self.0.next())
        }
    }
    pub async fn next<S: Stream + ?Sized>(mut stream: Pin<&mut S>) -> Option<S::Item> {
        std::future::poll_fn(|context| stream.as_mut().poll_next(context)).await
    }
}
#[allow(unused_imports)]
use rt::{block_on, pause};
use std::future::Future;
use std::pin::Pin;
