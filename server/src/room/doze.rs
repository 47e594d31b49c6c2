//! A text that nobody has needed for long is let go while people have it open: most only read. The record gives it
//! back, and nobody notices.

use bytes::Bytes;
use tokio::time::Instant;

use super::{
    content::{Content, Form},
    load,
    task::{End, Room},
};
use crate::{body::read_state_vector, measure::meter};

impl Room {
    /// When it is looked whether the text can be let go. A wording is small, and its record may still have to follow it.
    pub(super) fn dozes_at(&self) -> Option<Instant> {
        let may = matches!(self.content, Content::Body(_))
            && !self.content.is_away()
            && !self.sealed
            && self.keeper.is_none()
            && !self.seats.is_empty();
        may.then_some(self.text_used + self.shared.tuning.idle)
    }

    /// Lets the text go once nobody has needed it for so long.
    pub(super) fn doze(&mut self) {
        if self.dozes_at().is_none_or(|at| at > Instant::now()) {
            return;
        }
        // Not while the document holds what is not durable, and not for those who lag: they will ask for the difference.
        if self.turn.has_to_wait() || self.checking.is_some() || self.seats.values().any(|desk| desk.lags()) {
            self.text_used = Instant::now();
            return;
        }
        if let Content::Body(text) = &mut self.content {
            // A copy: what yrs wrote has room for more, which would stay with it.
            text.form = Form::Away(Bytes::copy_from_slice(&text.state_vector()));
            self.here = None;
            tracing::debug!(document = %self.name, "dozes");
        }
    }

    /// Brings the text back for who needs it now.
    pub(super) async fn wake(&mut self) -> Result<(), End> {
        self.text_used = Instant::now();
        if !self.content.is_away() {
            return Ok(());
        }
        let tip = self.writer.as_ref().map_or(0, |writer| writer.tip());
        let had = read_state_vector(&self.content.state_vector());
        match Box::pin(load::read_again(&self.shared, self.name, tip)).await {
            Ok(text) if read_state_vector(&text.state_vector()) == had => self.content = Content::Body(text),
            Ok(_) => {
                tracing::error!(document = %self.name, "the record is not what was let go; the room reopens");
                return Err(End::Reset);
            }
            Err(error) => {
                tracing::error!(document = %self.name, %error, "the text does not come back; the room reopens");
                return Err(End::Reset);
            }
        }
        self.here = Some(meter().room());
        self.text_used = Instant::now();
        Ok(())
    }
}
