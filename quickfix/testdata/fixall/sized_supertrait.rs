use std::fmt::{self, Debug};

pub trait Backend: Clone + Debug + Send + Sync + 'static {
    async fn load(&self, id: u64) -> Option<String>;
    async fn reload(&mut self) -> Self;
    fn describe(&self) -> String {
        format!("{self:?}")
    }
}

#[derive(Clone, Debug)]
struct Files(u8);
impl Backend for Files {
    async fn load(&self, id: u64) -> Option<String> {
        (id < 3).then(|| id.to_string())
    }
    async fn reload(&mut self) -> Self {
        self.clone()
    }
}

struct Cache {
    backend: std::sync::Arc<dyn Backend>,
}

impl fmt::Debug for Cache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Cache({})", self.backend.describe())
    }
}

fn main() {
    let cache = Cache {
        backend: std::sync::Arc::new(Files(1)),
    };
    assert_eq!(rt::block_on(cache.backend.load(1)).as_deref(), Some("1"));
    assert_eq!(format!("{cache:?}"), "Cache(Files(1))");
    assert_eq!(rt::block_on(Files(2).reload()).0, 2);
}
