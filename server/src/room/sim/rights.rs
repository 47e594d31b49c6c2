//! Who may write where, as far as the people themselves know: a change is certain once it was answered.

use super::plan::Plan;
use crate::review::{Role, Stage};

/// Whether somebody may write, or a section be written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Right {
    Yes,
    No,
    /// A change was asked for, and not answered.
    Unsure,
}

/// What is known of all rights.
pub(super) struct Rights {
    people: Vec<Known>,
    sections: Vec<Known>,
}

/// Whose right it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Whose {
    Person(usize),
    Section(usize),
}

struct Known {
    right: Right,
    /// Changes that are not answered.
    asked: usize,
    /// There were several at once: nobody knows which came last.
    mixed: bool,
}

impl Rights {
    /// As the report is set up.
    pub(super) fn of(plan: &Plan) -> Self {
        let known = |right| Known { right, asked: 0, mixed: false };
        Self {
            people: plan.people.iter().map(|person| known(by_role(person.role))).collect(),
            sections: (0..plan.sections).map(|_| known(Right::Yes)).collect(),
        }
    }

    /// Whether somebody may write a section.
    pub(super) fn right(&self, who: usize, section: usize) -> Right {
        match (self.people[who].right, self.sections[section].right) {
            (Right::Yes, Right::Yes) => Right::Yes,
            (Right::No, _) | (_, Right::No) => Right::No,
            _ => Right::Unsure,
        }
    }

    /// A change is asked for.
    pub(super) fn ask(&mut self, whose: Whose) {
        let known = self.known(whose);
        known.right = Right::Unsure;
        known.mixed |= known.asked > 0;
        known.asked += 1;
    }

    /// It is answered; `None` when its outcome is not known.
    pub(super) fn answer(&mut self, whose: Whose, right: Option<Right>) {
        let known = self.known(whose);
        known.asked -= 1;
        if known.asked == 0 {
            known.right = right.filter(|_| !known.mixed).unwrap_or(Right::Unsure);
            known.mixed = false;
        }
    }

    /// Whether changes are not answered.
    pub(super) fn changing(&self) -> bool {
        self.people.iter().chain(&self.sections).any(|known| known.asked > 0)
    }

    fn known(&mut self, whose: Whose) -> &mut Known {
        match whose {
            Whose::Person(who) => &mut self.people[who],
            Whose::Section(section) => &mut self.sections[section],
        }
    }
}

/// Of people other than coordinators.
pub(super) fn by_role(role: Role) -> Right {
    if role == Role::Drafter { Right::Yes } else { Right::No }
}

/// For people other than coordinators.
pub(super) fn by_stage(stage: Stage) -> Right {
    if matches!(stage, Stage::Drafting | Stage::InReview) { Right::Yes } else { Right::No }
}
