//! What those who watch a review document see of it.

use std::{
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll, Wake, Waker},
};

use super::*;
use crate::{
    access::rights,
    ids::{ParticipantId, RecommendationId, ReportId, SectionId},
    review::{Fields, Language, SectionKind, Template, Text, Title},
};

const REPORT: ReportId = ReportId::from_bytes([7; 16]);
const SECTION: SectionId = SectionId::from_bytes([9; 16]);

fn title(of: &str) -> Title {
    Title::try_from(of.to_owned()).unwrap()
}

fn act(doc: &mut ReviewDoc, command: Command) {
    let standing = doc.standing().clone();
    let permit = match command {
        Command::Found { .. } => Permit::found(REPORT, command),
        command => {
            rights::read(&standing, REPORT, ParticipantId::ADMINISTRATOR).unwrap().act(&standing, command)
        }
    };
    doc.decide(permit.unwrap(), Timestamp::UNIX_EPOCH).unwrap();
}

fn recommend(doc: &mut ReviewDoc) {
    let text = Text::try_from("Do it.".to_owned()).unwrap();
    let recommendation = RecommendationId::from_bytes([1; 16]);
    let fields = Fields::new(title("Do it."), text);
    act(doc, Command::Recommend { recommendation, section: SECTION, anchor: None, fields });
}

fn founded() -> ReviewDoc {
    let mut doc = ReviewDoc::load([], 1).unwrap();
    let found = Command::Found {
        report: REPORT,
        title: title("Report"),
        language: Language::try_from("en".to_owned()).unwrap(),
        template: Template::Blank,
        sections: vec![(SECTION, title("All"), SectionKind::Narrative)],
    };
    act(&mut doc, found);
    doc.publish();
    doc
}

/// Looks at what decides rights in the moment in which a new state is shown.
struct Watcher {
    standing: watch::Receiver<Arc<Standing>>,
    wordings: AtomicUsize,
}

impl Wake for Watcher {
    fn wake(self: Arc<Self>) {
        self.wordings.store(self.standing.borrow().wordings.len(), Ordering::SeqCst);
    }
}

#[test]
fn who_sees_a_new_recommendation_sees_who_words_it() {
    let mut doc = founded();
    let Published { mut state, standing } = doc.published();
    let watcher = Arc::new(Watcher { standing, wordings: AtomicUsize::new(0) });
    let waker = Waker::from(watcher.clone());
    let mut changed = pin!(state.changed());
    assert!(matches!(changed.as_mut().poll(&mut Context::from_waker(&waker)), Poll::Pending));
    recommend(&mut doc);
    doc.publish();
    assert_eq!(watcher.wordings.load(Ordering::SeqCst), 1);
}

#[test]
fn what_decides_rights_is_shown_anew_only_when_it_changed() {
    let mut doc = founded();
    let mut standing = doc.published().standing;
    recommend(&mut doc);
    doc.publish();
    assert!(standing.has_changed().unwrap());
    assert_eq!(**standing.borrow_and_update(), Standing::of(doc.state()));
    let then = doc.standing().clone();
    let section = Command::ChangeSection {
        section: SECTION,
        title: Some(title("Everything")),
        stage: None,
        drafted_by: None,
    };
    act(&mut doc, section);
    doc.publish();
    assert!(!standing.has_changed().unwrap() && Arc::ptr_eq(&then, doc.standing()));
}
