//! Latencies, counted in buckets that are fine for short and coarse for long ones.

use std::time::Duration;

/// Buckets per doubling: each is about 3 % wide.
const SUB_BUCKETS: u64 = 32;
const SUB_BUCKET_BITS: u32 = SUB_BUCKETS.trailing_zeros();
/// Microseconds below this have a bucket each; every doubling from here to the largest `u64` has [`SUB_BUCKETS`].
const BUCKETS: usize = ((64 - SUB_BUCKET_BITS + 1) as usize) << SUB_BUCKET_BITS;

/// A log-linear histogram of microseconds.
#[derive(Clone, Debug)]
pub(super) struct Histogram {
    counts: Vec<u64>,
    total: u64,
}

impl Histogram {
    pub(super) fn new() -> Self {
        Self { counts: vec![0; BUCKETS], total: 0 }
    }

    pub(super) fn record(&mut self, latency: Duration) {
        let micros = u64::try_from(latency.as_micros()).unwrap_or(u64::MAX);
        self.counts[bucket(micros)] += 1;
        self.total += 1;
    }

    pub(super) fn merge(&mut self, other: &Self) {
        for (count, more) in self.counts.iter_mut().zip(&other.counts) {
            *count += more;
        }
        self.total += other.total;
    }

    pub(super) fn count(&self) -> u64 {
        self.total
    }

    /// The latency that `share` (0 to 1) of all stay below or reach; zero when nothing was recorded.
    pub(super) fn quantile(&self, share: f64) -> Duration {
        #[expect(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a count of requests is far below 2^52 and its share lies between 0 and it"
        )]
        let rank = ((self.total as f64 * share).ceil() as u64).max(1);
        let mut seen = 0;
        for (index, count) in self.counts.iter().enumerate() {
            seen += count;
            if seen >= rank {
                return Duration::from_micros(middle(index));
            }
        }
        Duration::ZERO
    }
}

/// Values below 32 have a bucket each; a larger one goes by its highest bit and the five bits after it.
fn bucket(micros: u64) -> usize {
    let shift = (u64::BITS - micros.leading_zeros()).saturating_sub(SUB_BUCKET_BITS + 1);
    // After the shift at most 6 bits are left, so both numbers are small.
    let index = (u64::from(shift) << SUB_BUCKET_BITS) + (micros >> shift);
    usize::try_from(index).unwrap_or(BUCKETS - 1)
}

/// The value in the middle of a bucket.
fn middle(index: usize) -> u64 {
    let index = index as u64;
    if index < 2 * SUB_BUCKETS {
        return index;
    }
    let shift = (index >> SUB_BUCKET_BITS) - 1;
    let lowest = (index - (shift << SUB_BUCKET_BITS)) << shift;
    lowest + (1 << shift) / 2
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(micros: impl IntoIterator<Item = u64>) -> Histogram {
        let mut histogram = Histogram::new();
        micros.into_iter().for_each(|value| histogram.record(Duration::from_micros(value)));
        histogram
    }

    #[test]
    fn every_value_lies_within_four_percent_of_its_bucket() {
        for value in (0..2_000).chain((11..63).map(|bit| (1 << bit) + 12_345 % (1 << bit))) {
            let shown = middle(bucket(value));
            assert!(shown.abs_diff(value) * 25 <= value, "{value} is shown as {shown}");
        }
    }

    #[test]
    fn the_largest_value_has_a_bucket() {
        assert!(bucket(u64::MAX) < BUCKETS);
    }

    #[test]
    fn quantiles_of_a_hundred_values_are_those_values() {
        let histogram = of(1..=60);
        assert_eq!(histogram.quantile(0.5), Duration::from_micros(30));
        assert_eq!(histogram.quantile(1.0), Duration::from_micros(60));
    }

    #[test]
    fn one_slow_request_in_a_thousand_shows_in_the_last_quantile_only() {
        let histogram = of(std::iter::repeat_n(10, 999).chain([50_000]));
        assert_eq!(histogram.quantile(0.99), Duration::from_micros(10));
        assert!(histogram.quantile(1.0) > Duration::from_millis(48));
    }

    #[test]
    fn merged_histograms_count_together() {
        let mut one = of([1, 2]);
        one.merge(&of([3]));
        assert_eq!((one.count(), one.quantile(1.0)), (3, Duration::from_micros(3)));
    }

    #[test]
    fn an_empty_histogram_has_no_latency() {
        assert_eq!(Histogram::new().quantile(0.5), Duration::ZERO);
    }
}
