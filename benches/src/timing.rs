use std::time::Duration;

/// The middle of some numbers; the mean of both middles when there are two. Zero for none.
pub(crate) fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_unstable_by(f64::total_cmp);
    let (low, high) = (numbers.len().saturating_sub(1) / 2, numbers.len() / 2);
    let at = |index: usize| numbers.get(index).copied().unwrap_or_default();
    f64::midpoint(at(low), at(high))
}

/// The least and the greatest.
pub(crate) fn spread(numbers: &[f64]) -> [f64; 2] {
    let least = numbers.iter().copied().fold(f64::INFINITY, f64::min);
    [least, numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max)]
}

/// How long each of many calls took.
#[derive(Debug, Clone, Default)]
pub(crate) struct Latencies(Vec<Duration>);

impl Latencies {
    pub(crate) fn push(&mut self, latency: Duration) {
        self.0.push(latency);
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = Duration> {
        self.0.iter().copied()
    }

    pub(crate) fn extend(&mut self, others: &Self) {
        self.0.extend_from_slice(&others.0);
    }

    /// The latency in milliseconds that this part of the calls did not exceed (nearest rank); `None` when
    /// nothing was timed.
    pub(crate) fn percentile_ms(&self, part: f64) -> Option<f64> {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        let rank = (part * sorted.len() as f64).ceil() as usize;
        sorted.get(rank.saturating_sub(1)).map(|latency| latency.as_secs_f64() * 1_000.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle() {
        assert_eq!(median(vec![3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(vec![4.0, 1.0, 3.0, 2.0]), 2.5);
        assert_eq!(median(Vec::new()), 0.0);
    }

    #[test]
    fn a_percentile_is_the_value_at_its_rank() {
        let mut latencies = Latencies::default();
        assert_eq!(latencies.percentile_ms(0.5), None);
        (1..=1_000).rev().for_each(|ms| latencies.push(Duration::from_millis(ms)));
        let at = |part| latencies.percentile_ms(part).unwrap().round();
        assert_eq!((at(0.5), at(0.99), at(0.999), at(1.0)), (500.0, 990.0, 999.0, 1_000.0));
    }
}
