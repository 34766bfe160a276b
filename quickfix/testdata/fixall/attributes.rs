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

struct Http;

impl Client for Http {
    async fn fetch(&self, url: &str) -> Result<String, ()> {
        Ok(url.to_uppercase())
    }
}

fn main() {
    let client: &dyn Client = &Http;
    assert!(client.ready());
    assert_eq!(rt::block_on(client.fetch("a")).unwrap(), "A");
    #[allow(deprecated)]
    let old = rt::block_on(client.load("b"));
    assert_eq!(old.unwrap(), "B");
}
