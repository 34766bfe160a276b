/// # Safety
/// The pointer must stay valid.
pub unsafe trait Device {
    /// # Safety
    /// `at` must be in range.
    async unsafe fn poke(&mut self, at: usize, value: u8);
    async fn peek(&self, at: usize) -> u8;
}

/// `dyn Device` with boxed futures.
pub type DynDevice<'o> = dyn dyn_device::Erased + 'o;
#[doc(hidden)]
pub mod dyn_device {
    use super::Device;
    use std::pin::Pin;

    pub trait Erased {
        /// # Safety
        /// Same contract as [`Device::poke`].
        unsafe fn poke(&mut self, at: usize, value: u8) -> Pin<Box<dyn Future<Output = ()> + '_>>;
        fn peek(&self, at: usize) -> Pin<Box<dyn Future<Output = u8> + '_>>;
    }

    impl<T: Device> Erased for T {
        unsafe fn poke(&mut self, at: usize, value: u8) -> Pin<Box<dyn Future<Output = ()> + '_>> {
            // SAFETY: the caller upholds the contract of `Device::poke`.
            Box::pin(unsafe { <T as Device>::poke(self, at, value) })
        }
        fn peek(&self, at: usize) -> Pin<Box<dyn Future<Output = u8> + '_>> {
            Box::pin(<T as Device>::peek(self, at))
        }
    }
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

async fn drive(device: &mut DynDevice<'_>) -> u8 {
    unsafe { device.poke(1, 9).await };
    device.peek(1).await
}

fn main() {
    assert_eq!(rt::block_on(drive(&mut Ram([0; 2]))), 9);
}
