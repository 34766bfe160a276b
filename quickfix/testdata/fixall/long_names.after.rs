use std::collections::HashMap;

pub trait MetricsExporterBackend {
    async fn export_histogram_with_labels_and_exemplars(
        &self,
        histogram_name: &str,
        labels: &HashMap<String, String>,
        exemplars: Option<&[(u64, f64)]>,
    ) -> Result<HashMap<String, Vec<(u64, f64)>>, Box<dyn std::error::Error + Send + Sync + 'static>>;

    /// Comments stay.
    async fn flush(&self, /* how long */ timeout_millis: u64) -> bool; // and here

    async fn a_method_whose_signature_is_just_about_one_line(&self, first: u8, second: u16) -> u32;
}

/// `dyn MetricsExporterBackend` with boxed futures.
pub type DynMetricsExporterBackend<'o> = dyn dyn_metrics_exporter_backend::Erased + 'o;
#[doc(hidden)]
pub mod dyn_metrics_exporter_backend {
    use super::{HashMap, MetricsExporterBackend};
    use std::pin::Pin;

    pub trait Erased {
        fn export_histogram_with_labels_and_exemplars<'s, 'life1, 'life2, 'life3, 'fut>(
            &'s self,
            histogram_name: &'life1 str,
            labels: &'life2 HashMap<String, String>,
            exemplars: Option<&'life3 [(u64, f64)]>,
        ) -> Pin<
            Box<
                dyn Future<
                        Output = Result<
                            HashMap<String, Vec<(u64, f64)>>,
                            Box<dyn std::error::Error + Send + Sync + 'static>,
                        >,
                    > + 'fut,
            >,
        >
        where
            's: 'fut,
            'life1: 'fut,
            'life2: 'fut,
            'life3: 'fut;
        fn flush(&self, timeout_millis: u64) -> Pin<Box<dyn Future<Output = bool> + '_>>;
        fn a_method_whose_signature_is_just_about_one_line(
            &self,
            first: u8,
            second: u16,
        ) -> Pin<Box<dyn Future<Output = u32> + '_>>;
    }

    impl<T: MetricsExporterBackend> Erased for T {
        fn export_histogram_with_labels_and_exemplars<'s, 'life1, 'life2, 'life3, 'fut>(
            &'s self,
            histogram_name: &'life1 str,
            labels: &'life2 HashMap<String, String>,
            exemplars: Option<&'life3 [(u64, f64)]>,
        ) -> Pin<
            Box<
                dyn Future<
                        Output = Result<
                            HashMap<String, Vec<(u64, f64)>>,
                            Box<dyn std::error::Error + Send + Sync + 'static>,
                        >,
                    > + 'fut,
            >,
        >
        where
            's: 'fut,
            'life1: 'fut,
            'life2: 'fut,
            'life3: 'fut,
        {
            Box::pin(
                <T as MetricsExporterBackend>::export_histogram_with_labels_and_exemplars(
                    self,
                    histogram_name,
                    labels,
                    exemplars,
                ),
            )
        }
        fn flush(&self, timeout_millis: u64) -> Pin<Box<dyn Future<Output = bool> + '_>> {
            Box::pin(<T as MetricsExporterBackend>::flush(self, timeout_millis))
        }
        fn a_method_whose_signature_is_just_about_one_line(
            &self,
            first: u8,
            second: u16,
        ) -> Pin<Box<dyn Future<Output = u32> + '_>> {
            Box::pin(
                <T as MetricsExporterBackend>::a_method_whose_signature_is_just_about_one_line(
                    self, first, second,
                ),
            )
        }
    }

    impl MetricsExporterBackend for dyn Erased + '_ {
        async fn export_histogram_with_labels_and_exemplars(
            &self,
            histogram_name: &str,
            labels: &HashMap<String, String>,
            exemplars: Option<&[(u64, f64)]>,
        ) -> Result<
            HashMap<String, Vec<(u64, f64)>>,
            Box<dyn std::error::Error + Send + Sync + 'static>,
        > {
            Erased::export_histogram_with_labels_and_exemplars(
                self,
                histogram_name,
                labels,
                exemplars,
            )
            .await
        }
        fn flush(&self, timeout_millis: u64) -> impl Future<Output = bool> {
            Erased::flush(self, timeout_millis)
        }
        fn a_method_whose_signature_is_just_about_one_line(
            &self,
            first: u8,
            second: u16,
        ) -> impl Future<Output = u32> {
            Erased::a_method_whose_signature_is_just_about_one_line(self, first, second)
        }
    }

    impl<T: MetricsExporterBackend + ?Sized> MetricsExporterBackend for Box<T> {
        fn export_histogram_with_labels_and_exemplars(
            &self,
            histogram_name: &str,
            labels: &HashMap<String, String>,
            exemplars: Option<&[(u64, f64)]>,
        ) -> impl Future<
            Output = Result<
                HashMap<String, Vec<(u64, f64)>>,
                Box<dyn std::error::Error + Send + Sync + 'static>,
            >,
        > {
            T::export_histogram_with_labels_and_exemplars(self, histogram_name, labels, exemplars)
        }
        fn flush(&self, timeout_millis: u64) -> impl Future<Output = bool> {
            T::flush(self, timeout_millis)
        }
        fn a_method_whose_signature_is_just_about_one_line(
            &self,
            first: u8,
            second: u16,
        ) -> impl Future<Output = u32> {
            T::a_method_whose_signature_is_just_about_one_line(self, first, second)
        }
    }
}

struct Nop;
impl MetricsExporterBackend for Nop {
    async fn export_histogram_with_labels_and_exemplars(
        &self,
        histogram_name: &str,
        labels: &HashMap<String, String>,
        exemplars: Option<&[(u64, f64)]>,
    ) -> Result<HashMap<String, Vec<(u64, f64)>>, Box<dyn std::error::Error + Send + Sync + 'static>>
    {
        let key = format!("{histogram_name}{}", labels.len());
        Ok(HashMap::from([(
            key,
            exemplars.unwrap_or_default().to_vec(),
        )]))
    }
    async fn flush(&self, timeout_millis: u64) -> bool {
        timeout_millis > 0
    }
    async fn a_method_whose_signature_is_just_about_one_line(&self, first: u8, second: u16) -> u32 {
        u32::from(first) + u32::from(second)
    }
}

async fn export_everything_to(
    backend: &DynMetricsExporterBackend<'_>,
    labels: HashMap<String, String>,
) -> usize {
    backend
        .export_histogram_with_labels_and_exemplars("h", &labels, Some(&[(1, 2.0)]))
        .await
        .map_or(0, |m| m["h0"].len())
}

fn main() {
    rt::block_on(async {
        assert_eq!(export_everything_to(&Nop, HashMap::new()).await, 1);
        let b: &DynMetricsExporterBackend<'_> = &Nop;
        assert!(b.flush(1).await);
        assert_eq!(
            b.a_method_whose_signature_is_just_about_one_line(1, 2)
                .await,
            3
        );
    });
}
