use std::alloc::{GlobalAlloc, Layout, System};
use std::future::Future;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

pub trait HttpClient: Send + Sync {
    fn fetch(&self, url: &str) -> impl Future<Output = usize> + Send;
    fn ping(&self) -> impl Future<Output = u8> + Send;
    fn name(&self) -> String {
        "default".into()
    }
}

/// `dyn HttpClient` with boxed futures.
pub type DynHttpClient<'o> = dyn dyn_http_client::Erased + 'o;
#[doc(hidden)]
pub mod dyn_http_client {
    use super::HttpClient;
    use std::future::Future;
    use std::pin::Pin;

    pub trait Erased: Send + Sync {
        fn fetch<'a>(&'a self, url: &'a str) -> Pin<Box<dyn Future<Output = usize> + Send + 'a>>;
        fn ping(&self) -> Pin<Box<dyn Future<Output = u8> + Send + '_>>;
        fn name(&self) -> String;
    }

    impl<T: HttpClient> Erased for T {
        fn fetch<'a>(&'a self, url: &'a str) -> Pin<Box<dyn Future<Output = usize> + Send + 'a>> {
            Box::pin(<T as HttpClient>::fetch(self, url))
        }
        fn ping(&self) -> Pin<Box<dyn Future<Output = u8> + Send + '_>> {
            Box::pin(<T as HttpClient>::ping(self))
        }
        fn name(&self) -> String {
            <T as HttpClient>::name(self)
        }
    }

    impl HttpClient for dyn Erased + '_ {
        async fn fetch(&self, url: &str) -> usize {
            Erased::fetch(self, url).await
        }
        fn ping(&self) -> impl Future<Output = u8> + Send {
            Erased::ping(self)
        }
        fn name(&self) -> String {
            Erased::name(self)
        }
    }

    impl<T: HttpClient + ?Sized> HttpClient for Box<T> {
        fn fetch(&self, url: &str) -> impl Future<Output = usize> + Send {
            T::fetch(self, url)
        }
        fn ping(&self) -> impl Future<Output = u8> + Send {
            T::ping(self)
        }
        fn name(&self) -> String {
            T::name(self)
        }
    }
}

struct Echo(u8);

impl HttpClient for Echo {
    async fn fetch(&self, url: &str) -> usize {
        pause().await;
        url.len() + self.0 as usize
    }
    async fn ping(&self) -> u8 {
        pause().await;
        self.0
    }
    fn name(&self) -> String {
        "echo".into()
    }
}

async fn by_ref(c: &DynHttpClient<'_>) -> usize {
    c.fetch("ab").await
}

async fn by_box(c: &Box<DynHttpClient<'static>>) -> usize {
    c.fetch("ab").await
}

async fn generic(c: &(impl HttpClient + ?Sized)) -> usize {
    c.fetch("ab").await + c.ping().await as usize
}

struct Count;

static N: AtomicUsize = AtomicUsize::new(0);

// SAFETY: forwards to the system allocator.
unsafe impl GlobalAlloc for Count {
    unsafe fn alloc(&self, l: Layout) -> *mut u8 {
        N.fetch_add(1, Relaxed);
        // SAFETY: same contract.
        unsafe { System.alloc(l) }
    }
    unsafe fn dealloc(&self, p: *mut u8, l: Layout) {
        // SAFETY: same contract.
        unsafe { System.dealloc(p, l) }
    }
}

#[global_allocator]
static GLOBAL: Count = Count;

fn allocs<F: Future>(mk: impl FnOnce() -> F) -> usize {
    block_on(std::future::ready(())); // warm up
    let before = N.load(Relaxed);
    block_on(mk());
    let waker = 1; // block_on allocates its Arc<Waker>
    N.load(Relaxed) - before - waker
}

fn main() {
    let e = Echo(1);
    let b: Box<DynHttpClient<'_>> = Box::new(Echo(1));
    let bc = Box::new(Echo(1));
    assert_eq!(allocs(|| generic(&e)), 0); // static dispatch: untouched
    assert_eq!(allocs(|| generic(&bc)), 0); // Box<Concrete> stays static
    assert_eq!(allocs(|| by_ref(&*b)), 1); // one box per dyn call
    assert_eq!(allocs(|| by_ref(&e)), 1); // coercion at the call
    assert_eq!(allocs(|| by_box(&b)), 1);
    assert_eq!(allocs(|| generic(&*b)), 2); // two calls
    assert_eq!(allocs(|| generic(&b)), 2); // through the Box bridge: still one per call
    assert_eq!(allocs(|| dyn_http_client::Erased::fetch(&b, "ab")), 2);
    assert_eq!(b.name(), "echo");
    assert_eq!(
        rt::spawn(async move { b.fetch("abc").await })
            .join()
            .unwrap(),
        4
    );
}
