/// # Safety
/// The pointer must stay valid.
pub unsafe trait Device {
    /// # Safety
    /// `at` must be in range.
    async unsafe fn poke(&mut self, at: usize, value: u8);
    async fn peek(&self, at: usize) -> u8;
}

struct Ram([u8; 2]);

unsafe impl Device for Ram {
    async unsafe fn poke(&mut self, at: usize, value: u8) {
        self.0[at] = value;
    }
    async fn peek(&self, at: usize) -> u8 {
        self.0[at]
    }
}

async fn drive(device: &mut dyn Device) -> u8 {
    unsafe { device.poke(1, 9).await };
    device.peek(1).await
}

fn main() {
    assert_eq!(rt::block_on(drive(&mut Ram([0; 2]))), 9);
}
