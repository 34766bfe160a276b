pub trait HttpClient {
    async fn fetch(&self, url: &str) -> String;
    fn base(&self) -> &str;
}
