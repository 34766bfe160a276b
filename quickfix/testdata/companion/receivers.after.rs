use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;

trait Job {
    async fn finish(self) -> u32;
    async fn peek(&self) -> u32;
    async fn bump(&mut self);
}

/// `dyn Job` with boxed futures.
type DynJob<'o> = dyn dyn_job::Erased + 'o;
#[doc(hidden)]
mod dyn_job {
    use super::Job;
    use std::future::Future;
    use std::pin::Pin;

    pub(super) trait Erased {
        fn finish<'a>(self: Box<Self>) -> Pin<Box<dyn Future<Output = u32> + 'a>>
        where
            Self: 'a;
        fn peek(&self) -> Pin<Box<dyn Future<Output = u32> + '_>>;
        fn bump(&mut self) -> Pin<Box<dyn Future<Output = ()> + '_>>;
    }

    impl<T: Job> Erased for T {
        fn finish<'a>(self: Box<Self>) -> Pin<Box<dyn Future<Output = u32> + 'a>>
        where
            Self: 'a,
        {
            Box::pin(<T as Job>::finish(*self))
        }
        fn peek(&self) -> Pin<Box<dyn Future<Output = u32> + '_>> {
            Box::pin(<T as Job>::peek(self))
        }
        fn bump(&mut self) -> Pin<Box<dyn Future<Output = ()> + '_>> {
            Box::pin(<T as Job>::bump(self))
        }
    }

    impl Job for Box<dyn Erased + '_> {
        fn finish(self) -> impl Future<Output = u32> {
            Erased::finish(self)
        }
        fn peek(&self) -> impl Future<Output = u32> {
            Erased::peek(&**self)
        }
        fn bump(&mut self) -> impl Future<Output = ()> {
            Erased::bump(&mut **self)
        }
    }
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

/// `dyn Actor` with boxed futures.
type DynActor<'o> = dyn dyn_actor::Erased + 'o;
#[doc(hidden)]
mod dyn_actor {
    use super::{Actor, Arc, Rc};
    use std::future::Future;
    use std::pin::Pin;

    pub(super) trait Erased {
        fn run<'a>(self: Arc<Self>) -> Pin<Box<dyn Future<Output = u32> + 'a>>
        where
            Self: 'a;
        fn step<'a>(self: Rc<Self>, by: &'a u32) -> Pin<Box<dyn Future<Output = u32> + 'a>>
        where
            Self: 'a;
        fn consume<'a>(self: Box<Self>) -> Pin<Box<dyn Future<Output = u32> + 'a>>
        where
            Self: 'a;
        fn poke(self: Pin<&mut Self>) -> Pin<Box<dyn Future<Output = u32> + '_>>;
    }

    impl<T: Actor> Erased for T {
        fn run<'a>(self: Arc<Self>) -> Pin<Box<dyn Future<Output = u32> + 'a>>
        where
            Self: 'a,
        {
            Box::pin(<T as Actor>::run(self))
        }
        fn step<'a>(self: Rc<Self>, by: &'a u32) -> Pin<Box<dyn Future<Output = u32> + 'a>>
        where
            Self: 'a,
        {
            Box::pin(<T as Actor>::step(self, by))
        }
        fn consume<'a>(self: Box<Self>) -> Pin<Box<dyn Future<Output = u32> + 'a>>
        where
            Self: 'a,
        {
            Box::pin(<T as Actor>::consume(self))
        }
        fn poke(self: Pin<&mut Self>) -> Pin<Box<dyn Future<Output = u32> + '_>> {
            Box::pin(<T as Actor>::poke(self))
        }
    }

    impl Actor for dyn Erased + '_ {
        fn run(self: Arc<Self>) -> impl Future<Output = u32> {
            Erased::run(self)
        }
        async fn step(self: Rc<Self>, by: &u32) -> u32 {
            Erased::step(self, by).await
        }
        fn consume(self: Box<Self>) -> impl Future<Output = u32> {
            Erased::consume(self)
        }
        fn poke(self: Pin<&mut Self>) -> impl Future<Output = u32> {
            Erased::poke(self)
        }
    }
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
        let b: Box<DynJob<'_>> = Box::new(J(0));
        assert_eq!(drive(b).await, 21);
        let b: Box<DynJob<'_>> = Box::new(J(5));
        assert_eq!(b.finish().await, 6); // call site keeps the native name through `Job for Box<dyn Job>`

        let s = String::from("abc"); // non-'static object
        let a: Arc<DynActor<'_>> = Arc::new(A(&s));
        assert_eq!(a.clone().run().await, 3);
        let r: Rc<DynActor<'_>> = Rc::new(A(&s));
        assert_eq!(r.step(&4).await, 7);
        let b: Box<DynActor<'_>> = Box::new(A(&s));
        assert_eq!(b.consume().await, 6);
        let mut p: Pin<Box<DynActor<'_>>> = Box::pin(A(&s));
        assert_eq!(p.as_mut().poke().await, 9);
        assert_eq!(A::create().await.0, "new");
        assert_eq!(Arc::new(A("x")).share().await, 1);
    });
}
