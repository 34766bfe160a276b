//! Nested modules, re-exports, fn bodies, raw identifiers, docs, deprecated, unsafe, cfg'd methods and parameters.
mod net {
    pub mod inner {
        use std::error::Error;
        pub type Res<T> = Result<T, Box<dyn Error + Send + Sync>>;
        /// A client.
        #[allow(async_fn_in_trait)]
        pub trait Client {
            /// Fetches.
            async fn r#match(&self, r#type: &str) -> Res<String>;
            #[deprecated(note = "use match")]
            async fn old(&self) -> u8;
            /// # Safety
            /// None.
            async unsafe fn raw(&self, p: *const u8) -> u8;
            #[cfg(unix)]
            async fn unix(&self) -> u8;
            #[cfg(windows)]
            async fn windows(&self) -> u8;
            async fn start(&mut self, #[cfg(unix)] fds: Option<u8>, n: u8) -> u8;
            fn sized(&self) -> u8
            where
                Self: Sized,
            {
                9
            }
            #[must_use]
            async fn pat(&self, (a, b): (u8, u8)) -> u8
            where
                Self: Sync,
            {
                let _ = b;
                a
            }
        }

        /// `dyn Client` with boxed futures.
        pub type DynClient<'o> = dyn dyn_client::Erased + 'o;
        #[doc(hidden)]
        pub mod dyn_client {
            use super::{Client, Res};
            use std::future::Future;
            use std::pin::Pin;

            pub trait Erased {
                fn r#match<'a>(
                    &'a self,
                    r#type: &'a str,
                ) -> Pin<Box<dyn Future<Output = Res<String>> + 'a>>;
                fn old(&self) -> Pin<Box<dyn Future<Output = u8> + '_>>;
                /// # Safety
                /// Same contract as [`Client::raw`].
                unsafe fn raw(&self, p: *const u8) -> Pin<Box<dyn Future<Output = u8> + '_>>;
                #[cfg(unix)]
                fn unix(&self) -> Pin<Box<dyn Future<Output = u8> + '_>>;
                #[cfg(windows)]
                fn windows(&self) -> Pin<Box<dyn Future<Output = u8> + '_>>;
                #[cfg(unix)]
                fn start(
                    &mut self,
                    fds: Option<u8>,
                    n: u8,
                ) -> Pin<Box<dyn Future<Output = u8> + '_>>;
                #[cfg(not(unix))]
                fn start(&mut self, n: u8) -> Pin<Box<dyn Future<Output = u8> + '_>>;
                fn pat(&self, arg1: (u8, u8)) -> Pin<Box<dyn Future<Output = u8> + '_>>
                where
                    Self: Sync;
            }

            impl<T: Client> Erased for T {
                fn r#match<'a>(
                    &'a self,
                    r#type: &'a str,
                ) -> Pin<Box<dyn Future<Output = Res<String>> + 'a>> {
                    Box::pin(<T as Client>::r#match(self, r#type))
                }
                #[allow(deprecated)]
                fn old(&self) -> Pin<Box<dyn Future<Output = u8> + '_>> {
                    Box::pin(<T as Client>::old(self))
                }
                unsafe fn raw(&self, p: *const u8) -> Pin<Box<dyn Future<Output = u8> + '_>> {
                    // SAFETY: the caller upholds the contract of `Client::raw`.
                    Box::pin(unsafe { <T as Client>::raw(self, p) })
                }
                #[cfg(unix)]
                fn unix(&self) -> Pin<Box<dyn Future<Output = u8> + '_>> {
                    Box::pin(<T as Client>::unix(self))
                }
                #[cfg(windows)]
                fn windows(&self) -> Pin<Box<dyn Future<Output = u8> + '_>> {
                    Box::pin(<T as Client>::windows(self))
                }
                #[cfg(unix)]
                fn start(
                    &mut self,
                    fds: Option<u8>,
                    n: u8,
                ) -> Pin<Box<dyn Future<Output = u8> + '_>> {
                    Box::pin(<T as Client>::start(self, fds, n))
                }
                #[cfg(not(unix))]
                fn start(&mut self, n: u8) -> Pin<Box<dyn Future<Output = u8> + '_>> {
                    Box::pin(<T as Client>::start(self, n))
                }
                fn pat(&self, arg1: (u8, u8)) -> Pin<Box<dyn Future<Output = u8> + '_>>
                where
                    Self: Sync,
                {
                    Box::pin(<T as Client>::pat(self, arg1))
                }
            }

            impl Client for dyn Erased + '_ {
                async fn r#match(&self, r#type: &str) -> Res<String> {
                    Erased::r#match(self, r#type).await
                }
                #[allow(deprecated)]
                fn old(&self) -> impl Future<Output = u8> {
                    Erased::old(self)
                }
                unsafe fn raw(&self, p: *const u8) -> impl Future<Output = u8> {
                    // SAFETY: the caller upholds the contract of `Client::raw`.
                    unsafe { Erased::raw(self, p) }
                }
                #[cfg(unix)]
                fn unix(&self) -> impl Future<Output = u8> {
                    Erased::unix(self)
                }
                #[cfg(windows)]
                fn windows(&self) -> impl Future<Output = u8> {
                    Erased::windows(self)
                }
                #[cfg(unix)]
                fn start(&mut self, fds: Option<u8>, n: u8) -> impl Future<Output = u8> {
                    Erased::start(self, fds, n)
                }
                #[cfg(not(unix))]
                fn start(&mut self, n: u8) -> impl Future<Output = u8> {
                    Erased::start(self, n)
                }
                fn pat(&self, arg1: (u8, u8)) -> impl Future<Output = u8>
                where
                    Self: Sync,
                {
                    Erased::pat(self, arg1)
                }
            }

            impl<T: Client + ?Sized> Client for Box<T> {
                fn r#match(&self, r#type: &str) -> impl Future<Output = Res<String>> {
                    T::r#match(self, r#type)
                }
                #[allow(deprecated)]
                fn old(&self) -> impl Future<Output = u8> {
                    T::old(self)
                }
                unsafe fn raw(&self, p: *const u8) -> impl Future<Output = u8> {
                    // SAFETY: the caller upholds the contract of `Client::raw`.
                    unsafe { T::raw(self, p) }
                }
                #[cfg(unix)]
                fn unix(&self) -> impl Future<Output = u8> {
                    T::unix(self)
                }
                #[cfg(windows)]
                fn windows(&self) -> impl Future<Output = u8> {
                    T::windows(self)
                }
                #[cfg(unix)]
                fn start(&mut self, fds: Option<u8>, n: u8) -> impl Future<Output = u8> {
                    T::start(self, fds, n)
                }
                #[cfg(not(unix))]
                fn start(&mut self, n: u8) -> impl Future<Output = u8> {
                    T::start(self, n)
                }
            }
        }
    }
    pub use inner::{Client, DynClient, Res};
}
mod prelude {
    pub use super::net::*;
}
use prelude::*;

struct C;
impl Client for C {
    async fn r#match(&self, r#type: &str) -> Res<String> {
        Ok(r#type.to_owned())
    }
    async fn old(&self) -> u8 {
        1
    }
    async unsafe fn raw(&self, p: *const u8) -> u8 {
        unsafe { *p }
    }
    #[cfg(unix)]
    async fn unix(&self) -> u8 {
        3
    }
    #[cfg(windows)]
    async fn windows(&self) -> u8 {
        3
    }
    async fn start(&mut self, #[cfg(unix)] fds: Option<u8>, n: u8) -> u8 {
        #[cfg(unix)]
        let n = n + fds.unwrap_or(0);
        n
    }
}

fn main() {
    rt::block_on(async {
        let mut c: Box<DynClient<'_>> = Box::new(C);
        assert_eq!(c.r#match("x").await.unwrap(), "x");
        #[allow(deprecated)]
        let o = c.old().await;
        assert_eq!(o, 1);
        let b = 7u8;
        assert_eq!(unsafe { c.raw(&b).await }, 7);
        #[cfg(unix)]
        assert_eq!(c.unix().await + C.sized() + C.pat((1, 2)).await, 13);
        #[cfg(unix)]
        assert_eq!(c.start(Some(2), 3).await, 5);
        #[cfg(not(unix))]
        assert_eq!(c.start(3).await, 3);
        fn inner(c: &dyn crate::net::inner::dyn_client::Erased) -> &net::DynClient<'_> {
            c
        }
        let k = |c: &DynClient<'_>| c.ish();
        assert_eq!(k(&C) + inner(&C).ish(), 2);
    });
}
trait Ish {
    fn ish(&self) -> u8;
}
impl Ish for DynClient<'_> {
    fn ish(&self) -> u8 {
        #[allow(deprecated)]
        block_on(self.old())
    }
}
