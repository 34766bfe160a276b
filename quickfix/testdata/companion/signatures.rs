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
        let mut m: Box<dyn Misc<u32>> = Box::new(M(vec![1, 2, 3]));
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
