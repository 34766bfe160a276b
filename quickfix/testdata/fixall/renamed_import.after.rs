// Edition 2021

mod a {
    pub trait Job {
        async fn run(&self) -> u8;
    }

    /// `dyn Job` with boxed futures.
    pub type DynJob<'o> = dyn dyn_job::Erased + 'o;
    #[doc(hidden)]
    pub mod dyn_job {
        use super::Job;
        use std::future::Future;
        use std::pin::Pin;

        pub trait Erased {
            fn run(&self) -> Pin<Box<dyn Future<Output = u8> + '_>>;
        }

        impl<T: Job> Erased for T {
            fn run(&self) -> Pin<Box<dyn Future<Output = u8> + '_>> {
                Box::pin(<T as Job>::run(self))
            }
        }

        impl Job for dyn Erased + '_ {
            fn run(&self) -> impl Future<Output = u8> {
                Erased::run(self)
            }
        }

        impl<T: Job + ?Sized> Job for Box<T> {
            fn run(&self) -> impl Future<Output = u8> {
                T::run(self)
            }
        }
    }
}
mod b {
    pub trait Job {
        async fn run(&self) -> u8;
        fn name(&self) -> String;
    }

    /// `dyn Job` with boxed futures.
    pub type DynJob<'o> = dyn dyn_job::Erased + 'o;
    #[doc(hidden)]
    pub mod dyn_job {
        use super::Job;
        use std::future::Future;
        use std::pin::Pin;

        pub trait Erased {
            fn run(&self) -> Pin<Box<dyn Future<Output = u8> + '_>>;
            fn name(&self) -> String;
        }

        impl<T: Job> Erased for T {
            fn run(&self) -> Pin<Box<dyn Future<Output = u8> + '_>> {
                Box::pin(<T as Job>::run(self))
            }
            fn name(&self) -> String {
                <T as Job>::name(self)
            }
        }

        impl Job for dyn Erased + '_ {
            fn run(&self) -> impl Future<Output = u8> {
                Erased::run(self)
            }
            fn name(&self) -> String {
                Erased::name(self)
            }
        }

        impl<T: Job + ?Sized> Job for Box<T> {
            fn run(&self) -> impl Future<Output = u8> {
                T::run(self)
            }
            fn name(&self) -> String {
                T::name(self)
            }
        }
    }
}
use a::{DynJob, Job};
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

async fn all(
    jobs: &[Box<DynJob<'static>>],
    named: &[Box<crate::b::DynJob<'static>>],
) -> (u8, String) {
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
    let jobs: Vec<Box<DynJob<'_>>> = vec![Box::new(One), Box::new(One)];
    let named: Vec<Box<crate::b::DynJob<'_>>> = vec![Box::new(One)];
    assert_eq!(rt::block_on(all(&jobs, &named)), (4, "one".to_string()));
}
