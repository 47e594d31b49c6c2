//! What people may do in a room, as of now: it follows the review of the report.

use std::sync::Arc;

use tokio::time::Instant;

use super::{call::Published, content::Content, task::Room};
use crate::{
    access::{Denied, MayRead, MayWrite, rights},
    limits::REGAIN_EVERY,
    protocol::Close,
    review::Standing,
};

/// Why a document that made the server fail takes no changes.
pub(super) const SEALED: &str = "this document is read-only until an administrator has looked at it";

impl Room {
    /// What decides rights now.
    pub(super) fn standing(&self) -> Arc<Standing> {
        match (&self.content, &self.review) {
            (Content::Review(review), _) => review.standing().clone(),
            (Content::Body(_), Some(review)) => review.standing.borrow().clone(),
            // A body is opened with its review; without one nobody has a right.
            (Content::Body(_), None) => Arc::default(),
        }
    }

    /// A participant's right to write here.
    pub(super) fn right(&self, standing: &Standing, may: MayRead) -> Result<MayWrite, Denied> {
        if self.sealed { Err(Denied(SEALED)) } else { may.write(standing, self.name) }
    }

    /// What people may do, as of now: a lowered role reaches open seats before their next message.
    pub(super) fn renew_rights(&mut self) {
        let standing = self.standing();
        if Arc::ptr_eq(&standing, &self.rights_as_of) {
            return;
        }
        self.rights_as_of = standing.clone();
        let mut gone = Vec::new();
        let mut denials = Vec::new();
        for (id, desk) in &self.seats {
            match rights::read(&standing, self.name.report, desk.participant) {
                Some(may) => denials.push((*id, self.right(&standing, may).err())),
                None => gone.push(*id),
            }
        }
        for (id, denied) in denials {
            if let Some(desk) = self.seats.get_mut(&id) {
                desk.denied = denied;
            }
        }
        for id in gone {
            self.dismiss(id, Close::forbidden("you are no longer on this report"));
        }
    }

    /// Looks for the review of the report again; until it is found the last rights hold, for `REGAIN_EVERY` at most if
    /// another room of it has opened meanwhile.
    pub(super) async fn regain(&mut self) {
        // The review room may wait for the next round to answer, and no round begins while a place of the last is held.
        self.place = None;
        match self.shared.published(self.name.report).await {
            Ok(review) => {
                self.review = Some(review);
                self.regain_at = None;
            }
            Err(error) => {
                tracing::warn!(document = %self.name, %error, "the review of the report is gone");
                self.regain_at = Some(Instant::now() + REGAIN_EVERY);
            }
        }
    }
}

/// Waits for a change of what decides rights; `false` when its source has ended. For ever, where there is none.
pub(super) async fn standing_changes(review: &mut Option<Published>) -> bool {
    match review {
        Some(review) => review.standing.changed().await.is_ok(),
        None => std::future::pending().await,
    }
}
