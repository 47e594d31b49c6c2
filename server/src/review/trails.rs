//! Records of recommendations, those of one kept together, so that a copy of the whole is cheap.

use std::{collections::BTreeMap, ops::RangeBounds, sync::Arc};

use crate::ids::RecommendationId;

/// Records by the recommendation that they belong to, then by `K`. A copy shares them: it costs a pointer for each
/// recommendation, and a change after it copies the records of one. Every command is decided on a state of which others
/// hold a copy, and there may be 60,000 positions.
#[derive(Clone, PartialEq, Debug)]
pub struct Trails<K: Ord, V> {
    of: BTreeMap<RecommendationId, Arc<BTreeMap<K, V>>>,
    len: usize,
}

impl<K: Ord, V> Default for Trails<K, V> {
    fn default() -> Self {
        Self { of: BTreeMap::new(), len: 0 }
    }
}

impl<K: Ord + Clone, V: Clone> Trails<K, V> {
    /// How many there are, of all recommendations.
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Puts a record; one with the same key makes way for it.
    pub(super) fn put(&mut self, of: RecommendationId, key: K, record: V) {
        let own = Arc::make_mut(self.of.entry(of).or_default());
        if own.insert(key, record).is_none() {
            self.len += 1;
        }
    }

    /// One record.
    pub fn get(&self, of: RecommendationId, key: &K) -> Option<&V> {
        self.of.get(&of)?.get(key)
    }

    /// The records of one recommendation whose keys are in a range, in order.
    pub fn of(&self, of: RecommendationId, keys: impl RangeBounds<K>) -> impl DoubleEndedIterator<Item = &V> {
        self.of.get(&of).into_iter().flat_map(move |own| {
            let bounds = (keys.start_bound().cloned(), keys.end_bound().cloned());
            own.range(bounds).map(|it| it.1)
        })
    }

    /// All records, in the order of recommendations and keys.
    pub fn values(&self) -> impl Iterator<Item = &V> {
        self.of.values().flat_map(|own| own.values())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: RecommendationId = RecommendationId::from_bytes([1; 16]);
    const B: RecommendationId = RecommendationId::from_bytes([2; 16]);

    #[test]
    fn records_are_found_by_recommendation_and_key_and_counted_once() {
        let mut all = Trails::default();
        for (of, key, record) in [(B, 1, "b1"), (A, 2, "a2"), (A, 1, "old"), (A, 1, "a1")] {
            all.put(of, key, record);
        }
        assert_eq!((all.len(), all.is_empty()), (3, false));
        assert!(all.values().eq(&["a1", "a2", "b1"]));
        assert!(all.of(A, ..).eq(&["a1", "a2"]) && all.of(A, 2..).eq(&["a2"]));
        assert_eq!(all.of(A, ..).next_back(), Some(&"a2"));
        assert_eq!((all.get(B, &1), all.get(B, &2)), (Some(&"b1"), None));
    }

    #[test]
    fn a_change_after_a_copy_copies_the_records_of_one_recommendation() {
        let mut all = Trails::default();
        all.put(A, 1, "a1");
        all.put(B, 1, "b1");
        let copy = all.clone();
        all.put(A, 2, "a2");
        assert!(copy.values().eq(&["a1", "b1"]), "the copy stays as it was");
        assert!(Arc::ptr_eq(&all.of[&B], &copy.of[&B]) && !Arc::ptr_eq(&all.of[&A], &copy.of[&A]));
    }
}
