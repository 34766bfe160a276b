mod clock {
    pub trait Clock {
        async fn now(&self) -> u64;
    }

    /// `dyn Clock` with boxed futures.
    #[allow(dead_code)]
    pub type DynClock<'o> = dyn dyn_clock::Erased + 'o;
    #[doc(hidden)]
    pub mod dyn_clock {
        use super::Clock;
        use std::pin::Pin;

        pub trait Erased {
            fn now(&self) -> Pin<Box<dyn Future<Output = u64> + '_>>;
        }

        impl<T: Clock> Erased for T {
            fn now(&self) -> Pin<Box<dyn Future<Output = u64> + '_>> {
                Box::pin(<T as Clock>::now(self))
            }
        }

        impl Clock for dyn Erased + '_ {
            fn now(&self) -> impl Future<Output = u64> {
                Erased::now(self)
            }
        }

        impl<T: Clock + ?Sized> Clock for Box<T> {
            fn now(&self) -> impl Future<Output = u64> {
                T::now(self)
            }
        }
    }
    pub struct System;
    impl Clock for System {
        async fn now(&self) -> u64 {
            7
        }
    }
}

fn main() {
    use clock::Clock;
    assert_eq!(rt::block_on(clock::System.now()), 7);
}

#[cfg(test)]
mod tests {
    use super::clock::{Clock, DynClock, System};
    use std::sync::Arc;

    struct Fake(u64);
    impl Clock for Fake {
        async fn now(&self) -> u64 {
            self.0
        }
    }

    fn clocks() -> Vec<Arc<DynClock<'static>>> {
        vec![Arc::new(Fake(1)), Arc::new(System)]
    }

    #[test]
    fn works() {
        let sum: u64 = clocks().iter().map(|c| crate::rt::block_on(c.now())).sum();
        assert_eq!(sum, 8);
    }
}
