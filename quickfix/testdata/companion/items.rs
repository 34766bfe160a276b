use std::fmt::{self, Debug, Display};

trait AsyncIter {
    type Item: Debug;
    type Error: Display + 'static;
    async fn next(&mut self) -> Result<Option<Self::Item>, Self::Error>;
    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, None)
    }
    /// default async body
    async fn count(&mut self) -> Result<usize, Self::Error> {
        let mut n = 0;
        while self.next().await?.is_some() {
            n += 1;
        }
        Ok(n)
    }
    /// generic adaptor: opted out of dispatch
    fn take(self, n: usize) -> Take<Self>
    where
        Self: Sized,
    {
        Take(self, n)
    }
}

trait Named: Debug + Send {
    async fn name(&self) -> String;
}

trait Worker: Named {
    async fn work(&mut self, n: u32) -> u32;
    fn id(&self) -> u32;
}

struct Take<I>(I, usize);

impl<I: AsyncIter> AsyncIter for Take<I> {
    type Item = I::Item;
    type Error = I::Error;
    async fn next(&mut self) -> Result<Option<Self::Item>, Self::Error> {
        if self.1 == 0 {
            return Ok(None);
        }
        self.1 -= 1;
        self.0.next().await
    }
}

struct Nums(u32);

impl AsyncIter for Nums {
    type Item = u32;
    type Error = fmt::Error;
    async fn next(&mut self) -> Result<Option<u32>, fmt::Error> {
        pause().await;
        if self.0 == 0 {
            return Ok(None);
        }
        self.0 -= 1;
        Ok(Some(self.0))
    }
    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.0 as usize, Some(self.0 as usize))
    }
    async fn count(&mut self) -> Result<usize, fmt::Error> {
        Ok(1000 + std::mem::take(&mut self.0) as usize) // override visible behind dyn
    }
}

async fn sum(it: &mut (impl AsyncIter<Item = u32> + ?Sized)) -> u32 {
    let mut s = 0;
    while let Ok(Some(x)) = it.next().await {
        s += x;
    }
    s
}

#[derive(Debug)]
struct W(u32);

impl Named for W {
    async fn name(&self) -> String {
        format!("{self:?}")
    }
}

impl Worker for W {
    async fn work(&mut self, n: u32) -> u32 {
        pause().await;
        self.0 += n;
        self.0
    }
    fn id(&self) -> u32 {
        7
    }
}

async fn use_worker(w: &mut (impl Worker + ?Sized)) -> String {
    w.work(2).await;
    format!("{} {}", w.name().await, w.id())
}

fn main() {
    block_on(async {
        let mut it: Box<dyn AsyncIter<Item = u32, Error = fmt::Error>> = Box::new(Nums(4));
        assert_eq!(it.size_hint(), (4, Some(4)));
        assert_eq!(sum(&mut *it).await, 6);
        let mut it: Box<dyn AsyncIter<Item = u32, Error = fmt::Error>> = Box::new(Nums(4));
        assert_eq!(it.count().await, Ok(1004));
        let mut t = Nums(9).take(2);
        let d: &mut dyn AsyncIter<Item = u32, Error = fmt::Error> = &mut t;
        assert_eq!(sum(d).await, 15);

        let mut w: Box<dyn Worker> = Box::new(W(1));
        assert_eq!(use_worker(&mut *w).await, "W(3) 7");
        assert_eq!(format!("{w:?}"), "W(3)");
        let up: Box<dyn Named> = w; // trait upcasting (1.86) still works on companions
        assert_eq!(up.name().await, "W(3)");
    });
}
