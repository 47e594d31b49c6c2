//! Where everything in a body stands: for each client, runs of clocks with the node that holds them. yrs keeps this to
//! itself; the guard needs it to know the parent of what is placed beside something, before yrs sees it.

use std::collections::HashMap;

use yrs::IdSet;

use super::{
    schema::{Attr, Node},
    structs::{Deletes, Id},
};

/// A node's number within this index; 0 is the root.
pub(super) type NodeNumber = u32;

/// A list of children (no attribute) or the history of one attribute's values.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Place {
    pub(super) node: NodeNumber,
    pub(super) attr: Option<Attr>,
}

/// What stands at a clock.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Held {
    /// Collected garbage; where it stood is not known any more.
    Gone,
    /// Content that was deleted before it came here; it may have been a node.
    Dead(Place),
    /// Text, formats, values.
    Plain(Place),
    /// A node.
    Node(Place, NodeNumber),
}

impl Held {
    /// Where it stands, if that is known.
    pub(super) fn place(self) -> Option<Place> {
        match self {
            Self::Gone => None,
            Self::Dead(place) | Self::Plain(place) | Self::Node(place, _) => Some(place),
        }
    }
}

/// Clocks from `start` to before `end`, all held alike.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Run {
    pub(super) start: u32,
    pub(super) end: u32,
    pub(super) held: Held,
}

impl Run {
    /// Units that are copied when the text is cut before this clock; nothing at the run's edges.
    pub(super) fn cut(&self, clock: u32) -> u64 {
        let inside = self.start < clock && clock < self.end && matches!(self.held, Held::Plain(_));
        if inside { u64::from(self.end - self.start) } else { 0 }
    }
}

/// Adds a run, or lengthens the last one.
pub(super) fn push(runs: &mut Vec<Run>, run: Run) {
    match runs.last_mut() {
        Some(last) if last.held == run.held && last.end == run.start => last.end = run.end,
        _ => runs.push(run),
    }
}

/// What stands at this clock.
pub(super) fn find(runs: &[Run], clock: u32) -> Option<Run> {
    let run = runs.get(runs.partition_point(|run| run.end <= clock))?;
    (run.start <= clock).then_some(*run)
}

/// What a node is.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct NodeInfo {
    pub(super) node: Node,
    pub(super) depth: u8,
}

#[derive(Clone, Default)]
struct Client {
    runs: Vec<Run>,
    /// Ascending ranges of start and end, apart from one another.
    deleted: Vec<(u32, u32)>,
}

/// The index of a whole body.
#[derive(Clone)]
pub(super) struct Index {
    clients: HashMap<u64, Client>,
    nodes: Vec<NodeInfo>,
}

/// What an update adds, once it passed the guard.
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// New runs of each client, right after what is known of it.
    pub(super) runs: Vec<(u64, Vec<Run>)>,
    /// New nodes, numbered on.
    pub(super) nodes: Vec<NodeInfo>,
    /// Ranges that are not all deleted yet.
    pub(super) deletes: Vec<Deletes>,
    /// Whether anything but deletion marks is added.
    pub(super) grows: bool,
    /// Whether content is added that stands beside or in collected garbage, and so is garbage.
    pub(super) lost: bool,
}

impl Plan {
    /// Whether the update says nothing new.
    pub(super) fn is_empty(&self) -> bool {
        self.runs.is_empty() && self.deletes.is_empty()
    }
}

impl Index {
    pub(super) fn new() -> Self {
        Self { clients: HashMap::new(), nodes: vec![NodeInfo { node: Node::Doc, depth: 0 }] }
    }

    /// The clock after the last known unit of this client.
    pub(super) fn known(&self, client: u64) -> u32 {
        self.clients.get(&client).and_then(|client| client.runs.last()).map_or(0, |run| run.end)
    }

    pub(super) fn find(&self, id: Id) -> Option<Run> {
        find(&self.clients.get(&id.client)?.runs, id.clock)
    }

    /// What is deleted of each client, by client from the highest, as Yjs writes.
    pub(super) fn deletes(&self) -> Vec<(u64, &[(u32, u32)])> {
        let deletes = self.clients.iter().filter(|(_, client)| !client.deleted.is_empty());
        let mut deletes: Vec<_> = deletes.map(|(id, client)| (*id, &client.deleted[..])).collect();
        deletes.sort_unstable_by_key(|(id, _)| std::cmp::Reverse(*id));
        deletes
    }

    pub(super) fn nodes(&self) -> &[NodeInfo] {
        &self.nodes
    }

    /// Those of the ranges that are not wholly deleted.
    pub(super) fn not_deleted(&self, client: u64, ranges: &[(u32, u32)]) -> Vec<(u32, u32)> {
        let deleted = self.clients.get(&client).map_or(&[][..], |client| &client.deleted);
        let is_new = |range: &&(u32, u32)| {
            let at = deleted.partition_point(|known| known.1 <= range.0);
            deleted.get(at).is_none_or(|known| known.0 > range.0 || known.1 < range.1)
        };
        ranges.iter().filter(is_new).copied().collect()
    }

    /// Takes over what yrs deleted while it applied an update. That is more than the update says: what somebody wrote
    /// into a paragraph that another removed meanwhile, and all but one of the values that several gave an attribute.
    /// Each client that has all of the body names these deletions, too.
    pub(super) fn note_deleted(&mut self, deleted: &IdSet) {
        for (id, ranges) in deleted.iter() {
            let ranges: Vec<(u32, u32)> = ranges.iter().map(|range| (range.start, range.end)).collect();
            add_ranges(&mut self.clients.entry(id.get()).or_default().deleted, &ranges);
        }
    }

    pub(super) fn commit(&mut self, plan: Plan) {
        self.nodes.extend(plan.nodes);
        for (id, runs) in plan.runs {
            let client = self.clients.entry(id).or_default();
            let dead = runs.iter().filter(|run| matches!(run.held, Held::Gone | Held::Dead(_)));
            let dead: Vec<(u32, u32)> = dead.map(|run| (run.start, run.end)).collect();
            add_ranges(&mut client.deleted, &dead);
            for run in runs {
                push(&mut client.runs, run);
            }
        }
        for (id, ranges) in plan.deletes {
            add_ranges(&mut self.clients.entry(id).or_default().deleted, &ranges);
        }
    }
}

/// Adds ascending ranges to ascending ranges: by search for a few, by one pass for many.
fn add_ranges(ranges: &mut Vec<(u32, u32)>, added: &[(u32, u32)]) {
    if added.len() <= 8 {
        for &(start, end) in added {
            let from = ranges.partition_point(|known| known.1 < start);
            let to = ranges.partition_point(|known| known.0 <= end);
            let touched = &ranges[from..to];
            let start = touched.first().map_or(start, |first| first.0.min(start));
            let end = touched.last().map_or(end, |last| last.1.max(end));
            ranges.splice(from..to, [(start, end)]);
        }
        return;
    }
    let old = std::mem::take(ranges);
    ranges.reserve(old.len() + added.len());
    let (mut left, mut right) = (old.into_iter().peekable(), added.iter().copied().peekable());
    loop {
        let next = match (left.peek(), right.peek()) {
            (Some(a), Some(b)) if a <= b => left.next(),
            (_, Some(_)) => right.next(),
            (_, None) => left.next(),
        };
        let Some((start, end)) = next else { return };
        match ranges.last_mut() {
            Some(last) if last.1 >= start => last.1 = last.1.max(end),
            _ => ranges.push((start, end)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn ranges_hold_what_was_added(starts in proptest::collection::vec((0u32..200, 1u32..9), 0..40), few in 1usize..20) {
            let mut ranges = Vec::new();
            let mut wanted = [false; 256];
            for group in starts.chunks(few) {
                let mut sorted: Vec<(u32, u32)> = group.iter().map(|(start, length)| (*start, start + length)).collect();
                sorted.sort_unstable();
                add_ranges(&mut ranges, &sorted);
                for (start, end) in sorted {
                    wanted[start as usize..end as usize].fill(true);
                }
            }
            let mut held = [false; 256];
            for (start, end) in &ranges {
                held[*start as usize..*end as usize].fill(true);
            }
            prop_assert_eq!(held, wanted);
            prop_assert!(ranges.windows(2).all(|pair| pair[0].1 < pair[1].0), "{:?} not apart", ranges);
        }
    }

    #[test]
    fn runs_that_continue_are_one_run() {
        let place = Place { node: 0, attr: None };
        let mut runs = Vec::new();
        for clock in 0..1_000 {
            push(&mut runs, Run { start: clock, end: clock + 1, held: Held::Plain(place) });
        }
        push(&mut runs, Run { start: 1_000, end: 1_001, held: Held::Node(place, 1) });
        assert_eq!(runs.len(), 2);
        let held = |clock| find(&runs, clock).map(|run| run.held);
        assert_eq!(held(999), Some(Held::Plain(place)));
        assert_eq!(held(1_000), Some(Held::Node(place, 1)));
        assert_eq!(held(1_001), None);
    }
}
