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
    use crate::shapes::api::{self, Scoped};

    pub async fn all(s: &dyn Scoped<u8, Error = String>) -> u32 {
        let up = s.up(crate::Error(1)).await.unwrap().0;
        let own = s.own(api::Own(2)).await[2];
        let sized = s.sized([[3; 3]; 2], |own| own.0).await;
        s.plain(&api::Own(4), Ok(())) + u32::from(up + own + sized)
    }

    pub fn plain(s: &(impl Scoped<u8> + ?Sized)) -> u32 {
        s.plain(&api::Own(4), Err(crate::Error(0)))
    }

    pub fn boxed() -> Box<dyn api::Scoped<u8, Error = String>> {
        Box::new(api::Native)
    }
}

fn main() {
    assert_eq!(user::plain(&*user::boxed()), 4);
    assert_eq!(block_on(user::all(&*user::boxed())), 12);
    block_on(pause());
}
