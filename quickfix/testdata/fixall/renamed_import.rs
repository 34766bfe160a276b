// Edition 2021

mod a {
    pub trait Job {
        async fn run(&self) -> u8;
    }
}
mod b {
    pub trait Job {
        async fn run(&self) -> u8;
        fn name(&self) -> String;
    }
}
use a::Job;
use b::Job as NamedJob;

struct One;
impl Job for One {
    async fn run(&self) -> u8 {
        1
    }
}
impl NamedJob for One {
    async fn run(&self) -> u8 {
        2
    }
    fn name(&self) -> String {
        "one".into()
    }
}

async fn all(jobs: &[Box<dyn Job>], named: &[Box<dyn NamedJob>]) -> (u8, String) {
    let mut sum = 0;
    let mut names = String::new();
    for job in jobs {
        sum += job.run().await;
    }
    for job in named {
        sum += job.run().await;
        names += &job.name();
    }
    (sum, names)
}

fn main() {
    let jobs: Vec<Box<dyn Job>> = vec![Box::new(One), Box::new(One)];
    let named: Vec<Box<dyn NamedJob>> = vec![Box::new(One)];
    assert_eq!(rt::block_on(all(&jobs, &named)), (4, "one".to_string()));
}
