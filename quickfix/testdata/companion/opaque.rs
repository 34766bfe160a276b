use rt::Stream;
use std::fmt::Display;
use std::future::Future;

trait Shape {
    fn area(&self) -> f64;
}

struct Sq(f64);

impl Shape for Sq {
    fn area(&self) -> f64 {
        self.0 * self.0
    }
}

impl<T: Shape + ?Sized> Shape for Box<T> {
    fn area(&self) -> f64 {
        T::area(self)
    }
}

trait Source {
    fn items(&self) -> impl Iterator<Item = u32>;
    fn stream(&self) -> impl Stream<Item = u32>;
    fn fut(&self) -> impl Future<Output = u32> + Send;
    fn label(&self) -> impl Display + '_;
    fn adder(&self) -> impl Fn(u32) -> u32;
    fn owned(&self) -> impl Iterator<Item = u32> + Send + 'static;
    fn shape(&self) -> impl Shape;
    fn parts<'a>(&self, s: &'a str) -> impl Iterator<Item = &'a str>; // two regions
}

struct S(Vec<u32>);

impl Source for S {
    fn items(&self) -> impl Iterator<Item = u32> {
        self.0.iter().copied()
    }
    fn stream(&self) -> impl Stream<Item = u32> {
        rt::Iter(self.0.iter().copied())
    }
    async fn fut(&self) -> u32 {
        pause().await;
        self.0[0]
    }
    fn label(&self) -> impl Display + '_ {
        self.0[0]
    }
    fn adder(&self) -> impl Fn(u32) -> u32 {
        |x| x + self.0[0]
    }
    fn owned(&self) -> impl Iterator<Item = u32> + Send + 'static {
        self.0.clone().into_iter()
    }
    fn shape(&self) -> impl Shape {
        Sq(2.0)
    }
    fn parts<'a>(&self, s: &'a str) -> impl Iterator<Item = &'a str> {
        s.split(',')
    }
}

trait Lines {
    fn lines(&self) -> impl Iterator<Item = String>;
    fn shape(&self) -> impl Shape;
}

struct L;

impl Lines for L {
    fn lines(&self) -> impl Iterator<Item = String> {
        ["x".to_string()].into_iter()
    }
    fn shape(&self) -> impl Shape {
        Sq(1.0)
    }
}

fn main() {
    block_on(async {
        let s: Box<dyn Source> = Box::new(S(vec![1, 2, 3]));
        assert_eq!(s.items().sum::<u32>(), 6);
        assert_eq!(rt::next(s.stream().as_mut()).await, Some(1));
        assert_eq!(s.fut().await, 1);
        assert_eq!(s.label().to_string(), "1");
        assert_eq!((s.adder())(4), 5);
        let o = s.owned();
        assert_eq!(s.shape().area(), 4.0);
        assert_eq!(s.parts("a,b").collect::<Vec<_>>(), ["a", "b"]);
        drop(s);
        assert_eq!(o.count(), 3);

        let l: &dyn Lines = &L;
        assert_eq!(l.lines().count(), 1);
        assert_eq!(l.shape().area(), 1.0);
    });
}
