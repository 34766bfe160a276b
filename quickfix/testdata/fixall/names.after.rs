mod pin {
    pub struct Pin(pub u8);
}
use pin::Pin;

#[derive(Debug, PartialEq)]
pub struct Future(u8);
pub type Result<T> = std::result::Result<T, String>;

pub trait Board {
    async fn set(&mut self, pin: Pin) -> Result<Future>;
}

/// `dyn Board` with boxed futures.
pub type DynBoard<'o> = dyn dyn_board::Erased + 'o;
#[doc(hidden)]
pub mod dyn_board {
    use super::{Board, Future, Pin, Result};

    pub trait Erased {
        fn set(
            &mut self,
            pin: Pin,
        ) -> std::pin::Pin<Box<dyn std::future::Future<Output = Result<Future>> + '_>>;
    }

    impl<T: Board> Erased for T {
        fn set(
            &mut self,
            pin: Pin,
        ) -> std::pin::Pin<Box<dyn std::future::Future<Output = Result<Future>> + '_>> {
            Box::pin(<T as Board>::set(self, pin))
        }
    }

    impl Board for dyn Erased + '_ {
        fn set(&mut self, pin: Pin) -> impl std::future::Future<Output = Result<Future>> {
            Erased::set(self, pin)
        }
    }

    impl<T: Board + ?Sized> Board for Box<T> {
        fn set(&mut self, pin: Pin) -> impl std::future::Future<Output = Result<Future>> {
            T::set(self, pin)
        }
    }
}

struct B;
impl Board for B {
    async fn set(&mut self, pin: Pin) -> Result<Future> {
        Ok(Future(pin.0))
    }
}

fn main() {
    let mut board: Box<DynBoard<'_>> = Box::new(B);
    assert_eq!(rt::block_on(board.set(Pin(3))), Ok(Future(3)));
}
