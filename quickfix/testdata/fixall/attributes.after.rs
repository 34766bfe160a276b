#![deny(missing_docs)]
//! Attributes on everything.

/// A client.
#[diagnostic::on_unimplemented(message = "`{Self}` is no client")]
pub trait Client {
    /// Fetches.
    ///
    /// # Errors
    /// Never.
    #[must_use = "the body is lost otherwise"]
    #[doc(alias = "get")]
    async fn fetch(&self, #[allow(unused_variables)] url: &str) -> Result<String, ()>;

    /// Old.
    #[deprecated(since = "1.0", note = "use `fetch`")]
    async fn load(&self, url: &str) -> Result<String, ()> {
        self.fetch(url).await
    }

    /// Is cheap.
    #[must_use]
    #[inline]
    fn ready(&self) -> bool {
        true
    }
}

/// `dyn Client` with boxed futures.
pub type DynClient<'o> = dyn dyn_client::Erased + 'o;
#[doc(hidden)]
pub mod dyn_client {
    use super::Client;
    use std::pin::Pin;

    pub trait Erased {
        fn fetch<'a>(
            &'a self,
            url: &'a str,
        ) -> Pin<Box<dyn Future<Output = Result<String, ()>> + 'a>>;
        fn load<'a>(
            &'a self,
            url: &'a str,
        ) -> Pin<Box<dyn Future<Output = Result<String, ()>> + 'a>>;
        fn ready(&self) -> bool;
    }

    impl<T: Client> Erased for T {
        fn fetch<'a>(
            &'a self,
            url: &'a str,
        ) -> Pin<Box<dyn Future<Output = Result<String, ()>> + 'a>> {
            Box::pin(<T as Client>::fetch(self, url))
        }
        #[allow(deprecated)]
        fn load<'a>(
            &'a self,
            url: &'a str,
        ) -> Pin<Box<dyn Future<Output = Result<String, ()>> + 'a>> {
            Box::pin(<T as Client>::load(self, url))
        }
        fn ready(&self) -> bool {
            <T as Client>::ready(self)
        }
    }

    impl Client for dyn Erased + '_ {
        async fn fetch(&self, url: &str) -> Result<String, ()> {
            Erased::fetch(self, url).await
        }
        #[allow(deprecated)]
        async fn load(&self, url: &str) -> Result<String, ()> {
            Erased::load(self, url).await
        }
        fn ready(&self) -> bool {
            Erased::ready(self)
        }
    }

    impl<T: Client + ?Sized> Client for Box<T> {
        fn fetch(&self, url: &str) -> impl Future<Output = Result<String, ()>> {
            T::fetch(self, url)
        }
        #[allow(deprecated)]
        fn load(&self, url: &str) -> impl Future<Output = Result<String, ()>> {
            T::load(self, url)
        }
        fn ready(&self) -> bool {
            T::ready(self)
        }
    }
}

struct Http;

impl Client for Http {
    async fn fetch(&self, url: &str) -> Result<String, ()> {
        Ok(url.to_uppercase())
    }
}

fn main() {
    let client: &DynClient<'_> = &Http;
    assert!(client.ready());
    assert_eq!(rt::block_on(client.fetch("a")).unwrap(), "A");
    #[allow(deprecated)]
    let old = rt::block_on(client.load("b"));
    assert_eq!(old.unwrap(), "B");
}
