use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

/// Objects go from thread to thread.
trait Job: Send + Sync {
    fn run(&self, times: u32) -> impl Future<Output = u32> + Send;
    fn twice(&self, name: &str) -> impl Future<Output = u32> + Send {
        async move { self.run(2).await + name.len() as u32 }
    }
}

/// What `dyn Job` would be.
trait BoxedJob: Send + Sync {
    fn run(&self, times: u32) -> Pin<Box<dyn Future<Output = u32> + Send + '_>>;
    fn twice<'a>(&'a self, name: &'a str) -> Pin<Box<dyn Future<Output = u32> + Send + 'a>>;
}

/// Makes any [`Job`] usable as `dyn BoxedJob`.
struct DynSafeJob<T>(T);

impl<T: Job> BoxedJob for DynSafeJob<T> {
    fn run(&self, times: u32) -> Pin<Box<dyn Future<Output = u32> + Send + '_>> {
        Box::pin(<T as Job>::run(&self.0, times))
    }
    fn twice<'a>(&'a self, name: &'a str) -> Pin<Box<dyn Future<Output = u32> + Send + 'a>> {
        Box::pin(<T as Job>::twice(&self.0, name))
    }
}

impl Job for dyn BoxedJob + '_ {
    fn run(&self, times: u32) -> impl Future<Output = u32> + Send {
        BoxedJob::run(self, times)
    }
    async fn twice(&self, name: &str) -> u32 {
        BoxedJob::twice(self, name).await
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
trait BoxedStep {
    fn step(&mut self) -> Pin<Box<dyn Future<Output = bool> + Send + '_>>;
}

/// Makes any [`Step`] usable as `dyn BoxedStep`.
struct DynSafeStep<T>(T);

impl<T: Step> BoxedStep for DynSafeStep<T> {
    fn step(&mut self) -> Pin<Box<dyn Future<Output = bool> + Send + '_>> {
        Box::pin(<T as Step>::step(&mut self.0))
    }
}

impl Step for dyn BoxedStep + Send + '_ {
    fn step(&mut self) -> impl Future<Output = bool> + Send {
        BoxedStep::step(self)
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

fn jobs() -> Vec<Arc<dyn BoxedJob>> {
    vec![Arc::new(DynSafeJob(One(1))), Arc::new(DynSafeJob(One(2)))]
}

fn main() {
    let tasks: Vec<_> = jobs()
        .into_iter()
        .map(|job| rt::spawn(async move { job.twice("a").await + job.run(1).await }))
        .collect();
    let sums: Vec<_> = tasks.into_iter().map(|t| t.join().unwrap()).collect();
    assert_eq!(sums, [4, 7]);
    let mut step: Box<dyn BoxedStep + Send> = Box::new(DynSafeStep(One(2)));
    let task = rt::spawn(async move { step.step().await });
    assert!(task.join().unwrap());
    block_on(async {});
}
