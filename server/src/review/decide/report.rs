//! The report itself, and what the projector of its meeting shows.

use super::{Decided, wrong};
use crate::review::{Change, Meeting, Outcome, Refusal, ReportInfo, ReviewState, Title};

/// Changes what is given.
pub(super) fn change(state: &ReviewState, title: Option<Title>, public_names: Option<bool>) -> Decided {
    let old = known(state)?;
    put_if_new(
        old,
        ReportInfo {
            title: title.unwrap_or_else(|| old.title.clone()),
            public_names: public_names.unwrap_or(old.public_names),
            ..old.clone()
        },
    )
}

/// Sets what the projector shows.
pub(super) fn show(state: &ReviewState, meeting: Option<Meeting>) -> Decided {
    let old = known(state)?;
    let shown = meeting.as_ref().and_then(|it| it.recommendation);
    if shown.is_some_and(|id| !state.recommendations.contains_key(&id)) {
        return Err(wrong("recommendation", "must be a recommendation of this report"));
    }
    put_if_new(old, ReportInfo { meeting, ..old.clone() })
}

fn known(state: &ReviewState) -> Result<&ReportInfo, Refusal> {
    state.report.as_ref().ok_or(Refusal::NotFound { what: "report" })
}

fn put_if_new(old: &ReportInfo, new: ReportInfo) -> Decided {
    let outcome = Outcome::Report(new.id);
    Ok((outcome, if new == *old { vec![] } else { vec![Change::Report(new)] }))
}
