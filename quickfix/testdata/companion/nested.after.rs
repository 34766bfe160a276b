use std::fmt::Display;

trait Source {
    fn nested(&self) -> impl Iterator<Item = impl Display>;
    fn maybe(&self) -> Option<impl Iterator<Item = u32>>;
    fn pair(&self) -> Result<(impl Display, u8), String>;
    fn both(&self) -> (impl Display, impl Fn(u32) -> u32);
    async fn later(&self) -> impl Iterator<Item = u32>;
}

/// `dyn Source` with boxed futures.
type DynSource<'o> = dyn dyn_source::Erased + 'o;
#[doc(hidden)]
mod dyn_source {
    use super::{Display, Source};
    use std::future::Future;
    use std::pin::Pin;

    pub(super) trait Erased {
        fn nested(&self) -> Box<dyn Iterator<Item = Box<dyn Display + '_>> + '_>;
        fn maybe(&self) -> Option<Box<dyn Iterator<Item = u32> + '_>>;
        fn pair(&self) -> Result<(Box<dyn Display + '_>, u8), String>;
        fn both(&self) -> (Box<dyn Display + '_>, Box<dyn Fn(u32) -> u32 + '_>);
        fn later(&self) -> Pin<Box<dyn Future<Output = Box<dyn Iterator<Item = u32> + '_>> + '_>>;
    }

    impl<T: Source> Erased for T {
        fn nested(&self) -> Box<dyn Iterator<Item = Box<dyn Display + '_>> + '_> {
            let result = <T as Source>::nested(self);
            Box::new(result.map(|x| Box::new(x) as Box<dyn Display + '_>))
        }
        fn maybe(&self) -> Option<Box<dyn Iterator<Item = u32> + '_>> {
            let result = <T as Source>::maybe(self);
            result.map(|x| Box::new(x) as Box<dyn Iterator<Item = u32> + '_>)
        }
        fn pair(&self) -> Result<(Box<dyn Display + '_>, u8), String> {
            let result = <T as Source>::pair(self);
            result.map(|(x0, x1)| (Box::new(x0) as Box<dyn Display + '_>, x1))
        }
        fn both(&self) -> (Box<dyn Display + '_>, Box<dyn Fn(u32) -> u32 + '_>) {
            let (x0, x1) = <T as Source>::both(self);
            (
                Box::new(x0) as Box<dyn Display + '_>,
                Box::new(x1) as Box<dyn Fn(u32) -> u32 + '_>,
            )
        }
        fn later(&self) -> Pin<Box<dyn Future<Output = Box<dyn Iterator<Item = u32> + '_>> + '_>> {
            Box::pin(async move {
                let result = <T as Source>::later(self).await;
                Box::new(result) as Box<dyn Iterator<Item = u32> + '_>
            })
        }
    }

    impl Source for dyn Erased + '_ {
        fn nested(&self) -> impl Iterator<Item = impl Display> {
            Erased::nested(self)
        }
        fn maybe(&self) -> Option<impl Iterator<Item = u32>> {
            Erased::maybe(self)
        }
        fn pair(&self) -> Result<(impl Display, u8), String> {
            Erased::pair(self)
        }
        fn both(&self) -> (impl Display, impl Fn(u32) -> u32) {
            Erased::both(self)
        }
        fn later(&self) -> impl Future<Output = impl Iterator<Item = u32>> {
            Erased::later(self)
        }
    }

    impl<T: Source + ?Sized> Source for Box<T> {
        fn nested(&self) -> impl Iterator<Item = impl Display> {
            T::nested(self)
        }
        fn maybe(&self) -> Option<impl Iterator<Item = u32>> {
            T::maybe(self)
        }
        fn pair(&self) -> Result<(impl Display, u8), String> {
            T::pair(self)
        }
        fn both(&self) -> (impl Display, impl Fn(u32) -> u32) {
            T::both(self)
        }
        fn later(&self) -> impl Future<Output = impl Iterator<Item = u32>> {
            T::later(self)
        }
    }
}

trait Find {
    async fn named(&self, name: &str) -> Option<impl Display>;
}

/// `dyn Find` with boxed futures.
type DynFind<'o> = dyn dyn_find::Erased + 'o;
#[doc(hidden)]
mod dyn_find {
    use super::{Display, Find};
    use std::future::Future;
    use std::pin::Pin;

    pub(super) trait Erased {
        fn named<'a>(
            &'a self,
            name: &'a str,
        ) -> Pin<Box<dyn Future<Output = Option<Box<dyn Display + 'a>>> + 'a>>;
    }

    impl<T: Find> Erased for T {
        fn named<'a>(
            &'a self,
            name: &'a str,
        ) -> Pin<Box<dyn Future<Output = Option<Box<dyn Display + 'a>>> + 'a>> {
            Box::pin(async move {
                let result = <T as Find>::named(self, name).await;
                result.map(|x| Box::new(x) as Box<dyn Display + 'a>)
            })
        }
    }
}

struct S(Vec<u32>);

impl Source for S {
    fn nested(&self) -> impl Iterator<Item = impl Display> {
        self.0.iter()
    }
    fn maybe(&self) -> Option<impl Iterator<Item = u32>> {
        Some(self.0.iter().copied())
    }
    fn pair(&self) -> Result<(impl Display, u8), String> {
        Ok((self.0[0], 1))
    }
    fn both(&self) -> (impl Display, impl Fn(u32) -> u32) {
        (self.0[0], |x| x + self.0[0])
    }
    async fn later(&self) -> impl Iterator<Item = u32> {
        pause().await;
        self.0.iter().copied()
    }
}

impl Find for S {
    async fn named(&self, name: &str) -> Option<impl Display> {
        pause().await;
        (name == "first").then(|| self.0[0])
    }
}

async fn generic(s: &(impl Source + ?Sized)) -> u32 {
    s.later().await.sum::<u32>() + s.maybe().map_or(0, |i| i.sum())
}

fn main() {
    block_on(async {
        let s: Box<DynSource<'_>> = Box::new(S(vec![1, 2, 3]));
        let text: String = s.nested().map(|d| d.to_string()).collect();
        assert_eq!(text, "123");
        assert_eq!(s.maybe().unwrap().count(), 3);
        assert_eq!(s.pair().unwrap().0.to_string(), "1");
        let (shown, add) = s.both();
        assert_eq!((shown.to_string(), add(4)), ("1".into(), 5));
        assert_eq!(s.later().await.count(), 3);
        assert_eq!(generic(&*s).await, 12);
        let f: &DynFind<'_> = &S(vec![1]);
        assert_eq!(f.named("first").await.unwrap().to_string(), "1");
    });
}
