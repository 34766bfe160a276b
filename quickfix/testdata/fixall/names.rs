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

struct B;
impl Board for B {
    async fn set(&mut self, pin: Pin) -> Result<Future> {
        Ok(Future(pin.0))
    }
}

fn main() {
    let mut board: Box<dyn Board> = Box::new(B);
    assert_eq!(rt::block_on(board.set(Pin(3))), Ok(Future(3)));
}
