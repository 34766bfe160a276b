//! Existing bridge, generic helper with ?Sized, async supertraits, several of them.
use std::fmt::Debug;

trait Device: Open + Close + Probe {
    async fn transfer<'b>(&mut self, data: &'b [u8]) -> Result<&'b [u8], String>;
    async fn cycle(&mut self, data: &[u8]) -> usize {
        self.open().await.unwrap();
        let n = self.transfer(data).await.unwrap().len();
        n + self.close(false).await
    }
}

/// `dyn Device` with boxed futures.
type DynDevice<'o> = dyn dyn_device::Erased + 'o;
#[doc(hidden)]
mod dyn_device {
    use super::{Close, Device, Open, Probe};
    use std::future::Future;
    use std::pin::Pin;

    pub(super) trait Erased:
        super::dyn_open::Erased + super::dyn_close::Erased + super::dyn_probe::Erased
    {
        fn transfer<'s, 'b, 'fut>(
            &'s mut self,
            data: &'b [u8],
        ) -> Pin<Box<dyn Future<Output = Result<&'b [u8], String>> + 'fut>>
        where
            's: 'fut,
            'b: 'fut;
        fn cycle<'a>(&'a mut self, data: &'a [u8]) -> Pin<Box<dyn Future<Output = usize> + 'a>>;
    }

    impl<T: Device> Erased for T {
        fn transfer<'s, 'b, 'fut>(
            &'s mut self,
            data: &'b [u8],
        ) -> Pin<Box<dyn Future<Output = Result<&'b [u8], String>> + 'fut>>
        where
            's: 'fut,
            'b: 'fut,
        {
            Box::pin(<T as Device>::transfer(self, data))
        }
        fn cycle<'a>(&'a mut self, data: &'a [u8]) -> Pin<Box<dyn Future<Output = usize> + 'a>> {
            Box::pin(<T as Device>::cycle(self, data))
        }
    }

    impl Open for dyn Erased + '_ {
        fn open(&mut self) -> impl Future<Output = Result<(), String>> {
            super::dyn_open::Erased::open(self)
        }
    }

    impl Close for dyn Erased + '_ {
        fn close(&mut self, force: bool) -> impl Future<Output = usize> {
            super::dyn_close::Erased::close(self, force)
        }
    }

    impl Probe for dyn Erased + '_ {
        fn probe(&self) -> impl Future<Output = usize> {
            super::dyn_probe::Erased::probe(self)
        }
    }

    impl Device for dyn Erased + '_ {
        async fn transfer<'b>(&mut self, data: &'b [u8]) -> Result<&'b [u8], String> {
            Erased::transfer(self, data).await
        }
        async fn cycle(&mut self, data: &[u8]) -> usize {
            Erased::cycle(self, data).await
        }
    }
}

/// Async only in what it asks for.
trait Whole: Close + Probe {
    fn kind(&self) -> u8;
}

/// `dyn Whole` with boxed futures.
type DynWhole<'o> = dyn dyn_whole::Erased + 'o;
#[doc(hidden)]
mod dyn_whole {
    use super::{Close, Probe, Whole};
    use std::future::Future;

    pub(super) trait Erased: super::dyn_close::Erased + super::dyn_probe::Erased {
        fn kind(&self) -> u8;
    }

    impl<T: Whole> Erased for T {
        fn kind(&self) -> u8 {
            <T as Whole>::kind(self)
        }
    }

    impl Close for dyn Erased + '_ {
        fn close(&mut self, force: bool) -> impl Future<Output = usize> {
            super::dyn_close::Erased::close(self, force)
        }
    }

    impl Probe for dyn Erased + '_ {
        fn probe(&self) -> impl Future<Output = usize> {
            super::dyn_probe::Erased::probe(self)
        }
    }

    impl Whole for dyn Erased + '_ {
        fn kind(&self) -> u8 {
            Erased::kind(self)
        }
    }
}
impl<T: Close + Probe> Whole for T {
    fn kind(&self) -> u8 {
        4
    }
}

/// Never an object itself.
trait Probe {
    async fn probe(&self) -> usize;
}

/// `dyn Probe` with boxed futures.
#[allow(dead_code)]
type DynProbe<'o> = dyn dyn_probe::Erased + 'o;
#[doc(hidden)]
mod dyn_probe {
    use super::Probe;
    use std::future::Future;
    use std::pin::Pin;

    pub(super) trait Erased {
        fn probe(&self) -> Pin<Box<dyn Future<Output = usize> + '_>>;
    }

    impl<T: Probe> Erased for T {
        fn probe(&self) -> Pin<Box<dyn Future<Output = usize> + '_>> {
            Box::pin(<T as Probe>::probe(self))
        }
    }

    impl Probe for dyn Erased + '_ {
        fn probe(&self) -> impl Future<Output = usize> {
            Erased::probe(self)
        }
    }

    impl<T: Probe + ?Sized> Probe for Box<T> {
        fn probe(&self) -> impl Future<Output = usize> {
            T::probe(self)
        }
    }
}

trait Named {
    fn name(&self) -> String;
}

trait Open: Named {
    async fn open(&mut self) -> Result<(), String>;
}

/// `dyn Open` with boxed futures.
type DynOpen<'o> = dyn dyn_open::Erased + 'o;
#[doc(hidden)]
mod dyn_open {
    use super::{Named, Open};
    use std::future::Future;
    use std::pin::Pin;

    pub(super) trait Erased: Named {
        fn open(&mut self) -> Pin<Box<dyn Future<Output = Result<(), String>> + '_>>;
    }

    impl<T: Open> Erased for T {
        fn open(&mut self) -> Pin<Box<dyn Future<Output = Result<(), String>> + '_>> {
            Box::pin(<T as Open>::open(self))
        }
    }

    impl Open for dyn Erased + '_ {
        fn open(&mut self) -> impl Future<Output = Result<(), String>> {
            Erased::open(self)
        }
    }
}

trait Close: Debug {
    async fn close(&mut self, force: bool) -> usize;
}

/// `dyn Close` with boxed futures.
type DynClose<'o> = dyn dyn_close::Erased + 'o;
#[doc(hidden)]
mod dyn_close {
    use super::{Close, Debug};
    use std::future::Future;
    use std::pin::Pin;

    pub(super) trait Erased: Debug {
        fn close(&mut self, force: bool) -> Pin<Box<dyn Future<Output = usize> + '_>>;
    }

    impl<T: Close> Erased for T {
        fn close(&mut self, force: bool) -> Pin<Box<dyn Future<Output = usize> + '_>> {
            Box::pin(<T as Close>::close(self, force))
        }
    }

    impl Close for dyn Erased + '_ {
        fn close(&mut self, force: bool) -> impl Future<Output = usize> {
            Erased::close(self, force)
        }
    }

    impl<T: Close + ?Sized> Close for Box<T> {
        fn close(&mut self, force: bool) -> impl Future<Output = usize> {
            T::close(self, force)
        }
    }
}

impl<T: Named + ?Sized> Named for Box<T> {
    fn name(&self) -> String {
        (**self).name()
    }
}

impl Open for Box<DynDevice<'static>> {
    async fn open(&mut self) -> Result<(), String> {
        (**self).open().await
    }
}

#[derive(Debug)]
struct Disk(usize);
impl Named for Disk {
    fn name(&self) -> String {
        format!("disk{}", self.0)
    }
}
impl Open for Disk {
    async fn open(&mut self) -> Result<(), String> {
        rt::pause().await;
        self.0 += 1;
        Ok(())
    }
}
impl Close for Disk {
    async fn close(&mut self, force: bool) -> usize {
        rt::pause().await;
        self.0 + usize::from(force)
    }
}
impl Probe for Disk {
    async fn probe(&self) -> usize {
        1
    }
}
impl Device for Disk {
    async fn transfer<'b>(&mut self, data: &'b [u8]) -> Result<&'b [u8], String> {
        Ok(&data[1..])
    }
}

async fn generic<D: Device + ?Sized>(d: &mut D) -> usize {
    d.cycle(b"abc").await
}
async fn open_all<O: Open>(mut o: O) -> String {
    o.open().await.unwrap();
    o.name()
}
fn make(kind: &str) -> Box<DynDevice<'static>> {
    match kind {
        "a" => Box::new(Disk(0)),
        _ => Box::new(Disk(10)),
    }
}
struct Bus<'d> {
    devices: Vec<&'d mut DynDevice<'d>>,
    closers: Vec<Box<DynClose<'static>>>,
}
impl<'d> Bus<'d> {
    async fn run(&mut self) -> usize {
        let mut n = 0;
        for d in self.devices.iter_mut() {
            n += generic(&mut **d).await;
        }
        for c in &mut self.closers {
            n += c.close(true).await;
        }
        n
    }
}
type Maker = fn(&str) -> Box<DynDevice<'static>>;
static MAKERS: &[(&str, Maker)] = &[("x", make)];

fn main() {
    rt::block_on(async {
        let mut d = make("a");
        assert_eq!(generic(&mut *d).await, 3);
        assert_eq!(open_all(d).await, "disk2");
        let mut x = Disk(0);
        let mut bus = Bus {
            devices: vec![&mut x],
            closers: vec![Box::new(Disk(5))],
        };
        assert_eq!(bus.run().await, 3 + 6);
        let mut y = (MAKERS[0].1)("q");
        assert_eq!(y.cycle(b"1").await + y.probe().await, 12);
        let mut whole: Box<DynWhole<'_>> = Box::new(Disk(1));
        assert_eq!(whole.close(true).await + usize::from(whole.kind()), 6);
        let mut opener: Box<DynOpen<'_>> = Box::new(Disk(7));
        opener.open().await.unwrap();
        assert_eq!(opener.name(), "disk8");
    });
}
