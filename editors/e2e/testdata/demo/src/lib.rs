//! An async trait that is used as `dyn`.

mod client;

use client::HttpClient;

pub struct Crawler {
    pub client: Box<dyn HttpClient>,
}

impl Crawler {
    pub async fn title(&self, url: &str) -> String {
        let page = self.client.fetch(url).await;
        page.lines().next().unwrap_or_default().to_owned()
    }
}

/* é🦀 */ pub async fn length(client: &dyn HttpClient) -> usize { client.fetch("/").await.len() }
