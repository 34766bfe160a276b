pub trait Alpha {
    async fn alpha(&self) -> u8;
}
pub trait Beta {
    async fn beta(&self) -> u8;
}
pub trait Gamma {
    async fn gamma(&self) -> u8;
}

struct X;
impl Alpha for X {
    async fn alpha(&self) -> u8 {
        1
    }
}
impl Beta for X {
    async fn beta(&self) -> u8 {
        2
    }
}
impl Gamma for X {
    async fn gamma(&self) -> u8 {
        3
    }
}

struct App {
    alpha: Box<dyn Alpha>,
    beta: Box<dyn Beta>,
    gamma: Box<dyn Gamma>,
}

impl App {
    fn assemble(alpha: Box<dyn Alpha>, beta: Box<dyn Beta>, gamma: Box<dyn Gamma>) -> Self {
        App { alpha, beta, gamma }
    }
    fn split(self) -> (Box<dyn Alpha>, Box<dyn Beta>, Box<dyn Gamma>) {
        (self.alpha, self.beta, self.gamma)
    }
}

async fn sum(first: &dyn Alpha, second: &dyn Beta, third: &dyn Gamma, others: u8) -> u8 {
    first.alpha().await + second.beta().await + third.gamma().await + others
}

fn main() {
    let app = App::assemble(Box::new(X), Box::new(X), Box::new(X));
    let (a, b, g) = app.split();
    assert_eq!(rt::block_on(sum(&*a, &*b, &*g, 1)), 7);
}
