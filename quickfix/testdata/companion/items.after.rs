use std::fmt::{self, Debug, Display};
use std::future::Future;

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

/// `dyn AsyncIter` with boxed futures.
type DynAsyncIter<'o, Item, Error> = dyn dyn_async_iter::Erased<Item = Item, Error = Error> + 'o;
#[doc(hidden)]
mod dyn_async_iter {
    use super::{AsyncIter, Debug, Display};
    use std::future::Future;
    use std::pin::Pin;

    pub(super) trait Erased {
        type Item: Debug;
        type Error: Display + 'static;
        fn next(
            &mut self,
        ) -> Pin<Box<dyn Future<Output = Result<Option<Self::Item>, Self::Error>> + '_>>;
        fn size_hint(&self) -> (usize, Option<usize>);
        fn count(&mut self) -> Pin<Box<dyn Future<Output = Result<usize, Self::Error>> + '_>>;
    }

    impl<T: AsyncIter> Erased for T {
        type Item = <T as AsyncIter>::Item;
        type Error = <T as AsyncIter>::Error;
        fn next(
            &mut self,
        ) -> Pin<Box<dyn Future<Output = Result<Option<Self::Item>, Self::Error>> + '_>> {
            Box::pin(<T as AsyncIter>::next(self))
        }
        fn size_hint(&self) -> (usize, Option<usize>) {
            <T as AsyncIter>::size_hint(self)
        }
        fn count(&mut self) -> Pin<Box<dyn Future<Output = Result<usize, Self::Error>> + '_>> {
            Box::pin(<T as AsyncIter>::count(self))
        }
    }

    impl<Item: Debug, Error: Display + 'static> AsyncIter
        for dyn Erased<Item = Item, Error = Error> + '_
    {
        type Item = Item;
        type Error = Error;
        fn next(&mut self) -> impl Future<Output = Result<Option<Self::Item>, Self::Error>> {
            Erased::next(self)
        }
        fn size_hint(&self) -> (usize, Option<usize>) {
            Erased::size_hint(self)
        }
        fn count(&mut self) -> impl Future<Output = Result<usize, Self::Error>> {
            Erased::count(self)
        }
    }

    impl<T: AsyncIter + ?Sized> AsyncIter for Box<T> {
        type Item = T::Item;
        type Error = T::Error;
        fn next(&mut self) -> impl Future<Output = Result<Option<Self::Item>, Self::Error>> {
            T::next(self)
        }
        fn size_hint(&self) -> (usize, Option<usize>) {
            T::size_hint(self)
        }
        fn count(&mut self) -> impl Future<Output = Result<usize, Self::Error>> {
            T::count(self)
        }
    }
}

trait Named: Debug + Send {
    fn name(&self) -> impl Future<Output = String> + Send;
}

/// `dyn Named` with boxed futures.
type DynNamed<'o> = dyn dyn_named::Erased + 'o;
#[doc(hidden)]
mod dyn_named {
    use super::{Debug, Named};
    use std::future::Future;
    use std::pin::Pin;

    pub(super) trait Erased: Debug + Send {
        fn name(&self) -> Pin<Box<dyn Future<Output = String> + Send + '_>>;
    }

    impl<T: Named> Erased for T {
        fn name(&self) -> Pin<Box<dyn Future<Output = String> + Send + '_>> {
            Box::pin(<T as Named>::name(self))
        }
    }

    impl Named for dyn Erased + '_ {
        fn name(&self) -> impl Future<Output = String> + Send {
            Erased::name(self)
        }
    }

    impl<T: Named + ?Sized> Named for Box<T> {
        fn name(&self) -> impl Future<Output = String> + Send {
            T::name(self)
        }
    }
}

trait Worker: Named {
    fn work(&mut self, n: u32) -> impl Future<Output = u32> + Send;
    fn id(&self) -> u32;
}

/// `dyn Worker` with boxed futures.
type DynWorker<'o> = dyn dyn_worker::Erased + 'o;
#[doc(hidden)]
mod dyn_worker {
    use super::{Named, Worker};
    use std::future::Future;
    use std::pin::Pin;

    pub(super) trait Erased: super::dyn_named::Erased {
        fn work(&mut self, n: u32) -> Pin<Box<dyn Future<Output = u32> + Send + '_>>;
        fn id(&self) -> u32;
    }

    impl<T: Worker> Erased for T {
        fn work(&mut self, n: u32) -> Pin<Box<dyn Future<Output = u32> + Send + '_>> {
            Box::pin(<T as Worker>::work(self, n))
        }
        fn id(&self) -> u32 {
            <T as Worker>::id(self)
        }
    }

    impl Named for dyn Erased + '_ {
        fn name(&self) -> impl Future<Output = String> + Send {
            super::dyn_named::Erased::name(self)
        }
    }

    impl Worker for dyn Erased + '_ {
        fn work(&mut self, n: u32) -> impl Future<Output = u32> + Send {
            Erased::work(self, n)
        }
        fn id(&self) -> u32 {
            Erased::id(self)
        }
    }
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
        let mut it: Box<DynAsyncIter<'_, u32, fmt::Error>> = Box::new(Nums(4));
        assert_eq!(it.size_hint(), (4, Some(4)));
        assert_eq!(sum(&mut *it).await, 6);
        let mut it: Box<DynAsyncIter<'_, u32, fmt::Error>> = Box::new(Nums(4));
        assert_eq!(it.count().await, Ok(1004));
        let mut t = Nums(9).take(2);
        let d: &mut DynAsyncIter<'_, u32, fmt::Error> = &mut t;
        assert_eq!(sum(d).await, 15);

        let mut w: Box<DynWorker<'_>> = Box::new(W(1));
        assert_eq!(use_worker(&mut *w).await, "W(3) 7");
        assert_eq!(format!("{w:?}"), "W(3)");
        let up: Box<DynNamed<'_>> = w; // trait upcasting (1.86) still works on companions
        assert_eq!(up.name().await, "W(3)");
    });
}
