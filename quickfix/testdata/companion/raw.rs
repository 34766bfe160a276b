//! Names that are keywords: the trait's own, and those in its signatures.

#[allow(non_camel_case_types)]
pub struct r#struct(pub u8);

#[allow(non_camel_case_types)]
pub trait r#async {
    async fn r#yield(&self, r#in: r#struct) -> r#struct;
}

pub struct Real;

impl r#async for Real {
    async fn r#yield(&self, r#in: r#struct) -> r#struct {
        r#struct(r#in.0 + 1)
    }
}

async fn call(x: &dyn r#async) -> u8 {
    x.r#yield(r#struct(1)).await.0
}

fn main() {
    assert_eq!(rt::block_on(call(&Real)), 2);
}
