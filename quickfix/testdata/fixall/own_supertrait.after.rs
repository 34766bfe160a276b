pub trait Base {
    fn new() -> Self
    where
        Self: Sized;
    fn kind() -> &'static str;
    fn name(&self) -> String;
}

/// `dyn Base` with boxed futures.
#[allow(dead_code)]
pub type DynBase<'o> = dyn dyn_base::Erased + 'o;
#[doc(hidden)]
pub mod dyn_base {
    use super::Base;

    pub trait Erased {
        fn name(&self) -> String;
    }

    impl<T: Base> Erased for T {
        fn name(&self) -> String {
            <T as Base>::name(self)
        }
    }
}

pub trait Service: Base + Send {
    fn serve(&self, req: &str) -> impl Future<Output = String> + Send;
}

/// `dyn Service` with boxed futures.
pub type DynService<'o> = dyn dyn_service::Erased + 'o;
#[doc(hidden)]
pub mod dyn_service {
    use super::Service;
    use std::pin::Pin;

    pub trait Erased: super::dyn_base::Erased + Send {
        fn serve<'a>(&'a self, req: &'a str) -> Pin<Box<dyn Future<Output = String> + Send + 'a>>;
    }

    impl<T: Service> Erased for T {
        fn serve<'a>(&'a self, req: &'a str) -> Pin<Box<dyn Future<Output = String> + Send + 'a>> {
            Box::pin(<T as Service>::serve(self, req))
        }
    }
}

struct S;
impl Base for S {
    fn new() -> Self {
        S
    }
    fn kind() -> &'static str {
        "s"
    }
    fn name(&self) -> String {
        "S".into()
    }
}
impl Service for S {
    async fn serve(&self, req: &str) -> String {
        format!("{}:{req}", self.name())
    }
}

fn main() {
    let s: Box<DynService<'_>> = Box::new(S::new());
    assert_eq!(rt::block_on(s.serve("x")), "S:x");
    assert_eq!(s.name(), "S");
    assert_eq!(S::kind(), "s");
}
