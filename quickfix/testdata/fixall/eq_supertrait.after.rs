// Edition 2021

use std::collections::HashSet;
use std::hash::Hash;

pub trait Peer: PartialEq + Eq + Hash {
    async fn ping(&self, n: u8) -> u8;
    fn id(&self) -> u32;
}

/// `dyn Peer` with boxed futures.
pub type DynPeer<'o> = dyn dyn_peer::Erased + 'o;
#[doc(hidden)]
pub mod dyn_peer {
    use super::Peer;
    use std::future::Future;
    use std::pin::Pin;

    pub trait Erased {
        fn ping(&self, n: u8) -> Pin<Box<dyn Future<Output = u8> + '_>>;
        fn id(&self) -> u32;
    }

    impl<T: Peer> Erased for T {
        fn ping(&self, n: u8) -> Pin<Box<dyn Future<Output = u8> + '_>> {
            Box::pin(<T as Peer>::ping(self, n))
        }
        fn id(&self) -> u32 {
            <T as Peer>::id(self)
        }
    }
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

async fn all(peers: &[Box<DynPeer<'static>>]) -> u32 {
    let mut sum = 0;
    for p in peers {
        sum += u32::from(p.ping(1).await) + p.id();
    }
    sum
}

fn main() {
    let set: HashSet<P> = HashSet::from([P(1)]);
    assert!(set.contains(&P(1)));
    let peers: Vec<Box<DynPeer<'_>>> = vec![Box::new(P(3)), Box::new(P(4))];
    assert_eq!(rt::block_on(all(&peers)), 11);
}
