use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt::Debug;
use std::hash::Hash;

trait Store<K, V>
where
    K: Eq + Hash,
{
    async fn get(&self, k: &K) -> Option<V>;
    async fn put(&mut self, k: K, v: V) -> Option<V>;
}

trait Ring<const N: usize> {
    async fn snapshot(&self) -> [u8; N];
}

trait Repo<'db> {
    async fn load(&self, id: usize) -> &'db str;
}

struct Ctx<'c>(&'c str);

trait Picker {
    async fn pick<'a, 'b>(&'a self, x: &'b str) -> &'a str
    where
        'b: 'a;
    async fn merge(&self, a: &str, b: &mut Vec<u8>, c: &[u8]) -> usize;
    async fn name(&self, key: &str) -> &str; // elided: borrowed from self only
    async fn cow(&self) -> Result<Cow<'_, str>, String>;
    async fn with_ctx(&self, cx: Ctx<'_>, cy: &Ctx<'_>) -> usize;
    async fn from_arg<'b>(&self, x: &'b str) -> &'b str;
    async fn assoc<'b>(x: &'b str) -> &'b str
    where
        Self: Sized;
}

struct Mem<K, V>(HashMap<K, V>);

impl<K: Eq + Hash, V: Clone> Store<K, V> for Mem<K, V> {
    async fn get(&self, k: &K) -> Option<V> {
        pause().await;
        self.0.get(k).cloned()
    }
    async fn put(&mut self, k: K, v: V) -> Option<V> {
        pause().await;
        self.0.insert(k, v)
    }
}

async fn copy<K: Eq + Hash + Debug, V>(
    s: &mut (impl Store<K, V> + ?Sized),
    a: K,
    b: K,
) -> Option<V> {
    let v = s.get(&a).await?;
    s.put(b, v).await
}

struct Zero;

impl Ring<3> for Zero {
    async fn snapshot(&self) -> [u8; 3] {
        [0; 3]
    }
}

struct Db<'d>(Vec<&'d str>);

impl<'d> Repo<'d> for Db<'d> {
    async fn load(&self, id: usize) -> &'d str {
        pause().await;
        self.0[id]
    }
}

struct P(String);

impl Picker for P {
    async fn pick<'a, 'b>(&'a self, x: &'b str) -> &'a str
    where
        'b: 'a,
    {
        pause().await;
        match x {
            "" => &self.0,
            _ => x,
        }
    }
    async fn merge(&self, a: &str, b: &mut Vec<u8>, c: &[u8]) -> usize {
        b.extend_from_slice(a.as_bytes());
        pause().await;
        b.extend_from_slice(c);
        b.len()
    }
    async fn name(&self, key: &str) -> &str {
        pause().await;
        self.0.strip_prefix(key).unwrap_or(&self.0)
    }
    async fn cow(&self) -> Result<Cow<'_, str>, String> {
        Ok(Cow::Borrowed(&self.0))
    }
    async fn with_ctx(&self, cx: Ctx<'_>, cy: &Ctx<'_>) -> usize {
        pause().await;
        cx.0.len() + cy.0.len()
    }
    async fn from_arg<'b>(&self, x: &'b str) -> &'b str {
        pause().await;
        x
    }
    async fn assoc<'b>(x: &'b str) -> &'b str {
        x
    }
}

fn main() {
    block_on(async {
        let mut s: Box<dyn Store<String, u32>> = Box::new(Mem(HashMap::new()));
        assert_eq!(s.put("a".into(), 1).await, None);
        assert_eq!(copy(&mut *s, "a".into(), "b".into()).await, None);
        assert_eq!(s.get(&"b".into()).await, Some(1));
        let local = String::from("k");
        {
            let mut m: Box<dyn Store<&str, &str> + '_> = Box::new(Mem(HashMap::new()));
            m.put(&local, &local).await;
            assert_eq!(m.get(&"k").await, Some("k"));
        }
        let r: &dyn Ring<3> = &Zero;
        assert_eq!(r.snapshot().await, [0; 3]);

        let text = String::from("row0");
        let got;
        {
            let db: Box<dyn Repo<'_> + '_> = Box::new(Db(vec![&text]));
            got = db.load(0).await; // &'db str outlives the box
        }
        assert_eq!(got, "row0");

        let p: Box<dyn Picker> = Box::new(P("k:v".into()));
        assert_eq!(p.pick("").await, "k:v");
        let mut buf = vec![];
        assert_eq!(p.merge("a", &mut buf, b"bc").await, 3);
        let n = {
            let key = String::from("k:"); // shorter than the result
            p.name(&key).await
        };
        assert_eq!(n, "v");
        assert_eq!(p.cow().await.unwrap(), "k:v");
        assert_eq!(p.with_ctx(Ctx("ab"), &Ctx("c")).await, 3);
        let arg = String::from("arg");
        let from = {
            let q: Box<dyn Picker> = Box::new(P(String::new()));
            q.from_arg(&arg).await // outlives the object
        };
        assert_eq!(from, "arg");
        assert_eq!(P::assoc("s").await, "s");
    });
}
