//! Refusals by reason. The reasons are looked up once, so that counting one takes no lock.

use prometheus::{IntCounter, IntCounterVec};

/// The reasons that the contract of live sync names, and one for what it does not.
const REASONS: [&str; 7] = ["malformed", "gap", "schema", "full", "broken", "forbidden", OTHER];
const OTHER: &str = "other";

pub(super) struct Refusals([(&'static str, IntCounter); REASONS.len()]);

impl Refusals {
    pub(super) fn new(all: &IntCounterVec) -> Self {
        Self(REASONS.map(|reason| (reason, all.with_label_values(&[reason]))))
    }

    pub(super) fn count(&self, reason: &str) {
        let known = self.0.iter().find(|(known, _)| *known == reason);
        // The last is `OTHER`.
        let (_, counter) = known.unwrap_or(&self.0[REASONS.len() - 1]);
        counter.inc();
    }
}

#[cfg(test)]
mod tests {
    use prometheus::Opts;

    use super::*;

    #[test]
    fn only_known_reasons_become_labels() {
        let all = IntCounterVec::new(Opts::new("refusals", "of a test"), &["type"]).unwrap();
        let refusals = Refusals::new(&all);
        for reason in ["gap", "gap", "whatever a client wrote"] {
            refusals.count(reason);
        }
        let counted = |reason: &str| all.with_label_values(&[reason]).get();
        assert_eq!((counted("gap"), counted(OTHER), counted("schema")), (2, 1, 0));
    }
}
