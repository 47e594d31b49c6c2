//! Every command on a recommendation, by everybody, from every status: `access` and `review::decide` together, as a table.

use super::*;
use crate::review::{
    Decision, Disposition, FieldsChange, Institution, NextStep, ProgressState, Refusal, ReviewState, Stance,
    Taken, decide,
};

/// Statuses of the recommendation, in the order of the signs in a cell; `to be answered` is under discussion, with a
/// disposition that is proposed.
const STATUSES: &str =
    "proposed, under discussion, to be answered, agreed, not agreed, merged, withdrawn, published";

/// People, in the order of the columns. `ours` is the organization of the author, which leads the recommendation, too.
const PEOPLE: [(&str, Option<(u8, Role)>); 9] = [
    ("a coordinator", Some((2, Role::Coordinator))),
    ("our coordinator", Some((1, Role::Coordinator))),
    ("the author", Some((1, Role::Reviewer))),
    ("our drafter", Some((1, Role::Drafter))),
    ("our observer", Some((1, Role::Observer))),
    ("another reviewer", Some((2, Role::Reviewer))),
    ("another drafter", Some((2, Role::Drafter))),
    ("another observer", Some((2, Role::Observer))),
    ("the administrator", None),
];
const AUTHOR: usize = 2;
const DRAFTER: usize = 3;

/// Took the recommendation to its status; not one of those who are asked, whose repeat would be taken.
const CHAIR: ParticipantId = ParticipantId::from_bytes([77; 16]);

fn person_at(column: usize) -> ParticipantId {
    PEOPLE[column]
        .1
        .map_or(ParticipantId::ADMINISTRATOR, |_| ParticipantId::from_bytes([column as u8 + 1; 16]))
}
fn organization(n: u8) -> OrganizationId {
    OrganizationId::from_bytes([n; 16])
}
fn recommendation(n: u8) -> RecommendationId {
    // No section has it.
    RecommendationId::from_bytes([b'r', n, n, n, n, n, n, n, n, n, n, n, n, n, n, n])
}

/// `+` taken, `f` forbidden, `c` a conflict with how it stands, `i` a field is missing.
type Row = (&'static str, [&'static str; 9]);

/// Where our organization has no head of delegation.
#[rustfmt::skip]
const WITHOUT_HEAD: &[Row] = &[
    //                                 a coord.    our coord.  the author  our draft.  our obs.    other rev.  other draft other obs.  the admin.
    ("discuss",                       ["+ccccccc", "+ccccccc", "ffffffff", "ffffffff", "ffffffff", "ffffffff", "ffffffff", "ffffffff", "+ccccccc"]),
    ("propose a disposition",         ["+++ccccc", "+++ccccc", "ffffffff", "ffffffff", "ffffffff", "ffffffff", "ffffffff", "ffffffff", "+++ccccc"]),
    ("accept it",                     ["ffffffff", "cc+ccccc", "cc+ccccc", "cc+ccccc", "ffffffff", "ffffffff", "ffffffff", "ffffffff", "ffffffff"]),
    ("decline it",                    ["ffffffff", "cc+ccccc", "cc+ccccc", "cc+ccccc", "ffffffff", "ffffffff", "ffffffff", "ffffffff", "ffffffff"]),
    ("decline it, without a reason",  ["ffffffff", "cciccccc", "cciccccc", "cciccccc", "ffffffff", "ffffffff", "ffffffff", "ffffffff", "ffffffff"]),
    ("decide",                        ["+++ccccc", "+++ccccc", "ffffffff", "ffffffff", "ffffffff", "ffffffff", "ffffffff", "ffffffff", "+++ccccc"]),
    ("decide, without a reason",      ["iiiccccc", "iiiccccc", "ffffffff", "ffffffff", "ffffffff", "ffffffff", "ffffffff", "ffffffff", "iiiccccc"]),
    ("withdraw",                      ["+++ccccc", "+++ccccc", "+++ccccc", "+++ccccc", "ffffffff", "ffffffff", "ffffffff", "ffffffff", "+++ccccc"]),
    ("withdraw, without a reason",    ["iiiccccc", "iiiccccc", "iiiccccc", "iiiccccc", "ffffffff", "ffffffff", "ffffffff", "ffffffff", "iiiccccc"]),
    ("reopen",                        ["ccc++c+c", "ccc++c+c", "ffffffff", "ffffffff", "ffffffff", "ffffffff", "ffffffff", "ffffffff", "ccc++c+c"]),
    ("reopen, without a reason",      ["ccciicic", "ccciicic", "ffffffff", "ffffffff", "ffffffff", "ffffffff", "ffffffff", "ffffffff", "ccciicic"]),
    ("merge",                         ["+++ccccc", "+++ccccc", "ffffffff", "ffffffff", "ffffffff", "ffffffff", "ffffffff", "ffffffff", "+++ccccc"]),
    ("merge, without a reason",       ["iiiccccc", "iiiccccc", "ffffffff", "ffffffff", "ffffffff", "ffffffff", "ffffffff", "ffffffff", "iiiccccc"]),
    ("split",                         ["+++ccccc", "+++ccccc", "ffffffff", "ffffffff", "ffffffff", "ffffffff", "ffffffff", "ffffffff", "+++ccccc"]),
    ("split, without a reason",       ["iiiccccc", "iiiccccc", "ffffffff", "ffffffff", "ffffffff", "ffffffff", "ffffffff", "ffffffff", "iiiccccc"]),
    ("publish",                       ["ccc+cccc", "ccc+cccc", "ffffffff", "ffffffff", "ffffffff", "ffffffff", "ffffffff", "ffffffff", "ccc+cccc"]),
    ("take our position",             ["+++ccccc", "+++ccccc", "+++ccccc", "+++ccccc", "ffffffff", "ffffffff", "ffffffff", "ffffffff", "+++ccccc"]),
    ("take one's own position",       ["+++ccccc", "+++ccccc", "+++ccccc", "+++ccccc", "ffffffff", "+++ccccc", "+++ccccc", "ffffffff", "iiiiiiii"]),
    ("set a timeframe",               ["+++++ccc", "+++++ccc", "+++++ccc", "ffffffff", "ffffffff", "ffffffff", "ffffffff", "ffffffff", "+++++ccc"]),
    ("change the title",              ["+++++ccc", "+++++ccc", "+++ffccc", "ffffffff", "ffffffff", "ffffffff", "ffffffff", "ffffffff", "+++++ccc"]),
    ("report progress",               ["ccccccc+", "ccccccc+", "ccccccc+", "ccccccc+", "ffffffff", "ffffffff", "ffffffff", "ffffffff", "ccccccc+"]),
];

/// What is otherwise where the author heads our delegation.
#[rustfmt::skip]
const AUTHOR_HEADS: &[Row] = &[
    //                                 a coord.    our coord.  the author  our draft.  our obs.    other rev.  other draft other obs.  the admin.
    ("accept it",                     ["ffffffff", "ffffffff", "cc+ccccc", "ffffffff", "ffffffff", "ffffffff", "ffffffff", "ffffffff", "ffffffff"]),
    ("decline it",                    ["ffffffff", "ffffffff", "cc+ccccc", "ffffffff", "ffffffff", "ffffffff", "ffffffff", "ffffffff", "ffffffff"]),
    ("decline it, without a reason",  ["ffffffff", "ffffffff", "cciccccc", "ffffffff", "ffffffff", "ffffffff", "ffffffff", "ffffffff", "ffffffff"]),
    ("withdraw",                      ["+++ccccc", "+++ccccc", "+++ccccc", "ffffffff", "ffffffff", "ffffffff", "ffffffff", "ffffffff", "+++ccccc"]),
    ("withdraw, without a reason",    ["iiiccccc", "iiiccccc", "iiiccccc", "ffffffff", "ffffffff", "ffffffff", "ffffffff", "ffffffff", "iiiccccc"]),
    ("take our position",             ["+++ccccc", "+++ccccc", "+++ccccc", "ffffffff", "ffffffff", "ffffffff", "ffffffff", "ffffffff", "+++ccccc"]),
    ("take one's own position",       ["+++ccccc", "+++ccccc", "+++ccccc", "ffffffff", "ffffffff", "+++ccccc", "+++ccccc", "ffffffff", "iiiiiiii"]),
    ("report progress",               ["ccccccc+", "ccccccc+", "ccccccc+", "ffffffff", "ffffffff", "ffffffff", "ffffffff", "ffffffff", "ccccccc+"]),
];

/// What is otherwise where our drafter does.
#[rustfmt::skip]
const DRAFTER_HEADS: &[Row] = &[
    //                                 a coord.    our coord.  the author  our draft.  our obs.    other rev.  other draft other obs.  the admin.
    ("accept it",                     ["ffffffff", "ffffffff", "ffffffff", "cc+ccccc", "ffffffff", "ffffffff", "ffffffff", "ffffffff", "ffffffff"]),
    ("decline it",                    ["ffffffff", "ffffffff", "ffffffff", "cc+ccccc", "ffffffff", "ffffffff", "ffffffff", "ffffffff", "ffffffff"]),
    ("decline it, without a reason",  ["ffffffff", "ffffffff", "ffffffff", "cciccccc", "ffffffff", "ffffffff", "ffffffff", "ffffffff", "ffffffff"]),
    ("withdraw",                      ["+++ccccc", "+++ccccc", "ffffffff", "+++ccccc", "ffffffff", "ffffffff", "ffffffff", "ffffffff", "+++ccccc"]),
    ("withdraw, without a reason",    ["iiiccccc", "iiiccccc", "ffffffff", "iiiccccc", "ffffffff", "ffffffff", "ffffffff", "ffffffff", "iiiccccc"]),
    ("take our position",             ["+++ccccc", "+++ccccc", "ffffffff", "+++ccccc", "ffffffff", "ffffffff", "ffffffff", "ffffffff", "+++ccccc"]),
    ("take one's own position",       ["+++ccccc", "+++ccccc", "ffffffff", "+++ccccc", "ffffffff", "+++ccccc", "+++ccccc", "ffffffff", "iiiiiiii"]),
    ("report progress",               ["ccccccc+", "ccccccc+", "ffffffff", "ccccccc+", "ffffffff", "ffffffff", "ffffffff", "ffffffff", "ccccccc+"]),
];

struct Scene {
    state: ReviewState,
    seconds: i64,
}

impl Scene {
    /// Two organizations, all people, and recommendations 1 and 2 of the author, of which 1 has the status.
    fn new(status: &str, head: Option<usize>) -> Self {
        let mut scene = Self { state: ReviewState::default(), seconds: 0 };
        let admin = ParticipantId::ADMINISTRATOR;
        scene.ok(admin, found());
        let kind = SectionKind::Annex;
        scene.ok(
            admin,
            Command::AddSection {
                section: section(0),
                title: title(),
                kind,
                parent: None,
                after: None,
                language: None,
            },
        );
        for (n, named) in [(1, "Ours"), (2, "Theirs")] {
            let kind = OrganizationKind::Other;
            scene.ok(
                admin,
                Command::AddOrganization {
                    organization: organization(n),
                    name: name(named),
                    code: None,
                    kind,
                },
            );
        }
        for (column, (_, person)) in PEOPLE.iter().enumerate() {
            let Some((of, role)) = *person else { continue };
            let (participant, organization) = (person_at(column), organization(of));
            scene.ok(
                admin,
                Command::AddParticipant { participant, name: name("Somebody"), organization, role },
            );
        }
        let (participant, organization) = (CHAIR, organization(2));
        scene.ok(
            admin,
            Command::AddParticipant {
                participant,
                name: name("Chair"),
                organization,
                role: Role::Coordinator,
            },
        );
        for n in [1, 2] {
            let lead = Institution::Organization { organization: self::organization(1) };
            let fields = Fields { lead_institution: Some(lead), ..fields() };
            scene.ok(
                person_at(AUTHOR),
                Command::Recommend {
                    recommendation: recommendation(n),
                    section: section(0),
                    anchor: None,
                    fields,
                },
            );
        }
        let way = match status {
            "proposed" => vec![],
            "under discussion" => vec![NextStep::Discuss],
            "to be answered" => vec![NextStep::ProposeDisposition(Disposition::Agreed)],
            "agreed" => vec![NextStep::Decide(Disposition::Agreed)],
            "not agreed" => vec![NextStep::Decide(Disposition::NotAgreed)],
            "merged" => vec![NextStep::Merge { into: recommendation(2) }],
            "withdrawn" => vec![NextStep::Withdraw],
            "published" => vec![NextStep::Decide(Disposition::Agreed), NextStep::Publish],
            other => panic!("{other} is no status"),
        };
        for step in way {
            let step = scene.step(step, true);
            scene.ok(CHAIR, step);
        }
        if let Some(head) = head {
            let head = Some(Some(person_at(head)));
            scene.ok(admin, Command::ChangeOrganization { organization: self::organization(1), head });
        }
        scene
    }

    fn step(&self, step: NextStep, reason: bool) -> Command {
        let seen = self.state.recommendations[&recommendation(1)].steps;
        Command::TakeStep { recommendation: recommendation(1), seen, step, reason: reason.then(text) }
    }

    fn ok(&mut self, by: ParticipantId, command: Command) {
        assert_eq!(self.act(by, command.clone()), '+', "{command:?}");
    }

    /// What comes of a command: rights first, rules then, as in a room.
    fn act(&mut self, by: ParticipantId, command: Command) -> char {
        let standing = Standing::of(&self.state);
        let permit = match command {
            Command::Found { .. } => Permit::found(REPORT, command),
            command => read(&standing, REPORT, by).unwrap().act(&standing, command),
        };
        let Ok(permit) = permit else { return 'f' };
        self.seconds += 1;
        let at = jiff::Timestamp::from_second(self.seconds).unwrap();
        let decision = Decision { by, role: permit.role(), at };
        match decide(&self.state, decision, permit.command().clone()) {
            Ok((_, changes)) => {
                assert!(!changes.is_empty(), "not a repeat");
                changes.iter().for_each(|change| self.state.apply(change));
                '+'
            }
            Err(Refusal::Forbidden { .. }) => 'f',
            Err(Refusal::Conflict { .. }) => 'c',
            Err(Refusal::Field { .. }) => 'i',
            Err(other) => panic!("{other}"),
        }
    }
}

/// The commands, by their names in the table.
fn commands(scene: &Scene) -> Vec<(&'static str, Command)> {
    let position = |of| Command::TakePosition {
        recommendation: recommendation(1),
        organization: of,
        taken: Taken {
            position: Stance::Support,
            changes: None,
            statement: None,
            condition: None,
            wording: None,
        },
    };
    let edit = |change| Command::EditRecommendation { recommendation: recommendation(1), change };
    let due = crate::review::ShortField::try_from("2027".to_owned()).ok();
    let due = FieldsChange { timeframe: Some(due), ..FieldsChange::default() };
    let words = Title::try_from("Other words".to_owned()).ok();
    let words = FieldsChange { title: words, ..FieldsChange::default() };
    let agreed = Disposition::Agreed;
    vec![
        ("discuss", scene.step(NextStep::Discuss, false)),
        ("propose a disposition", scene.step(NextStep::ProposeDisposition(Disposition::NotAgreed), false)),
        ("accept it", scene.step(NextStep::AcceptDisposition, false)),
        ("decline it", scene.step(NextStep::DeclineDisposition, true)),
        ("decline it, without a reason", scene.step(NextStep::DeclineDisposition, false)),
        ("decide", scene.step(NextStep::Decide(agreed), true)),
        ("decide, without a reason", scene.step(NextStep::Decide(agreed), false)),
        ("withdraw", scene.step(NextStep::Withdraw, true)),
        ("withdraw, without a reason", scene.step(NextStep::Withdraw, false)),
        ("reopen", scene.step(NextStep::Reopen, true)),
        ("reopen, without a reason", scene.step(NextStep::Reopen, false)),
        ("merge", scene.step(NextStep::Merge { into: recommendation(2) }, true)),
        ("merge, without a reason", scene.step(NextStep::Merge { into: recommendation(2) }, false)),
        (
            "split",
            scene.step(
                NextStep::Split { recommendation: recommendation(3), title: title(), text: text() },
                true,
            ),
        ),
        (
            "split, without a reason",
            scene.step(
                NextStep::Split { recommendation: recommendation(3), title: title(), text: text() },
                false,
            ),
        ),
        ("publish", scene.step(NextStep::Publish, false)),
        ("take our position", position(Some(organization(1)))),
        ("take one's own position", position(None)),
        ("set a timeframe", edit(due)),
        ("change the title", edit(words)),
        (
            "report progress",
            Command::ReportProgress {
                recommendation: recommendation(1),
                state: ProgressState::UnderWay,
                note: None,
                link: None,
            },
        ),
    ]
}

fn check(head: Option<usize>, otherwise: &[Row]) {
    let expected = WITHOUT_HEAD.iter().map(|row| otherwise.iter().find(|it| it.0 == row.0).unwrap_or(row));
    let expected: Vec<(&str, Vec<String>)> =
        expected.map(|(name, cells)| (*name, cells.map(str::to_owned).to_vec())).collect();
    let mut found = vec![];
    let count = commands(&Scene::new("proposed", head)).len();
    for n in 0..count {
        let mut row = ("", vec![]);
        for column in 0..PEOPLE.len() {
            let cell = STATUSES.split(", ").map(|status| {
                let mut scene = Scene::new(status, head);
                let (name, command) = commands(&scene).swap_remove(n);
                row.0 = name;
                scene.act(person_at(column), command)
            });
            let cell: String = cell.collect();
            row.1.push(cell);
        }
        found.push(row);
    }
    let lines = |rows: &[(&str, Vec<String>)]| -> Vec<String> {
        rows.iter().map(|(name, cells)| format!("{name:32} {}", cells.join("  "))).collect()
    };
    assert_eq!(lines(&expected), lines(&found), "for {:?}", PEOPLE.map(|it| it.0));
}

#[test]
fn who_may_do_what_where_our_organization_has_no_head() {
    check(None, &[]);
}

#[test]
fn who_may_do_what_where_the_author_heads_our_delegation() {
    check(Some(AUTHOR), AUTHOR_HEADS);
}

#[test]
fn who_may_do_what_where_our_drafter_heads_our_delegation() {
    check(Some(DRAFTER), DRAFTER_HEADS);
}
