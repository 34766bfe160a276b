use std::sync::Arc;

/// Objects go from thread to thread.
trait Job: Send + Sync {
    async fn run(&self, times: u32) -> u32;
    async fn twice(&self, name: &str) -> u32 {
        self.run(2).await + name.len() as u32
    }
}

trait Step {
    async fn step(&mut self) -> bool;
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

fn jobs() -> Vec<Arc<dyn Job>> {
    vec![Arc::new(One(1)), Arc::new(One(2))]
}

fn main() {
    let tasks: Vec<_> = jobs()
        .into_iter()
        .map(|job| rt::spawn(async move { job.twice("a").await + job.run(1).await }))
        .collect();
    let sums: Vec<_> = tasks.into_iter().map(|t| t.join().unwrap()).collect();
    assert_eq!(sums, [4, 7]);
    let mut step: Box<dyn Step + Send> = Box::new(One(2));
    let task = rt::spawn(async move { step.step().await });
    assert!(task.join().unwrap());
    block_on(async {});
}
