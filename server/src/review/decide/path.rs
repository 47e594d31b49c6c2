//! The path of a recommendation: every step from proposal to publication, and who may take it from where.

use super::{Decided, delegation, known, recommendations, room, within, wrong};
use crate::{
    ids::RecommendationId,
    limits,
    review::{
        Change, Decision, Disposition, Fields, NextStep, Outcome, Recommendation,
        RecommendationStatus as Status, Refusal, ReviewState, Role, Step, StepKind, Text, Title, telling,
    },
};

/// Takes a step. An exact repeat of the last one by the same person changes nothing; whoever saw another path than it
/// is now learns who was faster, and with what.
pub(super) fn take(
    state: &ReviewState,
    decision: Decision,
    id: RecommendationId,
    seen: u32,
    step: NextStep,
    reason: Option<Text>,
) -> Decided {
    let it = known(&state.recommendations, &id, "recommendation")?;
    if is_repeated(state, decision, it, &step, reason.as_ref()) {
        return Ok((Outcome::Recommendation(id), vec![]));
    }
    authorized(state, decision, it, &step)?;
    if seen != it.steps {
        return Err(beaten(state, decision, it));
    }
    // A step brings at most one more with it.
    within(state.steps.len() + 2, limits::STEPS_MAX, "steps of recommendations")?;
    let going = Going { state, decision, reason, it: it.clone(), changes: vec![] };
    match step {
        NextStep::Discuss => going.discuss(),
        NextStep::ProposeDisposition(to) => going.propose(to),
        NextStep::AcceptDisposition => going.answer(StepKind::DispositionAccepted),
        NextStep::DeclineDisposition => going.answer(StepKind::DispositionDeclined),
        NextStep::Decide(to) => going.decide(to),
        NextStep::Withdraw => going.withdraw(),
        NextStep::Reopen => going.reopen(),
        NextStep::Merge { into } => going.merge(into),
        NextStep::Split { recommendation, title, text } => going.split(recommendation, title, text),
        NextStep::Publish => going.publish(),
    }
}

/// Whether the last step is this one, by the same person and for the same reason.
fn is_repeated(
    state: &ReviewState,
    decision: Decision,
    it: &Recommendation,
    step: &NextStep,
    reason: Option<&Text>,
) -> bool {
    let Some(last) = state.last_step(it.id) else { return false };
    let same = match step {
        NextStep::Discuss => last.kind == StepKind::Discussion,
        NextStep::ProposeDisposition(to) => {
            last.kind == StepKind::DispositionProposed && last.status == (*to).into()
        }
        NextStep::AcceptDisposition => last.kind == StepKind::DispositionAccepted,
        NextStep::DeclineDisposition => last.kind == StepKind::DispositionDeclined,
        NextStep::Decide(to) => last.kind == StepKind::Decided && last.status == (*to).into(),
        NextStep::Withdraw => last.kind == StepKind::Withdrawn,
        NextStep::Reopen => last.kind == StepKind::Reopened,
        NextStep::Merge { into } => last.kind == StepKind::Merged && last.other == Some(*into),
        NextStep::Split { recommendation, title, text } => {
            let made = state.recommendations.get(recommendation);
            last.kind == StepKind::Split
                && last.other == Some(*recommendation)
                && made.is_some_and(|it| it.title == *title && it.text == *text)
        }
        NextStep::Publish => last.kind == StepKind::Published,
    };
    same && last.by == decision.by && last.reason.as_ref() == reason
}

/// The steps that belong to whoever proposed it; the others are the coordinator's, as `access` holds.
fn authorized(
    state: &ReviewState,
    decision: Decision,
    it: &Recommendation,
    step: &NextStep,
) -> Result<(), Refusal> {
    let what = match step {
        NextStep::AcceptDisposition | NextStep::DeclineDisposition => {
            format!("answer how R{} is recorded", it.number)
        }
        NextStep::Withdraw if decision.role != Role::Coordinator => format!("withdraw R{}", it.number),
        _ => return Ok(()),
    };
    match delegation::acts_for(state, it.author) {
        Some(organization) => delegation::speaks_for(state, decision.by, organization, &what),
        None => Err(nobody_to_ask(it)),
    }
}

fn nobody_to_ask(it: &Recommendation) -> Refusal {
    Refusal::conflict(format!(
        "R{} was proposed by the administrator, so there is no organization to ask. Record it directly, with a reason.",
        it.number
    ))
}

/// The path is not as it was seen.
fn beaten(state: &ReviewState, decision: Decision, it: &Recommendation) -> Refusal {
    let Some(last) = state.last_step(it.id) else {
        return Refusal::conflict(format!("R{} has no steps yet. Look at it again.", it.number));
    };
    Refusal::conflict(format!(
        "Somebody was faster: {} {} {}. Your choice was not recorded.",
        telling::who(state, last.by),
        telling::deed(state, last),
        telling::when(last.at, decision.at),
    ))
}

/// One that is still being talked about; `what` completes "before you …".
fn open(state: &ReviewState, it: &Recommendation, what: &str) -> Result<(), Refusal> {
    match it.status {
        Status::Proposed | Status::UnderDiscussion => Ok(()),
        _ => Err(standing(state, it, what)),
    }
}

/// How it stands, for whoever wants something else of it; `what` completes "before you …".
fn standing(state: &ReviewState, it: &Recommendation, what: &str) -> Refusal {
    let number = it.number;
    Refusal::conflict(match it.status {
        Status::Proposed | Status::UnderDiscussion => {
            format!("R{number} is {} and open. There is nothing left to do.", telling::status(it.status))
        }
        Status::Agreed | Status::NotAgreed => {
            let status = telling::status(it.status);
            format!("R{number} is recorded as {status}. Reopen its discussion before you {what}.")
        }
        Status::Withdrawn => {
            format!("R{number} was withdrawn. Reopen its discussion before you {what}.")
        }
        Status::Merged => {
            let into = telling::other(state, it.merged_into);
            format!("R{number} was merged into {into}. Go on with {into}.")
        }
        Status::Published => format!("R{number} is published, and its path is at its end."),
    })
}

/// A recommendation on its way, with what changes.
struct Going<'a> {
    state: &'a ReviewState,
    decision: Decision,
    reason: Option<Text>,
    it: Recommendation,
    changes: Vec<Change>,
}

impl Going<'_> {
    fn discuss(self) -> Decided {
        match self.it.status {
            Status::Proposed => self.to(StepKind::Discussion, Status::UnderDiscussion),
            _ => Err(standing(self.state, &self.it, "discuss it")),
        }
    }

    fn propose(self, to: Disposition) -> Decided {
        let mut going = self.while_open("propose how it is recorded")?;
        if delegation::acts_for(going.state, going.it.author).is_none() {
            return Err(nobody_to_ask(&going.it));
        }
        if going.it.status == Status::Proposed {
            let reason = going.reason.take();
            going.it.status = Status::UnderDiscussion;
            going.step(StepKind::Discussion, Status::UnderDiscussion, None);
            going.reason = reason;
        }
        going.step(StepKind::DispositionProposed, to.into(), None);
        going.done()
    }

    fn answer(mut self, kind: StepKind) -> Decided {
        let number = self.it.number;
        let proposed = self.state.last_step(self.it.id).filter(|it| it.kind == StepKind::DispositionProposed);
        let Some(status) = proposed.map(|it| it.status) else {
            return Err(Refusal::conflict(format!(
                "Nobody waits for an answer on R{number}. Look at its path again."
            )));
        };
        if kind == StepKind::DispositionDeclined {
            self.wants_reason("say why your organization declines")?;
        }
        self.step(kind, status, None);
        self.done()
    }

    fn decide(self, to: Disposition) -> Decided {
        let going = self.while_open("record it anew")?;
        let status: Status = to.into();
        let last = going.state.last_step(going.it.id);
        let accepted = last.is_some_and(|it| it.kind == StepKind::DispositionAccepted && it.status == status);
        if !accepted {
            going.wants_reason("say why, as the organization that proposed it has not accepted this")?;
        }
        going.to(StepKind::Decided, status)
    }

    fn withdraw(self) -> Decided {
        let going = self.while_open("withdraw it")?;
        going.wants_reason("say why it is withdrawn")?;
        going.to(StepKind::Withdrawn, Status::Withdrawn)
    }

    fn reopen(self) -> Decided {
        match self.it.status {
            Status::Agreed | Status::NotAgreed | Status::Withdrawn => {
                self.wants_reason("say why it is discussed again")?;
                self.to(StepKind::Reopened, Status::UnderDiscussion)
            }
            _ => Err(standing(self.state, &self.it, "reopen it")),
        }
    }

    fn publish(self) -> Decided {
        let number = self.it.number;
        match self.it.status {
            Status::Agreed => self.to(StepKind::Published, Status::Published),
            Status::Published => Err(Refusal::conflict(format!("R{number} is published already."))),
            status => Err(Refusal::conflict(format!(
                "R{number} is {}. Only what is recorded as agreed is published.",
                telling::status(status)
            ))),
        }
    }

    fn merge(self, into: RecommendationId) -> Decided {
        let mut going = self.while_open("merge it")?;
        going.wants_reason("say why the two become one")?;
        if into == going.it.id {
            return Err(wrong("into", "must be another recommendation"));
        }
        let target = going.state.recommendations.get(&into);
        let target = target.ok_or_else(|| wrong("into", "must be a recommendation of this report"))?.clone();
        open(going.state, &target, "merge another into it")?;
        going.it.status = Status::Merged;
        going.it.merged_into = Some(into);
        going.step(StepKind::Merged, Status::Merged, Some(into));
        let status = target.status;
        let source = std::mem::replace(&mut going.it, reworded(target));
        going.step(StepKind::Gained, status, Some(source.id));
        going.changes.push(Change::Recommendation(source.clone().into()));
        let (_, changes) = going.done()?;
        Ok((Outcome::Recommendation(source.id), changes))
    }

    fn split(self, id: RecommendationId, title: Title, text: Text) -> Decided {
        let mut going = self.while_open("split it")?;
        going.wants_reason("say why it is split")?;
        recommendations::unused(going.state, id)?;
        room(&going.state.recommendations, limits::RECORDS_MAX, "recommendations")?;
        let fields = Fields { dimension: going.it.dimension, ..Fields::new(title, text) };
        let number = recommendations::next_number(going.state);
        let new = Recommendation {
            anchor: going.it.anchor.clone(),
            author: going.it.author,
            split_from: Some(going.it.id),
            status: Status::UnderDiscussion,
            ..recommendations::newborn(id, number, going.it.section, fields, going.decision)
        };
        going.changes.push(Change::Step(recommendations::first_step(&new, going.decision)));
        going.changes.push(Change::Recommendation(new.into()));
        going.it = reworded(going.it);
        going.step(StepKind::Split, going.it.status, Some(id));
        going.done()
    }

    fn while_open(self, what: &str) -> Result<Self, Refusal> {
        open(self.state, &self.it, what)?;
        Ok(self)
    }

    fn wants_reason(&self, why: &'static str) -> Result<(), Refusal> {
        match self.reason {
            Some(_) => Ok(()),
            None => Err(wrong("reason", why)),
        }
    }

    /// One step, which changes the status.
    fn to(mut self, kind: StepKind, status: Status) -> Decided {
        self.it.status = status;
        self.step(kind, status, None);
        self.done()
    }

    fn step(&mut self, kind: StepKind, status: Status, other: Option<RecommendationId>) {
        self.it.steps = self.it.steps.saturating_add(1);
        self.changes.push(Change::Step(Step {
            recommendation: self.it.id,
            n: self.it.steps,
            kind,
            status,
            reason: self.reason.clone(),
            other,
            by: self.decision.by,
            at: self.decision.at,
        }));
    }

    fn done(mut self) -> Decided {
        let outcome = Outcome::Recommendation(self.it.id);
        self.changes.push(Change::Recommendation(self.it.into()));
        Ok((outcome, self.changes))
    }
}

/// What it says is no longer what positions were taken on.
fn reworded(it: Recommendation) -> Recommendation {
    let wording = it.wording.saturating_add(1);
    Recommendation { wording, renew_from: wording, ..it }
}
