use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;

trait Job {
    async fn finish(self) -> u32;
    async fn peek(&self) -> u32;
    async fn bump(&mut self);
}

trait Actor {
    async fn run(self: Arc<Self>) -> u32;
    async fn step(self: Rc<Self>, by: &u32) -> u32;
    async fn consume(self: Box<Self>) -> u32;
    async fn poke(self: Pin<&mut Self>) -> u32;
    async fn share(self: &Arc<Self>) -> u32
    where
        Self: Sized; // `&Arc<Self>` is not dispatchable
    async fn create() -> Self
    where
        Self: Sized; // no receiver: not dispatchable
}

struct J(u32);

impl Job for J {
    async fn finish(mut self) -> u32 {
        pause().await;
        self.0 += 1;
        self.0
    }
    async fn peek(&self) -> u32 {
        pause().await;
        self.0
    }
    async fn bump(&mut self) {
        pause().await;
        self.0 += 10;
    }
}

async fn drive(mut j: impl Job) -> u32 {
    j.bump().await;
    j.peek().await + j.finish().await
}

#[derive(Clone)]
struct A<'x>(&'x str);

impl Actor for A<'_> {
    async fn run(self: Arc<Self>) -> u32 {
        pause().await;
        self.0.len() as u32
    }
    async fn step(self: Rc<Self>, by: &u32) -> u32 {
        pause().await;
        self.0.len() as u32 + by
    }
    async fn consume(self: Box<Self>) -> u32 {
        pause().await;
        self.0.len() as u32 * 2
    }
    async fn poke(self: Pin<&mut Self>) -> u32 {
        pause().await;
        self.0.len() as u32 * 3
    }
    async fn share(self: &Arc<Self>) -> u32 {
        pause().await;
        Arc::strong_count(self) as u32
    }
    async fn create() -> Self {
        A("new")
    }
}

fn main() {
    block_on(async {
        let b: Box<dyn Job> = Box::new(J(0));
        assert_eq!(drive(b).await, 21);
        let b: Box<dyn Job> = Box::new(J(5));
        assert_eq!(b.finish().await, 6); // call site keeps the native name through `Job for Box<dyn Job>`

        let s = String::from("abc"); // non-'static object
        let a: Arc<dyn Actor + '_> = Arc::new(A(&s));
        assert_eq!(a.clone().run().await, 3);
        let r: Rc<dyn Actor + '_> = Rc::new(A(&s));
        assert_eq!(r.step(&4).await, 7);
        let b: Box<dyn Actor + '_> = Box::new(A(&s));
        assert_eq!(b.consume().await, 6);
        let mut p: Pin<Box<dyn Actor + '_>> = Box::pin(A(&s));
        assert_eq!(p.as_mut().poke().await, 9);
        assert_eq!(A::create().await.0, "new");
        assert_eq!(Arc::new(A("x")).share().await, 1);
    });
}
