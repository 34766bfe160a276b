pub trait Alpha {
    async fn alpha(&self) -> u8;
}

/// `dyn Alpha` with boxed futures.
pub type DynAlpha<'o> = dyn dyn_alpha::Erased + 'o;
#[doc(hidden)]
pub mod dyn_alpha {
    use super::Alpha;
    use std::pin::Pin;

    pub trait Erased {
        fn alpha(&self) -> Pin<Box<dyn Future<Output = u8> + '_>>;
    }

    impl<T: Alpha> Erased for T {
        fn alpha(&self) -> Pin<Box<dyn Future<Output = u8> + '_>> {
            Box::pin(<T as Alpha>::alpha(self))
        }
    }

    impl Alpha for dyn Erased + '_ {
        fn alpha(&self) -> impl Future<Output = u8> {
            Erased::alpha(self)
        }
    }

    impl<T: Alpha + ?Sized> Alpha for Box<T> {
        fn alpha(&self) -> impl Future<Output = u8> {
            T::alpha(self)
        }
    }
}
pub trait Beta {
    async fn beta(&self) -> u8;
}

/// `dyn Beta` with boxed futures.
pub type DynBeta<'o> = dyn dyn_beta::Erased + 'o;
#[doc(hidden)]
pub mod dyn_beta {
    use super::Beta;
    use std::pin::Pin;

    pub trait Erased {
        fn beta(&self) -> Pin<Box<dyn Future<Output = u8> + '_>>;
    }

    impl<T: Beta> Erased for T {
        fn beta(&self) -> Pin<Box<dyn Future<Output = u8> + '_>> {
            Box::pin(<T as Beta>::beta(self))
        }
    }

    impl Beta for dyn Erased + '_ {
        fn beta(&self) -> impl Future<Output = u8> {
            Erased::beta(self)
        }
    }

    impl<T: Beta + ?Sized> Beta for Box<T> {
        fn beta(&self) -> impl Future<Output = u8> {
            T::beta(self)
        }
    }
}
pub trait Gamma {
    async fn gamma(&self) -> u8;
}

/// `dyn Gamma` with boxed futures.
pub type DynGamma<'o> = dyn dyn_gamma::Erased + 'o;
#[doc(hidden)]
pub mod dyn_gamma {
    use super::Gamma;
    use std::pin::Pin;

    pub trait Erased {
        fn gamma(&self) -> Pin<Box<dyn Future<Output = u8> + '_>>;
    }

    impl<T: Gamma> Erased for T {
        fn gamma(&self) -> Pin<Box<dyn Future<Output = u8> + '_>> {
            Box::pin(<T as Gamma>::gamma(self))
        }
    }

    impl Gamma for dyn Erased + '_ {
        fn gamma(&self) -> impl Future<Output = u8> {
            Erased::gamma(self)
        }
    }

    impl<T: Gamma + ?Sized> Gamma for Box<T> {
        fn gamma(&self) -> impl Future<Output = u8> {
            T::gamma(self)
        }
    }
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
    alpha: Box<DynAlpha<'static>>,
    beta: Box<DynBeta<'static>>,
    gamma: Box<DynGamma<'static>>,
}

impl App {
    fn assemble(
        alpha: Box<DynAlpha<'static>>,
        beta: Box<DynBeta<'static>>,
        gamma: Box<DynGamma<'static>>,
    ) -> Self {
        App { alpha, beta, gamma }
    }
    fn split(
        self,
    ) -> (
        Box<DynAlpha<'static>>,
        Box<DynBeta<'static>>,
        Box<DynGamma<'static>>,
    ) {
        (self.alpha, self.beta, self.gamma)
    }
}

async fn sum(first: &DynAlpha<'_>, second: &DynBeta<'_>, third: &DynGamma<'_>, others: u8) -> u8 {
    first.alpha().await + second.beta().await + third.gamma().await + others
}

fn main() {
    let app = App::assemble(Box::new(X), Box::new(X), Box::new(X));
    let (a, b, g) = app.split();
    assert_eq!(rt::block_on(sum(&*a, &*b, &*g, 1)), 7);
}
