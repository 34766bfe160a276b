use std::fmt::{self, Debug};

pub trait Backend: Clone + Debug + Send + Sync + 'static {
    fn load(&self, id: u64) -> impl Future<Output = Option<String>> + Send;
    async fn reload(&mut self) -> Self;
    fn describe(&self) -> String {
        format!("{self:?}")
    }
}

/// `dyn Backend` with boxed futures.
pub type DynBackend = dyn dyn_backend::Erased;
#[doc(hidden)]
pub mod dyn_backend {
    use super::{Backend, Debug};
    use std::pin::Pin;

    pub trait Erased: Debug + Send + Sync + 'static {
        fn load(&self, id: u64) -> Pin<Box<dyn Future<Output = Option<String>> + Send + '_>>;
        fn describe(&self) -> String;
    }

    impl<T: Backend> Erased for T {
        fn load(&self, id: u64) -> Pin<Box<dyn Future<Output = Option<String>> + Send + '_>> {
            Box::pin(<T as Backend>::load(self, id))
        }
        fn describe(&self) -> String {
            <T as Backend>::describe(self)
        }
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
    backend: std::sync::Arc<DynBackend>,
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
