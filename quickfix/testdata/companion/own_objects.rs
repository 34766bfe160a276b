//! Objects of the trait in its own signatures, default bodies, Send.
use std::collections::HashMap;
use std::sync::Arc;

/// A node.
pub trait Node: Send + Sync {
    /// Children.
    async fn children(&self) -> Vec<Arc<dyn Node>>;
    fn boxed(self: Box<Self>) -> Box<dyn Node>;
    async fn merge(&self, other: &dyn Node) -> usize;
    async fn absorb(&mut self, other: Box<dyn Node>) -> Option<Box<dyn Node>>;
    async fn walk(&self, deep: bool) -> usize {
        let mut n = 1;
        let me: Vec<Arc<dyn Node>> = self.children().await;
        for c in &me {
            if deep {
                n += Box::pin(c.walk(deep)).await;
            }
        }
        n
    }
    async fn one(&self) -> usize {
        1
    }
}

pub struct Leaf(usize);
impl Node for Leaf {
    async fn children(&self) -> Vec<Arc<dyn Node>> {
        rt::pause().await;
        (0..self.0)
            .map(|_| Arc::new(Leaf(0)) as Arc<dyn Node>)
            .collect()
    }
    fn boxed(self: Box<Self>) -> Box<dyn Node> {
        self
    }
    async fn merge(&self, other: &dyn Node) -> usize {
        other.one().await + self.0
    }
    async fn absorb(&mut self, other: Box<dyn Node>) -> Option<Box<dyn Node>> {
        self.0 += 1;
        Some(other)
    }
}

struct Registry {
    nodes: HashMap<String, Arc<dyn Node>>,
    first: Option<Box<dyn Node>>,
}

impl Registry {
    fn get(&self, name: &str) -> Option<&Arc<dyn Node>> {
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
        let mut nodes: HashMap<String, Arc<dyn Node>> = HashMap::new();
        nodes.insert("a".to_owned(), Arc::new(Leaf(2)));
        let r = Registry {
            nodes,
            first: Some(Box::new(Leaf(1))),
        };
        assert_eq!(r.total().await, 4);
        let n = Arc::clone(r.get("a").unwrap());
        let h = rt::spawn(async move { n.walk(true).await });
        assert_eq!(h.join().unwrap(), 3);
        let mut l: Box<dyn Node> = Box::new(Leaf(3)).boxed();
        assert_eq!(l.merge(&Leaf(1)).await, 4);
        assert!(l.absorb(Box::new(Leaf(0))).await.is_some());
    });
}
