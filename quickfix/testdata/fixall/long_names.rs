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
    backend: &dyn MetricsExporterBackend,
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
        let b: &dyn MetricsExporterBackend = &Nop;
        assert!(b.flush(1).await);
        assert_eq!(
            b.a_method_whose_signature_is_just_about_one_line(1, 2)
                .await,
            3
        );
    });
}
