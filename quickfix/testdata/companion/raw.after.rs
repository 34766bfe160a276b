//! Names that are keywords: the trait's own, and those in its signatures.

#[allow(non_camel_case_types)]
pub struct r#struct(pub u8);

#[allow(non_camel_case_types)]
pub trait r#async {
    async fn r#yield(&self, r#in: r#struct) -> r#struct;
}

/// `dyn r#async` with boxed futures.
pub type DynAsync<'o> = dyn dyn_async::Erased + 'o;
#[doc(hidden)]
pub mod dyn_async {
    use super::{r#async, r#struct};
    use std::future::Future;
    use std::pin::Pin;

    pub trait Erased {
        fn r#yield(&self, r#in: r#struct) -> Pin<Box<dyn Future<Output = r#struct> + '_>>;
    }

    impl<T: r#async> Erased for T {
        fn r#yield(&self, r#in: r#struct) -> Pin<Box<dyn Future<Output = r#struct> + '_>> {
            Box::pin(<T as r#async>::r#yield(self, r#in))
        }
    }

    impl r#async for dyn Erased + '_ {
        fn r#yield(&self, r#in: r#struct) -> impl Future<Output = r#struct> {
            Erased::r#yield(self, r#in)
        }
    }

    impl<T: r#async + ?Sized> r#async for Box<T> {
        fn r#yield(&self, r#in: r#struct) -> impl Future<Output = r#struct> {
            T::r#yield(self, r#in)
        }
    }
}

pub struct Real;

impl r#async for Real {
    async fn r#yield(&self, r#in: r#struct) -> r#struct {
        r#struct(r#in.0 + 1)
    }
}

async fn call(x: &DynAsync<'_>) -> u8 {
    x.r#yield(r#struct(1)).await.0
}

fn main() {
    assert_eq!(rt::block_on(call(&Real)), 2);
}
