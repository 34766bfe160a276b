//! Modules behind features and platforms, as runtimes are written.

#![cfg_attr(docsrs, feature(doc_cfg))]

#[macro_use]
mod macros;

cfg_rt! {
    pub mod task;
    pub use task::{spawn, JoinHandle};

    mod blocking {
        pub struct Pool {
            threads: usize,
        }

        impl Pool {
            pub fn new(threads: usize) -> Pool {
                Pool { threads }
            }
        }
    }
}

cfg_if::cfg_if! {
    if #[cfg(unix)] {
        mod unix;
        use unix as sys;
    } else if #[cfg(windows)] {
        mod windows;
        use windows as sys;
    } else {
        compile_error!("this platform is not supported");
    }
}

thread_local! {
    static CURRENT: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

extern "C" {
    fn getpid() -> i32;
    static environ: *const *const u8;
}

pub mod park {
    use super::sys;

    /// Puts threads to sleep.
    pub unsafe trait Park {
        type Unpark: Unpark;

        fn unpark(&self) -> Self::Unpark;

        fn park(&mut self);
    }

    pub trait Unpark: Sync + Send + 'static {
        fn unpark(&self);
    }

    impl Unpark for Box<dyn Unpark> {
        fn unpark(&self) {
            (**self).unpark()
        }
    }

    impl Unpark for std::sync::Arc<dyn Unpark> {
        fn unpark(&self) {
            (**self).unpark()
        }
    }

    pub struct Thread {
        inner: sys::Thread,
    }

    unsafe impl Park for Thread {
        type Unpark = Box<dyn Unpark>;

        fn unpark(&self) -> Self::Unpark {
            Box::new(self.inner.handle())
        }

        fn park(&mut self) {
            loop {
                if self.inner.wait() {
                    break;
                }
            }
        }
    }
}

pub union Slot {
    next: u32,
    value: u64,
}

#[repr(C)]
pub struct Header<const N: usize> {
    state: [u8; N],
    vtable: &'static Vtable,
}

pub struct Vtable {
    pub poll: unsafe fn(*mut ()),
    pub drop: unsafe extern "C" fn(*mut ()),
}

impl<const N: usize> Header<N> {
    pub const SIZE: usize = {
        const EXTRA: usize = 8;
        N + EXTRA
    };

    pub const fn new(vtable: &'static Vtable) -> Header<N> {
        Header { state: [0; N], vtable }
    }

    pub unsafe fn poll(&mut self) {
        unsafe { (self.vtable.poll)(self as *mut _ as *mut ()) }
    }
}

/// Runs a future on this thread.
///
/// ```
/// fn example() {}
/// ```
pub fn block_on<F>(future: F) -> F::Output
where
    F: std::future::Future,
{
    let mut future = std::pin::pin!(future);
    let waker = noop();
    let mut context = std::task::Context::from_waker(&waker);
    loop {
        match future.as_mut().poll(&mut context) {
            std::task::Poll::Ready(output) => return output,
            std::task::Poll::Pending => std::thread::yield_now(),
        }
    }
}

fn noop() -> std::task::Waker {
    use std::sync::Arc;
    use std::task::Wake;

    struct Noop;

    impl Wake for Noop {
        fn wake(self: Arc<Self>) {}
    }

    Arc::new(Noop).into()
}

pub(crate) fn id() -> i32 {
    let id = unsafe { getpid() };
    let name = format!("{}-{}", "worker", id);
    tracing::info!(name = %name, "started {{}}");
    id
}

pub macro assert_parked($thread:expr) {
    assert!($thread.parked(), "not parked")
}
