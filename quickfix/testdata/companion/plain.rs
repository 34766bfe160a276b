trait AsyncCounter {
    async fn get_value(&self) -> usize;
    async fn increment_by(&mut self, amount: usize);
}

trait HttpClient {
    async fn fetch(&self, url: &str) -> Response;
    fn name(&self) -> &str {
        "client"
    }
}

#[derive(Debug, PartialEq)]
struct Response(String);

struct Counter(usize);

impl AsyncCounter for Counter {
    async fn get_value(&self) -> usize {
        pause().await;
        self.0
    }
    async fn increment_by(&mut self, amount: usize) {
        pause().await;
        self.0 += amount;
    }
}

struct Echo;

impl HttpClient for Echo {
    async fn fetch(&self, url: &str) -> Response {
        pause().await;
        Response(url.to_owned())
    }
}

async fn count(counter: &mut dyn AsyncCounter) -> usize {
    counter.increment_by(42).await;
    counter.get_value().await
}

async fn fetch(client: &dyn HttpClient, url: &str) -> Response {
    client.fetch(url).await
}

async fn fetch_static(client: &(impl HttpClient + ?Sized), url: &str) -> Response {
    client.fetch(url).await
}

async fn count_static(counter: &mut (impl AsyncCounter + ?Sized)) -> usize {
    counter.increment_by(1).await;
    counter.get_value().await
}

fn main() {
    let mut counter = Counter(0);
    assert_eq!(block_on(count(&mut counter)), 42);
    let object: &mut dyn AsyncCounter = &mut counter;
    assert_eq!(block_on(count_static(object)), 43);
    let client: Box<dyn HttpClient> = Box::new(Echo);
    let url = String::from("u");
    assert_eq!(block_on(fetch(&*client, &url)), Response("u".into()));
    assert_eq!(block_on(fetch_static(&*client, &url)), Response("u".into()));
    assert_eq!(client.name(), "client");
}
