// Edition 2021

mod model {
    pub trait Rule<In: ?Sized, Out = bool> {
        async fn apply(&self, input: &In) -> Out;
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
    let rules: Vec<Box<dyn model::Rule<str>>> = {
        use model::Rule as R;
        let first: Box<dyn R<str>> = Box::new(Wrap(|s: &str| s.is_empty()));
        vec![first, Box::new(Wrap(|s: &str| s.len() == 1))]
    };
    let sized: &dyn model::Rule<u8, Option<u8>> = &Wrap(|n: &u8| n.checked_sub(1));
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
