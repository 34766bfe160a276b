pub struct Error(pub u8);
pub const LEN: usize = 2;

pub mod shapes {
    pub mod inner {
        pub struct Deep(pub u8);
    }
    pub type Bytes = [u8; 3];

    pub mod api {
        use super::*;
        use crate::rt::pause;

        /// Paths go up from where the trait stands; names come by a glob.
        #[cfg(not(any()))]
        pub(crate) trait Scoped<T = u8>
        where
            T: Into<u32>,
        {
            /// Hides the crate's type of this name.
            type Error: std::fmt::Debug;
            async fn up(&self, error: super::super::Error) -> Result<inner::Deep, Self::Error>;
            async fn own(&self, t: self::Own<T>) -> Bytes;
            async fn sized(&self, list: [Bytes; super::super::LEN], f: fn(&Own<T>) -> u8) -> u8;
            fn plain(&self, own: &Own<T>, other: Result<(), crate::Error>) -> u32;
        }

        /// `dyn Scoped` with boxed futures.
        #[cfg(not(any()))]
        pub(crate) type DynScoped<'o, Error, T = u8> =
            dyn dyn_scoped::Erased<T, Error = Error> + 'o;
        #[cfg(not(any()))]
        #[doc(hidden)]
        pub(crate) mod dyn_scoped {
            use super::*;
            use std::future::Future;
            use std::pin::Pin;

            pub(crate) trait Erased<T = u8>
            where
                T: Into<u32>,
            {
                type Error: std::fmt::Debug;
                fn up<'a>(
                    &'a self,
                    error: super::super::super::Error,
                ) -> Pin<Box<dyn Future<Output = Result<inner::Deep, Self::Error>> + 'a>>
                where
                    T: 'a;
                fn own<'a>(&'a self, t: super::Own<T>) -> Pin<Box<dyn Future<Output = Bytes> + 'a>>
                where
                    T: 'a;
                fn sized<'a>(
                    &'a self,
                    list: [Bytes; super::super::super::LEN],
                    f: fn(&Own<T>) -> u8,
                ) -> Pin<Box<dyn Future<Output = u8> + 'a>>
                where
                    T: 'a;
                fn plain(&self, own: &Own<T>, other: Result<(), crate::Error>) -> u32;
            }

            impl<T, S: Scoped<T>> Erased<T> for S
            where
                T: Into<u32>,
            {
                type Error = <S as Scoped<T>>::Error;
                fn up<'a>(
                    &'a self,
                    error: super::super::super::Error,
                ) -> Pin<Box<dyn Future<Output = Result<inner::Deep, Self::Error>> + 'a>>
                where
                    T: 'a,
                {
                    Box::pin(<S as Scoped<T>>::up(self, error))
                }
                fn own<'a>(&'a self, t: super::Own<T>) -> Pin<Box<dyn Future<Output = Bytes> + 'a>>
                where
                    T: 'a,
                {
                    Box::pin(<S as Scoped<T>>::own(self, t))
                }
                fn sized<'a>(
                    &'a self,
                    list: [Bytes; super::super::super::LEN],
                    f: fn(&Own<T>) -> u8,
                ) -> Pin<Box<dyn Future<Output = u8> + 'a>>
                where
                    T: 'a,
                {
                    Box::pin(<S as Scoped<T>>::sized(self, list, f))
                }
                fn plain(&self, own: &Own<T>, other: Result<(), crate::Error>) -> u32 {
                    <S as Scoped<T>>::plain(self, own, other)
                }
            }

            impl<'o, T: 'o, Error: std::fmt::Debug> Scoped<T> for dyn Erased<T, Error = Error> + 'o
            where
                T: Into<u32>,
            {
                type Error = Error;
                fn up(
                    &self,
                    error: super::super::super::Error,
                ) -> impl Future<Output = Result<inner::Deep, Self::Error>> {
                    Erased::up(self, error)
                }
                fn own(&self, t: super::Own<T>) -> impl Future<Output = Bytes> {
                    Erased::own(self, t)
                }
                fn sized(
                    &self,
                    list: [Bytes; super::super::super::LEN],
                    f: fn(&Own<T>) -> u8,
                ) -> impl Future<Output = u8> {
                    Erased::sized(self, list, f)
                }
                fn plain(&self, own: &Own<T>, other: Result<(), crate::Error>) -> u32 {
                    Erased::plain(self, own, other)
                }
            }

            impl<T, S: Scoped<T> + ?Sized> Scoped<T> for Box<S>
            where
                T: Into<u32>,
            {
                type Error = S::Error;
                fn up(
                    &self,
                    error: super::super::super::Error,
                ) -> impl Future<Output = Result<inner::Deep, Self::Error>> {
                    S::up(self, error)
                }
                fn own(&self, t: super::Own<T>) -> impl Future<Output = Bytes> {
                    S::own(self, t)
                }
                fn sized(
                    &self,
                    list: [Bytes; super::super::super::LEN],
                    f: fn(&Own<T>) -> u8,
                ) -> impl Future<Output = u8> {
                    S::sized(self, list, f)
                }
                fn plain(&self, own: &Own<T>, other: Result<(), crate::Error>) -> u32 {
                    S::plain(self, own, other)
                }
            }
        }

        pub struct Own<V>(pub V);

        pub struct Native;

        impl Scoped for Native {
            type Error = String;
            async fn up(&self, error: crate::Error) -> Result<inner::Deep, String> {
                pause().await;
                Ok(inner::Deep(error.0))
            }
            async fn own(&self, t: Own<u8>) -> Bytes {
                pause().await;
                [t.0; 3]
            }
            async fn sized(&self, list: [Bytes; 2], f: fn(&Own<u8>) -> u8) -> u8 {
                pause().await;
                list[1][0] + f(&Own(1))
            }
            fn plain(&self, own: &Own<u8>, other: Result<(), crate::Error>) -> u32 {
                u32::from(own.0) + u32::from(other.is_ok())
            }
        }
    }
}

mod user {
    use crate::shapes::api::{self, DynScoped, Scoped};

    pub async fn all(s: &DynScoped<'_, String, u8>) -> u32 {
        let up = s.up(crate::Error(1)).await.unwrap().0;
        let own = s.own(api::Own(2)).await[2];
        let sized = s.sized([[3; 3]; 2], |own| own.0).await;
        s.plain(&api::Own(4), Ok(())) + u32::from(up + own + sized)
    }

    pub fn plain(s: &(impl Scoped<u8> + ?Sized)) -> u32 {
        s.plain(&api::Own(4), Err(crate::Error(0)))
    }

    pub fn boxed() -> Box<api::DynScoped<'static, String, u8>> {
        Box::new(api::Native)
    }
}

fn main() {
    assert_eq!(user::plain(&*user::boxed()), 4);
    assert_eq!(block_on(user::all(&*user::boxed())), 12);
    block_on(pause());
}
