pub trait Stage {
    async fn go(&self, xy: (i32, i32), _: [u8; 2], _: ()) -> (i32, u8);
    async fn never(&self) -> ! {
        panic!()
    }
    async fn unit(&self) -> ();
    fn sync(&self, _: &mut Vec<u8>, mut_name: &str) -> usize;
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
    let pair: (Box<dyn Stage>, [&dyn Stage; 1]) = (Box::new(S), [&S]);
    rt::block_on(async {
        assert_eq!(pair.0.go((1, 2), [3, 4], ()).await, (3, 3));
        pair.1[0].unit().await;
        assert_eq!(pair.0.sync(&mut vec![1], "ab"), 3);
    });
}
