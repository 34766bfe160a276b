pub trait Base {
    fn new() -> Self
    where
        Self: Sized;
    fn kind() -> &'static str;
    fn name(&self) -> String;
}

pub trait Service: Base + Send {
    async fn serve(&self, req: &str) -> String;
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
    let s: Box<dyn Service> = Box::new(S::new());
    assert_eq!(rt::block_on(s.serve("x")), "S:x");
    assert_eq!(s.name(), "S");
    assert_eq!(S::kind(), "s");
}
