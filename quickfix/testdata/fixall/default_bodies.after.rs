pub trait Greeter {
    fn name(&self) -> String;
    async fn greet(&self) -> String {
        format!("hello {}", self.name())
    }
    async fn greet_all<I: IntoIterator<Item = String>>(&self, others: I) -> Vec<String> {
        let mut out = vec![self.greet().await];
        out.extend(others);
        out
    }
}

/// `dyn Greeter` with boxed futures.
pub type DynGreeter<'o> = dyn dyn_greeter::Erased + 'o;
#[doc(hidden)]
pub mod dyn_greeter {
    use super::Greeter;
    use std::pin::Pin;

    pub trait Erased {
        fn name(&self) -> String;
        fn greet(&self) -> Pin<Box<dyn Future<Output = String> + '_>>;
    }

    impl<T: Greeter> Erased for T {
        fn name(&self) -> String {
            <T as Greeter>::name(self)
        }
        fn greet(&self) -> Pin<Box<dyn Future<Output = String> + '_>> {
            Box::pin(<T as Greeter>::greet(self))
        }
    }

    impl Greeter for dyn Erased + '_ {
        fn name(&self) -> String {
            Erased::name(self)
        }
        fn greet(&self) -> impl Future<Output = String> {
            Erased::greet(self)
        }
    }
}

struct A;
impl Greeter for A {
    fn name(&self) -> String {
        "a".into()
    }
}
struct B;
impl Greeter for B {
    fn name(&self) -> String {
        "b".into()
    }
    async fn greet(&self) -> String {
        "b!".into()
    }
}

async fn run(all: &[&DynGreeter<'_>]) -> Vec<String> {
    let mut out = Vec::new();
    for g in all {
        out.push(g.greet().await);
        out.extend(g.greet_all(vec!["x".to_string()]).await);
    }
    out
}

fn main() {
    assert_eq!(
        rt::block_on(run(&[&A, &B])),
        ["hello a", "hello a", "x", "b!", "b!", "x"]
    );
}
