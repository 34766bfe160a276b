use std::io;

trait Misc<T> {
    /// Docs stay on the native trait; the companion gets an intra-doc link.
    async fn r#match(&self, r#type: &str) -> bool;
    async unsafe fn poke(&self, at: *const u8) -> u8;
    #[cfg(any(unix, windows))]
    async fn here(&self) -> u8;
    #[cfg(target_os = "none")]
    async fn not_here(&self) -> Missing;
    #[must_use]
    async fn important(&self) -> u8;
    #[deprecated(note = "old")]
    async fn old(&self) -> u8;
    async fn read(&mut self, buf: &mut [u8]) -> io::Result<usize>;
    async fn conv(&self, t: T) -> String
    where
        T: ToString;
    async fn each(&self, f: &mut (dyn FnMut(&str) -> bool + Send)) -> usize;
    async fn cb(&self, f: Box<dyn Fn(&str) -> usize + '_>) -> usize;
    async fn raw_fn(&self, f: fn(&str) -> &str) -> usize;
    async fn forever(&self) -> !
    where
        Self: Sized;
    async fn pair(&self, (a, b): (u8, u8), mut c: u8, _: u8) -> u8 {
        c += a;
        c + b
    }
    #[allow(clippy::too_many_arguments)]
    async fn anon(&self, _: u8, _: &str) -> u8;
}

/// `dyn Misc` with boxed futures.
type DynMisc<'o, T> = dyn dyn_misc::Erased<T> + 'o;
#[doc(hidden)]
mod dyn_misc {
    use super::{io, Misc};
    use std::future::Future;
    use std::pin::Pin;

    pub(super) trait Erased<T> {
        fn r#match<'a>(&'a self, r#type: &'a str) -> Pin<Box<dyn Future<Output = bool> + 'a>>
        where
            T: 'a;
        /// # Safety
        /// Same contract as [`Misc::poke`].
        unsafe fn poke<'a>(&'a self, at: *const u8) -> Pin<Box<dyn Future<Output = u8> + 'a>>
        where
            T: 'a;
        #[cfg(any(unix, windows))]
        fn here<'a>(&'a self) -> Pin<Box<dyn Future<Output = u8> + 'a>>
        where
            T: 'a;
        #[cfg(target_os = "none")]
        fn not_here<'a>(&'a self) -> Pin<Box<dyn Future<Output = Missing> + 'a>>
        where
            T: 'a;
        fn important<'a>(&'a self) -> Pin<Box<dyn Future<Output = u8> + 'a>>
        where
            T: 'a;
        fn old<'a>(&'a self) -> Pin<Box<dyn Future<Output = u8> + 'a>>
        where
            T: 'a;
        fn read<'a>(
            &'a mut self,
            buf: &'a mut [u8],
        ) -> Pin<Box<dyn Future<Output = io::Result<usize>> + 'a>>
        where
            T: 'a;
        fn conv<'a>(&'a self, t: T) -> Pin<Box<dyn Future<Output = String> + 'a>>
        where
            T: 'a + ToString;
        fn each<'a>(
            &'a self,
            f: &'a mut (dyn FnMut(&str) -> bool + Send),
        ) -> Pin<Box<dyn Future<Output = usize> + 'a>>
        where
            T: 'a;
        fn cb<'s, 'life1, 'fut>(
            &'s self,
            f: Box<dyn Fn(&str) -> usize + 'life1>,
        ) -> Pin<Box<dyn Future<Output = usize> + 'fut>>
        where
            's: 'fut,
            'life1: 'fut,
            T: 'fut;
        fn raw_fn<'a>(&'a self, f: fn(&str) -> &str) -> Pin<Box<dyn Future<Output = usize> + 'a>>
        where
            T: 'a;
        fn pair<'a>(
            &'a self,
            arg1: (u8, u8),
            c: u8,
            arg3: u8,
        ) -> Pin<Box<dyn Future<Output = u8> + 'a>>
        where
            T: 'a;
        fn anon<'a>(&'a self, arg1: u8, arg2: &'a str) -> Pin<Box<dyn Future<Output = u8> + 'a>>
        where
            T: 'a;
    }

    impl<T, S: Misc<T>> Erased<T> for S {
        fn r#match<'a>(&'a self, r#type: &'a str) -> Pin<Box<dyn Future<Output = bool> + 'a>>
        where
            T: 'a,
        {
            Box::pin(<S as Misc<T>>::r#match(self, r#type))
        }
        unsafe fn poke<'a>(&'a self, at: *const u8) -> Pin<Box<dyn Future<Output = u8> + 'a>>
        where
            T: 'a,
        {
            // SAFETY: the caller upholds the contract of `Misc::poke`.
            Box::pin(unsafe { <S as Misc<T>>::poke(self, at) })
        }
        #[cfg(any(unix, windows))]
        fn here<'a>(&'a self) -> Pin<Box<dyn Future<Output = u8> + 'a>>
        where
            T: 'a,
        {
            Box::pin(<S as Misc<T>>::here(self))
        }
        #[cfg(target_os = "none")]
        fn not_here<'a>(&'a self) -> Pin<Box<dyn Future<Output = Missing> + 'a>>
        where
            T: 'a,
        {
            Box::pin(<S as Misc<T>>::not_here(self))
        }
        fn important<'a>(&'a self) -> Pin<Box<dyn Future<Output = u8> + 'a>>
        where
            T: 'a,
        {
            Box::pin(<S as Misc<T>>::important(self))
        }
        #[allow(deprecated)]
        fn old<'a>(&'a self) -> Pin<Box<dyn Future<Output = u8> + 'a>>
        where
            T: 'a,
        {
            Box::pin(<S as Misc<T>>::old(self))
        }
        fn read<'a>(
            &'a mut self,
            buf: &'a mut [u8],
        ) -> Pin<Box<dyn Future<Output = io::Result<usize>> + 'a>>
        where
            T: 'a,
        {
            Box::pin(<S as Misc<T>>::read(self, buf))
        }
        fn conv<'a>(&'a self, t: T) -> Pin<Box<dyn Future<Output = String> + 'a>>
        where
            T: 'a + ToString,
        {
            Box::pin(<S as Misc<T>>::conv(self, t))
        }
        fn each<'a>(
            &'a self,
            f: &'a mut (dyn FnMut(&str) -> bool + Send),
        ) -> Pin<Box<dyn Future<Output = usize> + 'a>>
        where
            T: 'a,
        {
            Box::pin(<S as Misc<T>>::each(self, f))
        }
        fn cb<'s, 'life1, 'fut>(
            &'s self,
            f: Box<dyn Fn(&str) -> usize + 'life1>,
        ) -> Pin<Box<dyn Future<Output = usize> + 'fut>>
        where
            's: 'fut,
            'life1: 'fut,
            T: 'fut,
        {
            Box::pin(<S as Misc<T>>::cb(self, f))
        }
        fn raw_fn<'a>(&'a self, f: fn(&str) -> &str) -> Pin<Box<dyn Future<Output = usize> + 'a>>
        where
            T: 'a,
        {
            Box::pin(<S as Misc<T>>::raw_fn(self, f))
        }
        fn pair<'a>(
            &'a self,
            arg1: (u8, u8),
            c: u8,
            arg3: u8,
        ) -> Pin<Box<dyn Future<Output = u8> + 'a>>
        where
            T: 'a,
        {
            Box::pin(<S as Misc<T>>::pair(self, arg1, c, arg3))
        }
        fn anon<'a>(&'a self, arg1: u8, arg2: &'a str) -> Pin<Box<dyn Future<Output = u8> + 'a>>
        where
            T: 'a,
        {
            Box::pin(<S as Misc<T>>::anon(self, arg1, arg2))
        }
    }

    impl<'o, T: 'o> Misc<T> for dyn Erased<T> + 'o {
        async fn r#match(&self, r#type: &str) -> bool {
            Erased::r#match(self, r#type).await
        }
        unsafe fn poke(&self, at: *const u8) -> impl Future<Output = u8> {
            // SAFETY: the caller upholds the contract of `Misc::poke`.
            unsafe { Erased::poke(self, at) }
        }
        #[cfg(any(unix, windows))]
        fn here(&self) -> impl Future<Output = u8> {
            Erased::here(self)
        }
        #[cfg(target_os = "none")]
        fn not_here(&self) -> impl Future<Output = Missing> {
            Erased::not_here(self)
        }
        fn important(&self) -> impl Future<Output = u8> {
            Erased::important(self)
        }
        #[allow(deprecated)]
        fn old(&self) -> impl Future<Output = u8> {
            Erased::old(self)
        }
        async fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
            Erased::read(self, buf).await
        }
        fn conv(&self, t: T) -> impl Future<Output = String>
        where
            T: ToString,
        {
            Erased::conv(self, t)
        }
        async fn each(&self, f: &mut (dyn FnMut(&str) -> bool + Send)) -> usize {
            Erased::each(self, f).await
        }
        async fn cb(&self, f: Box<dyn Fn(&str) -> usize + '_>) -> usize {
            Erased::cb(self, f).await
        }
        fn raw_fn(&self, f: fn(&str) -> &str) -> impl Future<Output = usize> {
            Erased::raw_fn(self, f)
        }
        fn pair(&self, arg1: (u8, u8), c: u8, arg3: u8) -> impl Future<Output = u8> {
            Erased::pair(self, arg1, c, arg3)
        }
        async fn anon(&self, arg1: u8, arg2: &str) -> u8 {
            Erased::anon(self, arg1, arg2).await
        }
    }
}

struct M(Vec<u8>);

impl Misc<u32> for M {
    async fn r#match(&self, r#type: &str) -> bool {
        pause().await;
        r#type.len() == self.0.len()
    }
    async unsafe fn poke(&self, at: *const u8) -> u8 {
        pause().await;
        // SAFETY: the caller guarantees `at` is readable until the future completes.
        unsafe { *at }
    }
    #[cfg(any(unix, windows))]
    async fn here(&self) -> u8 {
        1
    }
    async fn important(&self) -> u8 {
        2
    }
    async fn old(&self) -> u8 {
        3
    }
    async fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = buf.len().min(self.0.len());
        buf[..n].copy_from_slice(&self.0[..n]);
        pause().await;
        self.0.drain(..n);
        Ok(n)
    }
    async fn conv(&self, t: u32) -> String {
        t.to_string()
    }
    async fn each(&self, f: &mut (dyn FnMut(&str) -> bool + Send)) -> usize {
        pause().await;
        f("x") as usize
    }
    async fn cb(&self, f: Box<dyn Fn(&str) -> usize + '_>) -> usize {
        pause().await;
        f("four")
    }
    async fn raw_fn(&self, f: fn(&str) -> &str) -> usize {
        f(" a ").len()
    }
    async fn forever(&self) -> ! {
        loop {
            pause().await
        }
    }
    async fn anon(&self, n: u8, s: &str) -> u8 {
        n + s.len() as u8
    }
}

fn main() {
    block_on(async {
        let mut m: Box<DynMisc<'_, u32>> = Box::new(M(vec![1, 2, 3]));
        assert!(m.r#match("abc").await);
        let byte = 9u8;
        // SAFETY: `byte` outlives the await.
        assert_eq!(unsafe { m.poke(&byte) }.await, 9);
        assert_eq!(m.here().await, 1);
        assert_eq!(m.important().await, 2);
        #[allow(deprecated)]
        let old = m.old().await;
        assert_eq!(old, 3);
        let mut buf = [0; 2];
        assert_eq!(m.read(&mut buf).await.unwrap(), 2);
        assert_eq!(m.conv(5).await, "5");
        let mut seen = String::new();
        assert_eq!(
            m.each(&mut |s| {
                seen.push_str(s);
                true
            })
            .await,
            1
        );
        assert_eq!(seen, "x");
        let local = 1;
        assert_eq!(m.cb(Box::new(|s| s.len() + local)).await, 5);
        assert_eq!(m.raw_fn(str::trim).await, 1);
        assert_eq!(m.pair((1, 2), 3, 0).await, 6);
        assert_eq!(m.anon(1, "ab").await, 3);
        let f = M(vec![]);
        drop(f.forever());
    });
}
