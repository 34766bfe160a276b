use std::sync::Arc;

trait Cloned: Clone {
    async fn run(&self) -> u8;
    async fn stop(self: Arc<Self>) -> u8;
}

/// `dyn Cloned` with boxed futures.
type DynCloned<'o> = dyn dyn_cloned::Erased + 'o;
#[doc(hidden)]
mod dyn_cloned {
    use super::{Arc, Cloned};
    use std::future::Future;
    use std::pin::Pin;

    pub(super) trait Erased {
        fn run(&self) -> Pin<Box<dyn Future<Output = u8> + '_>>;
        fn stop<'a>(self: Arc<Self>) -> Pin<Box<dyn Future<Output = u8> + 'a>>
        where
            Self: 'a;
    }

    impl<T: Cloned> Erased for T {
        fn run(&self) -> Pin<Box<dyn Future<Output = u8> + '_>> {
            Box::pin(<T as Cloned>::run(self))
        }
        fn stop<'a>(self: Arc<Self>) -> Pin<Box<dyn Future<Output = u8> + 'a>>
        where
            Self: 'a,
        {
            Box::pin(<T as Cloned>::stop(self))
        }
    }
}

mod hashed {
    use std::hash::Hash;
    use std::rc::Rc;

    pub trait Hashed: PartialEq + Hash + Clone {
        async fn run(&self) -> u8;
        async fn stop(self: Rc<Self>) -> u8;
    }

    /// `dyn Hashed` with boxed futures.
    pub type DynHashed<'o> = dyn dyn_hashed::Erased + 'o;
    #[doc(hidden)]
    pub mod dyn_hashed {
        use super::{Hashed, Rc};
        use std::future::Future;
        use std::pin::Pin;

        pub trait Erased {
            fn run(&self) -> Pin<Box<dyn Future<Output = u8> + '_>>;
            fn stop<'a>(self: Rc<Self>) -> Pin<Box<dyn Future<Output = u8> + 'a>>
            where
                Self: 'a;
        }

        impl<T: Hashed> Erased for T {
            fn run(&self) -> Pin<Box<dyn Future<Output = u8> + '_>> {
                Box::pin(<T as Hashed>::run(self))
            }
            fn stop<'a>(self: Rc<Self>) -> Pin<Box<dyn Future<Output = u8> + 'a>>
            where
                Self: 'a,
            {
                Box::pin(<T as Hashed>::stop(self))
            }
        }
    }
}

mod constant {
    use std::sync::Arc;

    pub trait Constant {
        const K: u8 = 3;
        async fn run(&self) -> u8;
        async fn stop(self: Arc<Self>) -> u8;
    }

    /// `dyn Constant` with boxed futures.
    pub type DynConstant<'o> = dyn dyn_constant::Erased + 'o;
    #[doc(hidden)]
    pub mod dyn_constant {
        use super::{Arc, Constant};
        use std::future::Future;
        use std::pin::Pin;

        pub trait Erased {
            fn run(&self) -> Pin<Box<dyn Future<Output = u8> + '_>>;
            fn stop<'a>(self: Arc<Self>) -> Pin<Box<dyn Future<Output = u8> + 'a>>
            where
                Self: 'a;
        }

        impl<T: Constant> Erased for T {
            fn run(&self) -> Pin<Box<dyn Future<Output = u8> + '_>> {
                Box::pin(<T as Constant>::run(self))
            }
            fn stop<'a>(self: Arc<Self>) -> Pin<Box<dyn Future<Output = u8> + 'a>>
            where
                Self: 'a,
            {
                Box::pin(<T as Constant>::stop(self))
            }
        }
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

    /// `dyn Checked` with boxed futures.
    pub type DynChecked<'o> = dyn dyn_checked::Erased + 'o;
    #[doc(hidden)]
    pub mod dyn_checked {
        use super::{Arc, Checked};
        use std::future::Future;
        use std::pin::Pin;

        pub trait Erased {
            fn run(&self) -> Pin<Box<dyn Future<Output = u8> + '_>>;
            fn stop<'a>(self: Arc<Self>) -> Pin<Box<dyn Future<Output = u8> + 'a>>
            where
                Self: 'a;
        }

        impl<T: Checked> Erased for T {
            fn run(&self) -> Pin<Box<dyn Future<Output = u8> + '_>> {
                Box::pin(<T as Checked>::run(self))
            }
            fn stop<'a>(self: Arc<Self>) -> Pin<Box<dyn Future<Output = u8> + 'a>>
            where
                Self: 'a,
            {
                Box::pin(<T as Checked>::stop(self))
            }
        }
    }
}

use checked::{Checked, DynChecked};
use constant::{Constant, DynConstant};
use hashed::{DynHashed, Hashed};
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

async fn cloned(j: Arc<DynCloned<'static>>) -> u8 {
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

async fn hashed(j: Rc<DynHashed<'static>>) -> u8 {
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

async fn constant(j: Arc<DynConstant<'static>>) -> u8 {
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

async fn checked(j: Arc<DynChecked<'static>>) -> u8 {
    j.run().await + j.stop().await
}

fn main() {
    assert_eq!(block_on(cloned(Arc::new(One))), 3);
    assert_eq!(block_on(hashed(Rc::new(One))), 3);
    assert_eq!(block_on(constant(Arc::new(One))), 3);
    assert_eq!(block_on(checked(Arc::new(One))), 3);
    assert_eq!(<One as Constant>::K, 3);
}
