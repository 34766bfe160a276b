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

/// The trait above stands elsewhere, and what it names is not known here, or means something else.
mod parts {
    use std::collections::BTreeMap as Map;
    use std::fmt;
    use std::sync::Arc;

    pub struct Label(pub u8);
    pub(crate) mod inner {
        pub struct Size<const N: usize>(pub [u8; N]);
    }
    pub trait Labels {
        type Kind;
    }
    impl Labels for Label {
        type Kind = u16;
    }

    pub trait Parts {
        async fn count(&self, of: &Arc<Map<bool, Label>>) -> Result<inner::Size<2>, fmt::Error>;
        async fn label(
            &self,
            like: &self::Label,
            r#type: super::Disk,
        ) -> Option<<Label as Labels>::Kind>;
        fn part(&self, own: &Label) -> Map<u8, super::parts::Label>;
    }

    /// `dyn Parts` with boxed futures.
    #[allow(dead_code)]
    pub type DynParts<'o> = dyn dyn_parts::Erased + 'o;
    #[doc(hidden)]
    pub mod dyn_parts {
        use super::{fmt, inner, Arc, Label, Labels, Map, Parts};
        use std::future::Future;
        use std::pin::Pin;

        pub trait Erased {
            fn count<'a>(
                &'a self,
                of: &'a Arc<Map<bool, Label>>,
            ) -> Pin<Box<dyn Future<Output = Result<inner::Size<2>, fmt::Error>> + 'a>>;
            fn label<'a>(
                &'a self,
                like: &'a super::Label,
                r#type: super::super::Disk,
            ) -> Pin<Box<dyn Future<Output = Option<<Label as Labels>::Kind>> + 'a>>;
            fn part(&self, own: &Label) -> Map<u8, super::super::parts::Label>;
        }

        impl<T: Parts> Erased for T {
            fn count<'a>(
                &'a self,
                of: &'a Arc<Map<bool, Label>>,
            ) -> Pin<Box<dyn Future<Output = Result<inner::Size<2>, fmt::Error>> + 'a>>
            {
                Box::pin(<T as Parts>::count(self, of))
            }
            fn label<'a>(
                &'a self,
                like: &'a super::Label,
                r#type: super::super::Disk,
            ) -> Pin<Box<dyn Future<Output = Option<<Label as Labels>::Kind>> + 'a>> {
                Box::pin(<T as Parts>::label(self, like, r#type))
            }
            fn part(&self, own: &Label) -> Map<u8, super::super::parts::Label> {
                <T as Parts>::part(self, own)
            }
        }

        impl Parts for dyn Erased + '_ {
            async fn count(
                &self,
                of: &Arc<Map<bool, Label>>,
            ) -> Result<inner::Size<2>, fmt::Error> {
                Erased::count(self, of).await
            }
            async fn label(
                &self,
                like: &super::Label,
                r#type: super::super::Disk,
            ) -> Option<<Label as Labels>::Kind> {
                Erased::label(self, like, r#type).await
            }
            fn part(&self, own: &Label) -> Map<u8, super::super::parts::Label> {
                Erased::part(self, own)
            }
        }

        impl<T: Parts + ?Sized> Parts for Box<T> {
            fn count(
                &self,
                of: &Arc<Map<bool, Label>>,
            ) -> impl Future<Output = Result<inner::Size<2>, fmt::Error>> {
                T::count(self, of)
            }
            fn label(
                &self,
                like: &super::Label,
                r#type: super::super::Disk,
            ) -> impl Future<Output = Option<<Label as Labels>::Kind>> {
                T::label(self, like, r#type)
            }
            fn part(&self, own: &Label) -> Map<u8, super::super::parts::Label> {
                T::part(self, own)
            }
        }
    }
}
struct Label;
trait Split: parts::Parts + Debug {
    async fn split(&self, by: Label) -> usize;
}

/// `dyn Split` with boxed futures.
type DynSplit<'o> = dyn dyn_split::Erased + 'o;
#[doc(hidden)]
mod dyn_split {
    use super::{parts, Debug, Label, Split};
    use std::future::Future;
    use std::pin::Pin;

    pub(super) trait Erased: crate::parts::dyn_parts::Erased + Debug {
        fn split(&self, by: Label) -> Pin<Box<dyn Future<Output = usize> + '_>>;
    }

    impl<T: Split> Erased for T {
        fn split(&self, by: Label) -> Pin<Box<dyn Future<Output = usize> + '_>> {
            Box::pin(<T as Split>::split(self, by))
        }
    }

    impl parts::Parts for dyn Erased + '_ {
        async fn count(
            &self,
            of: &std::sync::Arc<std::collections::BTreeMap<bool, crate::parts::Label>>,
        ) -> Result<crate::parts::inner::Size<2>, std::fmt::Error> {
            crate::parts::dyn_parts::Erased::count(self, of).await
        }
        async fn label(
            &self,
            like: &crate::parts::Label,
            r#type: crate::Disk,
        ) -> Option<<crate::parts::Label as crate::parts::Labels>::Kind> {
            crate::parts::dyn_parts::Erased::label(self, like, r#type).await
        }
        fn part(
            &self,
            own: &crate::parts::Label,
        ) -> std::collections::BTreeMap<u8, crate::parts::Label> {
            crate::parts::dyn_parts::Erased::part(self, own)
        }
    }

    impl Split for dyn Erased + '_ {
        fn split(&self, by: Label) -> impl Future<Output = usize> {
            Erased::split(self, by)
        }
    }
}
impl parts::Parts for Disk {
    async fn count(
        &self,
        of: &std::sync::Arc<std::collections::BTreeMap<bool, parts::Label>>,
    ) -> Result<parts::inner::Size<2>, std::fmt::Error> {
        Ok(parts::inner::Size([self.0 as u8, of.len() as u8]))
    }
    async fn label(&self, like: &parts::Label, r#type: Disk) -> Option<u16> {
        Some(u16::from(like.0) + r#type.0 as u16)
    }
    fn part(&self, own: &parts::Label) -> std::collections::BTreeMap<u8, parts::Label> {
        [(own.0, parts::Label(1))].into()
    }
}
impl Split for Disk {
    async fn split(&self, _by: Label) -> usize {
        rt::pause().await;
        self.0
    }
}
async fn all_parts(s: &(impl Split + ?Sized)) -> usize {
    let sizes = s.count(&std::sync::Arc::default()).await.unwrap();
    let label = s.label(&parts::Label(1), Disk(2)).await.unwrap();
    let part = s.part(&parts::Label(5))[&5].0;
    usize::from(sizes.0[0]) + usize::from(label) + usize::from(part) + s.split(Label).await
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
        let split: Box<DynSplit<'_>> = Box::new(Disk(20));
        assert_eq!(split.split(Label).await, 20);
        assert_eq!(all_parts(&*split).await, 20 + 3 + 1 + 20);
        let mut opener: Box<DynOpen<'_>> = Box::new(Disk(7));
        opener.open().await.unwrap();
        assert_eq!(opener.name(), "disk8");
    });
}
