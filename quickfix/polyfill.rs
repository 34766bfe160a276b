#[doc(hidden)]
#[allow(dead_code)] // which of the traits are used depends on the calls
mod dyn_box_support {
    use std::future::Future;
    use std::pin::Pin;
    pub struct Probe<T>(pub Option<T>);
    // 1. already boxed and pinned (what an erased async method returns): identity
    pub trait ViaPinned {
        type Out;
        fn dyn_box(self) -> Self::Out;
    }
    impl<P: ?Sized> ViaPinned for &mut &mut &mut &mut Probe<Pin<Box<P>>> {
        type Out = Pin<Box<P>>;
        fn dyn_box(self) -> Pin<Box<P>> {
            self.0.take().unwrap()
        }
    }
    // 2. already boxed (what an erased `-> impl Iterator` method returns): identity
    pub trait ViaBoxed {
        type Out;
        fn dyn_box(self) -> Self::Out;
    }
    impl<P: ?Sized> ViaBoxed for &mut &mut &mut Probe<Box<P>> {
        type Out = Box<P>;
        fn dyn_box(self) -> Box<P> {
            self.0.take().unwrap()
        }
    }
    // 3. an unboxed future: pin it in a box
    pub trait ViaFuture {
        type Out;
        fn dyn_box(self) -> Self::Out;
    }
    impl<F: Future> ViaFuture for &mut &mut Probe<F> {
        type Out = Pin<Box<F>>;
        fn dyn_box(self) -> Pin<Box<F>> {
            Box::pin(self.0.take().unwrap())
        }
    }
    // 4. anything else (impl Iterator, impl Display, ..)
    pub trait ViaAny {
        type Out;
        fn dyn_box(self) -> Self::Out;
    }
    impl<T> ViaAny for &mut Probe<T> {
        type Out = Box<T>;
        fn dyn_box(self) -> Box<T> {
            Box::new(self.0.take().unwrap())
        }
    }
}
/// Stand-in for `std::preview::dyn_box!`: boxes what the call returns so that it can be used through `dyn`.
macro_rules! dyn_box {
    ($($call:tt)+) => {
        // a match, because what the call borrows has to live on: to the end of the caller's statement, as without the macro
        match $crate::dyn_box_support::Probe(Some($($call)+)) {
            mut probe => {
                #[allow(unused_imports)]
                use $crate::dyn_box_support::{ViaAny as _, ViaBoxed as _, ViaFuture as _, ViaPinned as _};
                // method probing starts at four `&mut` and auto-derefs down until an impl fits
                (&mut &mut &mut &mut probe).dyn_box()
            }
        }
    };
}
pub(crate) use dyn_box;
