pub trait Stage {
    async fn go(&self, xy: (i32, i32), _: [u8; 2], _: ()) -> (i32, u8);
    async fn never(&self) -> ! {
        panic!()
    }
    async fn unit(&self) -> ();
    fn sync(&self, _: &mut Vec<u8>, mut_name: &str) -> usize;
}

/// `dyn Stage` with boxed futures.
pub type DynStage<'o> = dyn dyn_stage::Erased + 'o;
#[doc(hidden)]
pub mod dyn_stage {
    use super::Stage;
    use std::pin::Pin;

    pub trait Erased {
        fn go(
            &self,
            xy: (i32, i32),
            arg2: [u8; 2],
            arg3: (),
        ) -> Pin<Box<dyn Future<Output = (i32, u8)> + '_>>;
        fn unit(&self) -> Pin<Box<dyn Future<Output = ()> + '_>>;
        fn sync(&self, arg1: &mut Vec<u8>, mut_name: &str) -> usize;
    }

    impl<T: Stage> Erased for T {
        fn go(
            &self,
            xy: (i32, i32),
            arg2: [u8; 2],
            arg3: (),
        ) -> Pin<Box<dyn Future<Output = (i32, u8)> + '_>> {
            Box::pin(<T as Stage>::go(self, xy, arg2, arg3))
        }
        fn unit(&self) -> Pin<Box<dyn Future<Output = ()> + '_>> {
            Box::pin(<T as Stage>::unit(self))
        }
        fn sync(&self, arg1: &mut Vec<u8>, mut_name: &str) -> usize {
            <T as Stage>::sync(self, arg1, mut_name)
        }
    }

    impl Stage for dyn Erased + '_ {
        fn go(&self, xy: (i32, i32), arg2: [u8; 2], arg3: ()) -> impl Future<Output = (i32, u8)> {
            Erased::go(self, xy, arg2, arg3)
        }
        fn unit(&self) -> impl Future<Output = ()> {
            Erased::unit(self)
        }
        fn sync(&self, arg1: &mut Vec<u8>, mut_name: &str) -> usize {
            Erased::sync(self, arg1, mut_name)
        }
    }
}

struct S;
impl Stage for S {
    async fn go(&self, (x, y): (i32, i32), [a, _]: [u8; 2], _: ()) -> (i32, u8) {
        (x + y, a)
    }
    async fn unit(&self) {}
    fn sync(&self, v: &mut Vec<u8>, mut_name: &str) -> usize {
        v.len() + mut_name.len()
    }
}

fn main() {
    let pair: (Box<DynStage<'_>>, [&DynStage<'_>; 1]) = (Box::new(S), [&S]);
    rt::block_on(async {
        assert_eq!(pair.0.go((1, 2), [3, 4], ()).await, (3, 3));
        pair.1[0].unit().await;
        assert_eq!(pair.0.sync(&mut vec![1], "ab"), 3);
    });
}
