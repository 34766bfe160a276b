pub trait Named {
    fn name(&self) -> &str;
    fn renamed(&self, name: &str) -> Self;
}

pub trait Channel: Named {
    async fn send(&self, message: &str) -> Result<(), String>;
    fn is_open(&self) -> bool;
}
