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
    }
    pub use inner::{Client, Res};
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
        let mut c: Box<dyn Client> = Box::new(C);
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
        fn inner(c: &dyn net::inner::Client) -> &dyn net::Client {
            c
        }
        let k = |c: &dyn Client| c.ish();
        assert_eq!(k(&C) + inner(&C).ish(), 2);
    });
}
trait Ish {
    fn ish(&self) -> u8;
}
impl Ish for dyn Client + '_ {
    fn ish(&self) -> u8 {
        #[allow(deprecated)]
        block_on(self.old())
    }
}
