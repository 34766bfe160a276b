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

async fn run(all: &[&dyn Greeter]) -> Vec<String> {
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
