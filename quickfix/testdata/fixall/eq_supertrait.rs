// Edition 2021

use std::collections::HashSet;
use std::hash::Hash;

pub trait Peer: PartialEq + Eq + Hash {
    async fn ping(&self, n: u8) -> u8;
    fn id(&self) -> u32;
}

#[derive(PartialEq, Eq, Hash)]
struct P(u32);
impl Peer for P {
    async fn ping(&self, n: u8) -> u8 {
        n + 1
    }
    fn id(&self) -> u32 {
        self.0
    }
}

async fn all(peers: &[Box<dyn Peer>]) -> u32 {
    let mut sum = 0;
    for p in peers {
        sum += u32::from(p.ping(1).await) + p.id();
    }
    sum
}

fn main() {
    let set: HashSet<P> = HashSet::from([P(1)]);
    assert!(set.contains(&P(1)));
    let peers: Vec<Box<dyn Peer>> = vec![Box::new(P(3)), Box::new(P(4))];
    assert_eq!(rt::block_on(all(&peers)), 11);
}
