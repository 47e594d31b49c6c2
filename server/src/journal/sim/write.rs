//! What a group of requests writes, and how a flush makes it last.

use std::collections::BTreeMap;

use rand::RngExt as _;
use tokio::sync::oneshot;

use super::{
    super::{
        Entry, JournalError, Kind, NewEntry,
        head::{Generation, Head, check_batch},
    },
    Broken, Delta, Fate, State, Trouble,
    process::{Action, Answer, Request},
};
use crate::{
    clock::Clock,
    ids::{DocId, ParticipantId},
};

impl State {
    pub(super) fn count(&mut self, what: &'static str) {
        *self.counts.entry(what).or_default() += 1;
    }

    /// Writes a group; answers are for after the flush.
    pub(super) fn write(
        &mut self,
        clock: &Clock,
        group: impl Iterator<Item = Request>,
        trouble: Option<Trouble>,
    ) -> Vec<(oneshot::Sender<Answer>, Answer)> {
        let mut heads = BTreeMap::new();
        let mut unknown = match trouble {
            Some(Trouble::Unknown(fate)) => Some(fate),
            _ => None,
        };
        let mut answers = Vec::new();
        for Request { doc, action, reply } in group {
            let append = matches!(action, Action::Append(..));
            if let (Action::Claim(_), Some(open)) = (&action, self.limbo.remove(&doc))
                && self.chance.random_bool(0.5)
            {
                self.count("unknown outcomes settled late");
                heads.insert(doc, open.head.clone());
                self.unflushed.push(open);
            }
            let head = heads.get(&doc).cloned();
            let head = head.or_else(|| self.documents.get(&doc).map(|document| document.head.clone()));
            let delta = match self.delta(clock, doc, head.unwrap_or_default(), action) {
                Ok(delta) => delta,
                Err(error) => {
                    answers.push((reply, Err(error)));
                    continue;
                }
            };
            let answer = Ok((delta.head.epoch, delta.head.last));
            if append && unknown.is_some() {
                self.count("appends of unknown outcome");
            }
            match unknown.take_if(|_| append) {
                Some(Fate::Lost) => answers.push((reply, Err(JournalError::Unknown))),
                Some(Fate::Open) => {
                    self.limbo.insert(doc, delta);
                    answers.push((reply, Err(JournalError::Unknown)));
                }
                stored => {
                    heads.insert(doc, delta.head.clone());
                    self.unflushed.push(delta);
                    answers.push((reply, if stored.is_some() { Err(JournalError::Unknown) } else { answer }));
                }
            }
        }
        answers
    }

    /// What a request writes, given the head as it was written last; or why it does not.
    fn delta(
        &mut self,
        clock: &Clock,
        doc: DocId,
        mut head: Head,
        action: Action,
    ) -> Result<Delta, JournalError> {
        let (mut entries, mut state) = (Vec::new(), None);
        match &action {
            Action::Claim(_) if self.down => {
                return Err(JournalError::Unavailable("the disk does not answer".into()));
            }
            Action::Append(epoch, _) | Action::Snapshot(epoch, ..) | Action::Truncate(epoch, _) => {
                head.check_fence(*epoch)?;
            }
            Action::Claim(_) | Action::Erase => {}
        }
        if self.full {
            self.count("writes refused by a full disk");
            return Err(JournalError::Unavailable("the disk is full".into()));
        }
        match action {
            Action::Claim(node) => {
                head.epoch += 1;
                let (participant, bytes) = (ParticipantId::ADMINISTRATOR, node.into());
                let at_us = clock.now().as_microsecond();
                entries.push(NewEntry { at_us, participant, kind: Kind::Claim, bytes });
            }
            Action::Append(_, batch) => {
                check_batch(&batch)?;
                entries = batch;
            }
            Action::Snapshot(_, upto, bytes) => {
                head.check_snapshot(upto)?;
                let number = head.generation + 1;
                head.set_snapshot(Generation { number, upto, bytes: bytes.len() as u64, hash: [0; 16] });
                state = Some(bytes);
                self.count("snapshots written");
            }
            Action::Truncate(_, upto) => head.truncate(upto),
            Action::Erase if head.epoch == 0 => {}
            Action::Erase => head.erase(),
        }
        let numbered = entries.into_iter().map(|NewEntry { at_us, participant, kind, bytes }| {
            head.last += 1;
            Entry { doc, seq: head.last, epoch: head.epoch, at_us, participant, kind, bytes }
        });
        let mut entries: Vec<_> = numbered.collect();
        self.spoil(&mut entries);
        Ok(Delta { doc, head, entries, state })
    }

    /// What a broken journal makes of a batch.
    fn spoil(&mut self, entries: &mut Vec<Entry>) {
        match self.broken {
            Some(Broken::LosesAnEntry) if self.chance.random_bool(0.02) => drop(entries.pop()),
            Some(Broken::MixesNamesUp) if self.chance.random_bool(0.02) => {
                entries.iter_mut().for_each(|entry| entry.participant = ParticipantId::from_bytes([200; 16]));
            }
            _ => {}
        }
    }

    /// The answer that a journal gives which does not wait for anything.
    pub(super) fn promise(&self, request: &mut Request) {
        let Action::Append(epoch, batch) = &request.action else { return };
        let last = self.documents.get(&request.doc).map_or(0, |document| document.head.last);
        let (nobody, _) = oneshot::channel();
        let reply = std::mem::replace(&mut request.reply, nobody);
        drop(reply.send(Ok((*epoch, last + batch.len() as u64))));
    }

    pub(super) fn publish(&mut self) {
        for delta in self.unflushed.drain(..) {
            self.documents.entry(delta.doc).or_default().apply(delta);
        }
    }
}
