trait AsyncCounter {
    async fn get_value(&self) -> usize;
    async fn increment_by(&mut self, amount: usize);
}

trait HttpClient {
    async fn fetch(&self, url: &str) -> Response;
}

#[derive(Debug, PartialEq)]
struct Response(String);

trait Greeter {
    async fn greet(&self) -> String;
    async fn part(self) -> String;
}

struct MyCounter(usize);

impl AsyncCounter for MyCounter {
    async fn get_value(&self) -> usize {
        pause().await;
        self.0
    }
    async fn increment_by(&mut self, amount: usize) {
        pause().await;
        self.0 += amount;
    }
}

async fn use_counter(counter: &mut dyn AsyncCounter) -> usize {
    counter.increment_by(42).await;
    counter.get_value().await
}

async fn generic(c: &mut (impl AsyncCounter + ?Sized)) -> usize {
    c.increment_by(1).await;
    c.get_value().await
}

struct Echo;

impl HttpClient for Echo {
    async fn fetch(&self, url: &str) -> Response {
        pause().await;
        Response(url.into())
    }
}

impl Greeter for Echo {
    async fn greet(&self) -> String {
        "hello".into()
    }
    async fn part(self) -> String {
        "bye".into()
    }
}

fn main() {
    block_on(async {
        let mut c = MyCounter(1);
        let object: &mut dyn AsyncCounter = &mut c;
        assert_eq!(use_counter(object).await, 43);
        let mut b: Box<dyn AsyncCounter> = Box::new(MyCounter(0));
        assert_eq!(use_counter(&mut *b).await, 42);
        assert_eq!(generic(&mut *b).await, 43);

        let owned: Box<dyn HttpClient> = Box::new(Echo);
        let shared: std::rc::Rc<dyn HttpClient> = std::rc::Rc::new(&Echo);
        for c in [&*owned, &*shared] {
            let url = String::from("u");
            assert_eq!(c.fetch(&url).await, Response("u".into()));
        }
        let g: Box<dyn Greeter> = Box::new(Echo);
        assert_eq!(g.greet().await, "hello");
        assert_eq!(g.part().await, "bye");
    });
}
