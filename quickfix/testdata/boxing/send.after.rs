use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

/// Boxes the futures of a value's async methods where the value becomes a trait object.
#[derive(Debug)]
pub struct Boxing<T>(pub T);

/// Objects go from thread to thread.
trait Job: Send + Sync {
    fn run(&self, times: u32) -> impl Future<Output = u32> + Send;
    fn twice(&self, name: &str) -> impl Future<Output = u32> + Send {
        async move { self.run(2).await + name.len() as u32 }
    }
}

/// What `dyn Job` would be.
trait DynJob: Send + Sync {
    fn run(&self, times: u32) -> Pin<Box<dyn Future<Output = u32> + Send + '_>>;
    fn twice<'a>(&'a self, name: &'a str) -> Pin<Box<dyn Future<Output = u32> + Send + 'a>>;
}

impl<T: Job> DynJob for Boxing<T> {
    fn run(&self, times: u32) -> Pin<Box<dyn Future<Output = u32> + Send + '_>> {
        Box::pin(<T as Job>::run(&self.0, times))
    }
    fn twice<'a>(&'a self, name: &'a str) -> Pin<Box<dyn Future<Output = u32> + Send + 'a>> {
        Box::pin(<T as Job>::twice(&self.0, name))
    }
}

impl Job for dyn DynJob + '_ {
    fn run(&self, times: u32) -> impl Future<Output = u32> + Send {
        DynJob::run(self, times)
    }
    async fn twice(&self, name: &str) -> u32 {
        DynJob::twice(self, name).await
    }
}

impl<T: Job + ?Sized> Job for &T {
    fn run(&self, times: u32) -> impl Future<Output = u32> + Send {
        T::run(self, times)
    }
    fn twice(&self, name: &str) -> impl Future<Output = u32> + Send {
        T::twice(self, name)
    }
}

trait Step {
    fn step(&mut self) -> impl Future<Output = bool> + Send;
}

/// What `dyn Step` would be.
trait DynStep {
    fn step(&mut self) -> Pin<Box<dyn Future<Output = bool> + Send + '_>>;
}

impl<T: Step> DynStep for Boxing<T> {
    fn step(&mut self) -> Pin<Box<dyn Future<Output = bool> + Send + '_>> {
        Box::pin(<T as Step>::step(&mut self.0))
    }
}

impl Step for dyn DynStep + Send + '_ {
    fn step(&mut self) -> impl Future<Output = bool> + Send {
        DynStep::step(self)
    }
}

impl<T: Step + ?Sized> Step for &mut T {
    fn step(&mut self) -> impl Future<Output = bool> + Send {
        T::step(self)
    }
}

struct One(u32);

impl Job for One {
    async fn run(&self, times: u32) -> u32 {
        pause().await;
        times * self.0
    }
}

impl Step for One {
    async fn step(&mut self) -> bool {
        pause().await;
        self.0 > 1
    }
}

fn jobs() -> Vec<Arc<dyn DynJob>> {
    vec![Arc::new(Boxing(One(1))), Arc::new(Boxing(One(2)))]
}

fn main() {
    let tasks: Vec<_> = jobs()
        .into_iter()
        .map(|job| rt::spawn(async move { job.twice("a").await + job.run(1).await }))
        .collect();
    let sums: Vec<_> = tasks.into_iter().map(|t| t.join().unwrap()).collect();
    assert_eq!(sums, [4, 7]);
    let mut step: Box<dyn DynStep + Send> = Box::new(Boxing(One(2)));
    let task = rt::spawn(async move { step.step().await });
    assert!(task.join().unwrap());
    block_on(async {});
}
