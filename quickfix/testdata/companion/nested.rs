use std::fmt::Display;

trait Source {
    fn nested(&self) -> impl Iterator<Item = impl Display>;
    fn maybe(&self) -> Option<impl Iterator<Item = u32>>;
    fn pair(&self) -> Result<(impl Display, u8), String>;
    fn both(&self) -> (impl Display, impl Fn(u32) -> u32);
    async fn later(&self) -> impl Iterator<Item = u32>;
}

trait Find {
    async fn named(&self, name: &str) -> Option<impl Display>;
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
        let s: Box<dyn Source> = Box::new(S(vec![1, 2, 3]));
        let text: String = s.nested().map(|d| d.to_string()).collect();
        assert_eq!(text, "123");
        assert_eq!(s.maybe().unwrap().count(), 3);
        assert_eq!(s.pair().unwrap().0.to_string(), "1");
        let (shown, add) = s.both();
        assert_eq!((shown.to_string(), add(4)), ("1".into(), 5));
        assert_eq!(s.later().await.count(), 3);
        assert_eq!(generic(&*s).await, 12);
        let f: &dyn Find = &S(vec![1]);
        assert_eq!(f.named("first").await.unwrap().to_string(), "1");
    });
}
