//! Objects of the trait in its own signatures, default bodies, Send.
use std::collections::HashMap;
use std::future::Future;
use std::sync::Arc;

/// A node.
pub trait Node: Send + Sync {
    /// Children.
    fn children(&self) -> impl Future<Output = Vec<Arc<DynNode<'static>>>> + Send;
    fn boxed(self: Box<Self>) -> Box<DynNode<'static>>;
    fn merge(&self, other: &DynNode<'_>) -> impl Future<Output = usize> + Send;
    fn absorb(
        &mut self,
        other: Box<DynNode<'static>>,
    ) -> impl Future<Output = Option<Box<DynNode<'static>>>> + Send;
    fn walk(&self, deep: bool) -> impl Future<Output = usize> + Send {
        async move {
            let mut n = 1;
            let me: Vec<Arc<DynNode<'_>>> = self.children().await;
            for c in &me {
                if deep {
                    n += Box::pin(c.walk(deep)).await;
                }
            }
            n
        }
    }
    fn one(&self) -> impl Future<Output = usize> + Send {
        async move { 1 }
    }
}

/// `dyn Node` with boxed futures.
pub type DynNode<'o> = dyn dyn_node::Erased + 'o;
#[doc(hidden)]
pub mod dyn_node {
    use super::{Arc, DynNode, Node};
    use std::future::Future;
    use std::pin::Pin;

    pub trait Erased: Send + Sync {
        fn children(&self)
            -> Pin<Box<dyn Future<Output = Vec<Arc<DynNode<'static>>>> + Send + '_>>;
        fn boxed(self: Box<Self>) -> Box<DynNode<'static>>;
        fn merge<'s, 'life1, 'life2, 'fut>(
            &'s self,
            other: &'life1 DynNode<'life2>,
        ) -> Pin<Box<dyn Future<Output = usize> + Send + 'fut>>
        where
            's: 'fut,
            'life1: 'fut,
            'life2: 'fut;
        fn absorb(
            &mut self,
            other: Box<DynNode<'static>>,
        ) -> Pin<Box<dyn Future<Output = Option<Box<DynNode<'static>>>> + Send + '_>>;
        fn walk(&self, deep: bool) -> Pin<Box<dyn Future<Output = usize> + Send + '_>>;
        fn one(&self) -> Pin<Box<dyn Future<Output = usize> + Send + '_>>;
    }

    impl<T: Node> Erased for T {
        fn children(
            &self,
        ) -> Pin<Box<dyn Future<Output = Vec<Arc<DynNode<'static>>>> + Send + '_>> {
            Box::pin(<T as Node>::children(self))
        }
        fn boxed(self: Box<Self>) -> Box<DynNode<'static>> {
            <T as Node>::boxed(self)
        }
        fn merge<'s, 'life1, 'life2, 'fut>(
            &'s self,
            other: &'life1 DynNode<'life2>,
        ) -> Pin<Box<dyn Future<Output = usize> + Send + 'fut>>
        where
            's: 'fut,
            'life1: 'fut,
            'life2: 'fut,
        {
            Box::pin(<T as Node>::merge(self, other))
        }
        fn absorb(
            &mut self,
            other: Box<DynNode<'static>>,
        ) -> Pin<Box<dyn Future<Output = Option<Box<DynNode<'static>>>> + Send + '_>> {
            Box::pin(<T as Node>::absorb(self, other))
        }
        fn walk(&self, deep: bool) -> Pin<Box<dyn Future<Output = usize> + Send + '_>> {
            Box::pin(<T as Node>::walk(self, deep))
        }
        fn one(&self) -> Pin<Box<dyn Future<Output = usize> + Send + '_>> {
            Box::pin(<T as Node>::one(self))
        }
    }

    impl Node for dyn Erased + '_ {
        fn children(&self) -> impl Future<Output = Vec<Arc<DynNode<'static>>>> + Send {
            Erased::children(self)
        }
        fn boxed(self: Box<Self>) -> Box<DynNode<'static>> {
            Erased::boxed(self)
        }
        async fn merge(&self, other: &DynNode<'_>) -> usize {
            Erased::merge(self, other).await
        }
        fn absorb(
            &mut self,
            other: Box<DynNode<'static>>,
        ) -> impl Future<Output = Option<Box<DynNode<'static>>>> + Send {
            Erased::absorb(self, other)
        }
        fn walk(&self, deep: bool) -> impl Future<Output = usize> + Send {
            Erased::walk(self, deep)
        }
        fn one(&self) -> impl Future<Output = usize> + Send {
            Erased::one(self)
        }
    }

    impl<T: Node + ?Sized> Node for Box<T> {
        fn children(&self) -> impl Future<Output = Vec<Arc<DynNode<'static>>>> + Send {
            T::children(self)
        }
        fn boxed(self: Box<Self>) -> Box<DynNode<'static>> {
            T::boxed(*self)
        }
        fn merge(&self, other: &DynNode<'_>) -> impl Future<Output = usize> + Send {
            T::merge(self, other)
        }
        fn absorb(
            &mut self,
            other: Box<DynNode<'static>>,
        ) -> impl Future<Output = Option<Box<DynNode<'static>>>> + Send {
            T::absorb(self, other)
        }
        fn walk(&self, deep: bool) -> impl Future<Output = usize> + Send {
            T::walk(self, deep)
        }
        fn one(&self) -> impl Future<Output = usize> + Send {
            T::one(self)
        }
    }
}

pub struct Leaf(usize);
impl Node for Leaf {
    async fn children(&self) -> Vec<Arc<DynNode<'static>>> {
        rt::pause().await;
        (0..self.0)
            .map(|_| Arc::new(Leaf(0)) as Arc<DynNode<'_>>)
            .collect()
    }
    fn boxed(self: Box<Self>) -> Box<DynNode<'static>> {
        self
    }
    async fn merge(&self, other: &DynNode<'_>) -> usize {
        other.one().await + self.0
    }
    async fn absorb(&mut self, other: Box<DynNode<'static>>) -> Option<Box<DynNode<'static>>> {
        self.0 += 1;
        Some(other)
    }
}

struct Registry {
    nodes: HashMap<String, Arc<DynNode<'static>>>,
    first: Option<Box<DynNode<'static>>>,
}

impl Registry {
    fn get(&self, name: &str) -> Option<&Arc<DynNode<'static>>> {
        self.nodes.get(name)
    }
    async fn total(&self) -> usize {
        let mut sum = 0;
        for node in self.nodes.values() {
            sum += node.walk(true).await;
        }
        if let Some(first) = &self.first {
            sum += first.one().await;
        }
        sum
    }
}

fn main() {
    rt::block_on(async {
        let mut nodes: HashMap<String, Arc<DynNode<'_>>> = HashMap::new();
        nodes.insert("a".to_owned(), Arc::new(Leaf(2)));
        let r = Registry {
            nodes,
            first: Some(Box::new(Leaf(1))),
        };
        assert_eq!(r.total().await, 4);
        let n = Arc::clone(r.get("a").unwrap());
        let h = rt::spawn(async move { n.walk(true).await });
        assert_eq!(h.join().unwrap(), 3);
        let mut l: Box<DynNode<'_>> = Box::new(Leaf(3)).boxed();
        assert_eq!(l.merge(&Leaf(1)).await, 4);
        assert!(l.absorb(Box::new(Leaf(0))).await.is_some());
    });
}
