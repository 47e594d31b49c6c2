//! Writing a body that is still empty, as a whole: the sample, an import.

use bytes::Bytes;

use super::{
    RoomError,
    call::Reply,
    content::Content,
    release::{Release, Turn},
    task::Room,
};
use crate::{
    access::{MayWrite, rights},
    body::{Refusal as Unfit, Taken},
    journal::Kind,
    limits::ENTRY_BYTES_MAX,
    review::{FieldError, Refusal},
};

impl Room {
    pub(super) fn fill(&mut self, turn: &mut Turn, may: MayWrite, update: Bytes, reply: Reply<()>) {
        let filled = self.try_fill(turn, may, update);
        turn.answer_change(reply, filled);
    }

    fn try_fill(&mut self, turn: &mut Turn, may: MayWrite, update: Bytes) -> Result<(), RoomError> {
        let standing = self.standing();
        let read = rights::read(&standing, self.name.report, may.participant()).ok_or(RoomError::NotFound)?;
        self.right(&standing, read).map_err(|denied| Refusal::Forbidden { why: denied.0.into() })?;
        let Content::Body(body) = &mut self.content else { return Err(RoomError::NotFound) };
        // A state vector of no clients: nothing was ever written.
        if body.state_vector()[..] != [0] {
            return Err(Refusal::Conflict { why: "the section already has a text".into() }.into());
        }
        let unfit = |why| Refusal::Field { field: "text", error: FieldError::Form(why) };
        if update.len() > ENTRY_BYTES_MAX {
            return Err(unfit("is too large").into());
        }
        match body.take(&update, may.participant()) {
            Ok(Taken::New) => {
                turn.record(self.entry(may.participant(), Kind::Command, update.clone()));
                turn.releases.push(Release::Update { author: None, update, came: None });
                Ok(())
            }
            Ok(Taken::Known) => Ok(()),
            Err(Unfit::Full) => Err(unfit("is too large").into()),
            Err(Unfit::Broken(why)) => {
                turn.broken = Some(why);
                Err(RoomError::Unavailable("the text cannot be applied".into()))
            }
            Err(error) => {
                tracing::warn!(document = %self.name, %error, "refused to fill the body");
                Err(unfit("is not a text that a section can have").into())
            }
        }
    }
}
