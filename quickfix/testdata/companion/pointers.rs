use std::sync::Arc;

trait Cloned: Clone {
    async fn run(&self) -> u8;
    async fn stop(self: Arc<Self>) -> u8;
}

mod hashed {
    use std::hash::Hash;
    use std::rc::Rc;

    pub trait Hashed: PartialEq + Hash + Clone {
        async fn run(&self) -> u8;
        async fn stop(self: Rc<Self>) -> u8;
    }
}

mod constant {
    use std::sync::Arc;

    pub trait Constant {
        const K: u8 = 3;
        async fn run(&self) -> u8;
        async fn stop(self: Arc<Self>) -> u8;
    }
}

mod checked {
    use std::sync::Arc;

    /// # Safety
    /// None is needed.
    pub unsafe trait Checked {
        async fn run(&self) -> u8;
        async fn stop(self: Arc<Self>) -> u8;
    }
}

use checked::Checked;
use constant::Constant;
use hashed::Hashed;
use std::rc::Rc;

#[derive(Clone, PartialEq, Hash)]
struct One;

impl Cloned for One {
    async fn run(&self) -> u8 {
        pause().await;
        1
    }
    async fn stop(self: Arc<Self>) -> u8 {
        2
    }
}

async fn cloned(j: Arc<dyn Cloned>) -> u8 {
    j.run().await + j.stop().await
}

impl Hashed for One {
    async fn run(&self) -> u8 {
        pause().await;
        1
    }
    async fn stop(self: Rc<Self>) -> u8 {
        2
    }
}

async fn hashed(j: Rc<dyn Hashed>) -> u8 {
    j.run().await + j.stop().await
}

impl Constant for One {
    async fn run(&self) -> u8 {
        pause().await;
        1
    }
    async fn stop(self: Arc<Self>) -> u8 {
        2
    }
}

async fn constant(j: Arc<dyn Constant>) -> u8 {
    j.run().await + j.stop().await
}

unsafe impl Checked for One {
    async fn run(&self) -> u8 {
        pause().await;
        1
    }
    async fn stop(self: Arc<Self>) -> u8 {
        2
    }
}

async fn checked(j: Arc<dyn Checked>) -> u8 {
    j.run().await + j.stop().await
}

fn main() {
    assert_eq!(block_on(cloned(Arc::new(One))), 3);
    assert_eq!(block_on(hashed(Rc::new(One))), 3);
    assert_eq!(block_on(constant(Arc::new(One))), 3);
    assert_eq!(block_on(checked(Arc::new(One))), 3);
    assert_eq!(<One as Constant>::K, 3);
}
