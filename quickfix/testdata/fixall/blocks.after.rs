// Edition 2021

mod model {
    pub trait Rule<In: ?Sized, Out = bool> {
        async fn apply(&self, input: &In) -> Out;
    }

    /// `dyn Rule` with boxed futures.
    pub type DynRule<'o, In, Out = bool> = dyn dyn_rule::Erased<In, Out> + 'o;
    #[doc(hidden)]
    pub mod dyn_rule {
        use super::Rule;
        use std::future::Future;
        use std::pin::Pin;

        pub trait Erased<In: ?Sized, Out = bool> {
            fn apply<'a>(&'a self, input: &'a In) -> Pin<Box<dyn Future<Output = Out> + 'a>>
            where
                In: 'a,
                Out: 'a;
        }

        impl<In: ?Sized, Out, T: Rule<In, Out>> Erased<In, Out> for T {
            fn apply<'a>(&'a self, input: &'a In) -> Pin<Box<dyn Future<Output = Out> + 'a>>
            where
                In: 'a,
                Out: 'a,
            {
                Box::pin(<T as Rule<In, Out>>::apply(self, input))
            }
        }

        impl<'o, In: 'o + ?Sized, Out: 'o> Rule<In, Out> for dyn Erased<In, Out> + 'o {
            async fn apply(&self, input: &In) -> Out {
                Erased::apply(self, input).await
            }
        }

        impl<In: ?Sized, Out, T: Rule<In, Out> + ?Sized> Rule<In, Out> for Box<T> {
            fn apply(&self, input: &In) -> impl Future<Output = Out> {
                T::apply(self, input)
            }
        }
    }
    impl<In: ?Sized, Out, F: Fn(&In) -> Out> Rule<In, Out> for Wrap<F> {
        async fn apply(&self, input: &In) -> Out {
            (self.0)(input)
        }
    }
    pub struct Wrap<F>(pub F);
}

fn main() {
    use model::Wrap;
    let rules: Vec<Box<model::DynRule<'_, str>>> = {
        use model::DynRule;
        let first: Box<DynRule<'_, str>> = Box::new(Wrap(|s: &str| s.is_empty()));
        vec![first, Box::new(Wrap(|s: &str| s.len() == 1))]
    };
    let sized: &model::DynRule<'_, u8, Option<u8>> = &Wrap(|n: &u8| n.checked_sub(1));
    rt::block_on(async {
        let mut hits = 0;
        for rule in rules.iter() {
            if rule.apply("a").await {
                hits += 1;
            }
        }
        assert_eq!(hits, 1);
        assert_eq!(sized.apply(&0).await, None);
    });
}
