//! What a server tells of its flushes.

/// Flushes of a store since its server began.
#[derive(Clone, Copy, Debug)]
pub struct Flushes {
    pub count: f64,
    pub seconds: f64,
}

impl Flushes {
    /// Milliseconds of each since `then`; `None` where there was none.
    pub fn mean_ms(self, then: Self) -> Option<f64> {
        let count = self.count - then.count;
        (count > 0.0).then(|| (self.seconds - then.seconds) * 1e3 / count)
    }
}

/// A figure in Prometheus' text.
pub fn measure(text: &str, name: &str) -> Option<f64> {
    let value = |line: &str| line.strip_prefix(name)?.strip_prefix(' ')?.trim().parse().ok();
    text.lines().find_map(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_flush_time_is_read_from_the_measures() {
        let text = |sum, count| {
            format!(
                "# TYPE plenary_flush_seconds histogram\nplenary_flush_seconds_bucket{{le=\"0.001\"}} 3\n\
                 plenary_flush_seconds_sum {sum}\nplenary_flush_seconds_count {count}\nplenary_rooms 4\n"
            )
        };
        let flushes = |text: String| Flushes {
            count: measure(&text, "plenary_flush_seconds_count").unwrap(),
            seconds: measure(&text, "plenary_flush_seconds_sum").unwrap(),
        };
        let (then, now) = (flushes(text(0.004, 8)), flushes(text(0.064, 18)));
        assert!((now.mean_ms(then).unwrap() - 6.0).abs() < 1e-9);
        assert!(now.mean_ms(now).is_none());
        assert_eq!(measure(&text(0.0, 0), "plenary_rooms"), Some(4.0));
        assert_eq!(measure(&text(0.0, 0), "plenary_room"), None);
    }
}
