mod clock {
    pub trait Clock {
        async fn now(&self) -> u64;
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
    use super::clock::{Clock, System};
    use std::sync::Arc;

    struct Fake(u64);
    impl Clock for Fake {
        async fn now(&self) -> u64 {
            self.0
        }
    }

    fn clocks() -> Vec<Arc<dyn Clock>> {
        vec![Arc::new(Fake(1)), Arc::new(System)]
    }

    #[test]
    fn works() {
        let sum: u64 = clocks().iter().map(|c| crate::rt::block_on(c.now())).sum();
        assert_eq!(sum, 8);
    }
}
