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

/// Async only in what it asks for.
trait Whole: Close + Probe {
    fn kind(&self) -> u8;
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

trait Named {
    fn name(&self) -> String;
}

trait Open: Named {
    async fn open(&mut self) -> Result<(), String>;
}

trait Close: Debug {
    async fn close(&mut self, force: bool) -> usize;
}

impl<T: Named + ?Sized> Named for Box<T> {
    fn name(&self) -> String {
        (**self).name()
    }
}

impl Open for Box<dyn Device> {
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
}
struct Label;
trait Split: parts::Parts + Debug {
    async fn split(&self, by: Label) -> usize;
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
fn make(kind: &str) -> Box<dyn Device> {
    match kind {
        "a" => Box::new(Disk(0)),
        _ => Box::new(Disk(10)),
    }
}
struct Bus<'d> {
    devices: Vec<&'d mut dyn Device>,
    closers: Vec<Box<dyn Close>>,
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
type Maker = fn(&str) -> Box<dyn Device>;
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
        let mut whole: Box<dyn Whole> = Box::new(Disk(1));
        assert_eq!(whole.close(true).await + usize::from(whole.kind()), 6);
        let split: Box<dyn Split> = Box::new(Disk(20));
        assert_eq!(split.split(Label).await, 20);
        assert_eq!(all_parts(&*split).await, 20 + 3 + 1 + 20);
        let mut opener: Box<dyn Open> = Box::new(Disk(7));
        opener.open().await.unwrap();
        assert_eq!(opener.name(), "disk8");
    });
}
