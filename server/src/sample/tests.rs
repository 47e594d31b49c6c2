//! The sample's own content, held to what it promises.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::*;
use crate::{
    access::Secret,
    body::{Attr, Block, Body, Inline, Mark, Node, Run, Taken},
    ids::SectionId,
    journal::{Journal, MemoryJournal},
    review::{
        Counted, Decision, Institution, ProgressState, Recommendation, ReportInfo, StepKind, ThreadState,
        decide,
    },
};

fn clock() -> Clock {
    Clock::fixed(Timestamp::UNIX_EPOCH, 7)
}

/// Key, title and blocks of every section, in order.
fn pages() -> Vec<(&'static str, markdown::Page)> {
    content::TEXTS.iter().map(|(key, text)| (*key, markdown::read(text, &clock()).unwrap())).collect()
}

/// Each paragraph and heading, however deep.
fn lines(blocks: &[Block]) -> Vec<&Block> {
    blocks.iter().flat_map(|it| if it.node.holds_text() { vec![it] } else { lines(&it.blocks) }).collect()
}

/// The runs of each footnote.
fn footnotes(blocks: &[Block]) -> Vec<&[Run]> {
    let notes = lines(blocks).into_iter().flat_map(|it| &it.inline);
    notes
        .filter_map(|it| if let Inline::Footnote { runs, .. } = it { Some(&runs[..]) } else { None })
        .collect()
}

#[test]
fn every_section_of_the_script_has_its_text_and_the_other_way_round() {
    let script = content::script().unwrap();
    let keys: Vec<_> = script.sections.iter().map(|it| it.key.as_str()).collect();
    assert_eq!(keys, content::TEXTS.map(|it| it.0));
}

#[test]
fn the_report_is_long_enough_to_be_worked_with() {
    let pages = pages();
    let count = |text: &str| text.split_whitespace().count();
    let text: usize = pages.iter().flat_map(|it| lines(&it.1.blocks)).map(|it| count(&it.text())).sum();
    let notes: Vec<_> = pages.iter().flat_map(|it| footnotes(&it.1.blocks)).collect();
    let blocks = pages.iter().flat_map(|it| &it.1.blocks);
    let tables = blocks.filter(|it| it.node == Node::Table).count();
    assert!(text >= 6_500, "{text} words");
    assert!(notes.len() >= 10, "{} footnotes", notes.len());
    assert!(tables >= 5, "{tables} tables");
}

#[test]
fn each_dimension_says_what_is_well_developed_and_what_could_be_developed_further() {
    let script = content::script().unwrap();
    for (entry, (key, page)) in script.sections.iter().zip(pages()) {
        let headings = page.blocks.iter().filter(|it| it.attr(Attr::Level) == Some(&2.into())).count();
        if entry.kind == crate::review::SectionKind::Dimension {
            assert_eq!(headings, 2, "{key}");
        }
    }
}

#[test]
fn a_section_in_another_language_says_so() {
    let script = content::script().unwrap();
    let cyrillic = |text: &str| {
        let letters = text.chars().filter(|c| c.is_alphabetic());
        let (cyrillic, others): (Vec<_>, Vec<_>) = letters.partition(|c| ('а'..='ё').contains(c));
        cyrillic.len() > others.len()
    };
    let russian: Vec<_> = content::TEXTS.iter().filter(|it| cyrillic(it.1)).map(|it| it.0).collect();
    let said = script.sections.iter().filter(|it| it.language.as_ref().is_some_and(|it| it.as_str() == "ru"));
    assert_eq!(russian, said.map(|it| it.key.as_str()).collect::<Vec<_>>());
    assert_eq!(russian, ["partnerships"]);
}

#[test]
fn every_table_has_a_caption_and_captions_are_numbered_through() {
    let mut number = 0;
    for (key, page) in pages().iter().filter(|it| it.0 != "acronyms") {
        for pair in page.blocks.windows(2) {
            if let [before, Block { node: Node::Table, .. }] = pair {
                number += 1;
                let caption = before.text();
                let starts = [format!("Table {number}. "), format!("Таблица {number}. ")];
                assert!(starts.iter().any(|it| caption.starts_with(it)), "{key}: {caption}");
            }
        }
    }
}

#[test]
fn links_lead_nowhere_but_to_example_domains() {
    let links = pages().into_iter().flat_map(|(_, page)| {
        let words = lines(&page.blocks).into_iter().flat_map(|it| &it.inline);
        let runs = words.filter_map(|it| if let Inline::Run(run) = it { Some(run) } else { None });
        let runs = runs.chain(footnotes(&page.blocks).into_iter().flatten());
        let marks = runs.flat_map(|it| &it.marks);
        let hrefs =
            marks.filter_map(|it| if let Mark::Link { href } = it { Some(href.clone()) } else { None });
        hrefs.collect::<Vec<_>>()
    });
    let written =
        content::TEXTS.iter().flat_map(|it| it.1.match_indices("http").map(|at| it.1[at.0..].to_owned()));
    let links: Vec<_> = links.chain(written).collect();
    assert!(links.len() >= 10, "{}", links.len());
    for link in links {
        let host = link.strip_prefix("https://").unwrap_or_else(|| panic!("{link}"));
        let host = host.split(|c: char| !(c.is_ascii_alphanumeric() || c == '.' || c == '-')).next().unwrap();
        assert!(host.trim_end_matches('.').ends_with(".example"), "{link}");
    }
}

#[test]
fn every_quote_stands_exactly_once_and_within_one_block() {
    let script = content::script().unwrap();
    let pages = pages();
    let threads = script.threads.iter().map(|it| (&it.section, &it.quote));
    let recommendations = script.recommendations.iter().map(|it| (&it.section, &it.quote));
    for (section, quote) in threads.chain(recommendations) {
        let page = &pages.iter().find(|it| it.0 == section).unwrap_or_else(|| panic!("{section}")).1;
        let Some(quote) = quote else { continue };
        let count: usize =
            lines(&page.blocks).iter().map(|it| it.text().matches(quote.as_str()).count()).sum();
        let notes = footnotes(&page.blocks)
            .iter()
            .filter(|it| it.iter().any(|run| run.text.contains(quote.as_str())))
            .count();
        assert_eq!((count, notes), (1, 0), "{section}: {}", quote.as_str());
    }
}

#[test]
fn everybody_named_is_known_and_names_and_codes_are_unique() {
    let script = content::script().unwrap();
    let codes: BTreeSet<_> = script.organizations.iter().map(|it| it.code.as_str()).collect();
    let names: BTreeSet<_> = script.participants.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(codes.len(), script.organizations.len());
    assert_eq!(names.len(), script.participants.len());
    let organizations = script.participants.iter().map(|it| &it.organization);
    for code in organizations.chain(script.sections.iter().map(|it| &it.drafted_by)) {
        assert!(codes.contains(code.as_str()), "{}", code.as_str());
    }
    let replies = script.threads.iter().flat_map(|it| &it.replies).map(|it| &it.author);
    let resolvers = script.threads.iter().filter_map(|it| it.resolved_by.as_ref());
    let authors = script.threads.iter().map(|it| &it.author).chain(replies).chain(resolvers);
    for name in authors.chain(script.recommendations.iter().map(|it| &it.author)) {
        assert!(names.contains(name.as_str()), "{}", name.as_str());
    }
}

#[test]
fn one_link_for_each_role() {
    let script = content::script().unwrap();
    let mut roles: Vec<_> = script.participants.iter().filter(|it| it.link).map(|it| it.role).collect();
    roles.sort_by_key(|it| format!("{it:?}"));
    assert_eq!(roles, [Role::Coordinator, Role::Drafter, Role::Observer, Role::Reviewer]);
}

#[test]
fn there_is_something_of_everything() {
    let script = content::script().unwrap();
    assert!(script.threads.len() >= 14);
    assert_eq!(script.threads.iter().filter(|it| it.quote.is_none()).count(), 2);
    assert!(script.threads.iter().any(|it| it.resolved_by.is_some()));
    assert!(script.threads.iter().filter(|it| it.section == "partnerships").count() >= 2);
    assert_eq!(script.recommendations.len(), 15);
    let organizations: BTreeSet<_> = script.recommendations.iter().map(|it| it.author.as_str()).collect();
    assert!(organizations.len() >= 5);
    let incomplete =
        |it: &&content::RecommendationEntry| it.lead_institution.is_none() || it.timeframe.is_none();
    assert!(script.recommendations.iter().filter(incomplete).count() >= 2);
    for stage in ["Drafting", "InReview", "Agreed", "Locked"] {
        assert!(script.sections.iter().any(|it| format!("{:?}", it.stage) == stage), "{stage}");
    }
}

/// The sample as its steps make it: every one of them allowed to its author, decided and applied.
fn played() -> (Script, Plan, ReviewState, BTreeMap<SectionId, Body>) {
    let script = content::script().unwrap();
    let clock = clock();
    let plan = plan::plan(&script, &clock).unwrap();
    let mut state = ReviewState::default();
    let mut bodies = BTreeMap::new();
    for (at, step) in plan.steps.iter().enumerate() {
        match step {
            Step::Act { by, command } => {
                let permit = permit(&state, plan.report, *by, (**command).clone())
                    .unwrap_or_else(|denied| panic!("step {at}: {denied}: {command:?}"));
                let decision = Decision { by: *by, role: permit.role(), at: clock.now() };
                let (_, changes) = decide(&state, decision, (**command).clone())
                    .unwrap_or_else(|refusal| panic!("step {at}: {refusal}: {command:?}"));
                changes.iter().for_each(|change| state.apply(change));
            }
            Step::Fill { by, section, update } => {
                let standing = Standing::of(&state);
                let may = rights::read(&standing, plan.report, *by).unwrap();
                may.write(&standing, DocumentName::body(plan.report, *section)).unwrap();
                let mut body = Body::new();
                assert_eq!(body.take(update), Ok(Taken::New), "step {at}");
                bodies.insert(*section, body);
            }
        }
    }
    (script, plan, state, bodies)
}

#[test]
fn the_steps_make_what_the_script_says() {
    let (script, plan, state, bodies) = played();
    assert_eq!(bodies.len(), script.sections.len());
    assert_eq!(state.organizations.len(), script.organizations.len());
    assert_eq!(state.participants.len(), script.participants.len());
    assert_eq!(state.threads.len(), script.threads.len());
    assert_eq!(state.replies.len(), script.threads.iter().map(|it| it.replies.len()).sum::<usize>());
    assert_eq!(state.recommendations.len(), script.recommendations.len());
    let resolved = state.threads.values().filter(|it| it.state == ThreadState::Resolved).count();
    assert_eq!(resolved, script.threads.iter().filter(|it| it.resolved_by.is_some()).count());
    assert_eq!(seats(&script, &state), Some(plan.seats));
}

#[test]
fn recommendations_show_all_that_can_become_of_one() {
    let (_, _, state, _) = played();
    let all = || state.recommendations.values();
    let statuses: BTreeSet<_> = all().map(|it| format!("{:?}", it.status)).collect();
    let wanted = ["Agreed", "Merged", "NotAgreed", "Proposed", "Published", "UnderDiscussion", "Withdrawn"];
    assert!(statuses.iter().eq(wanted), "{statuses:?}");
    let numbered = |n: u32| all().find(|it| it.number == n).unwrap();
    let open = |n: u32| state.open_disposition(numbered(n).id).map(|it| it.kind);
    assert_eq!(open(2), Some(StepKind::DispositionDeclined));
    assert_eq!(open(3), Some(StepKind::DispositionProposed));
    assert_eq!(numbered(12).merged_into, Some(numbered(13).id));

    let current = || all().flat_map(|it| state.current_positions(it.id).map(move |position| (it, position)));
    let counted: BTreeSet<_> = current().map(|it| state.counted(it.1)).collect();
    let wanted = [
        Counted::Support,
        Counted::SupportWithChanges,
        Counted::Object,
        Counted::Abstain,
        Counted::Waiting,
        Counted::Lapsed,
    ];
    assert!(counted.iter().eq(&wanted), "{counted:?}");
    assert!(current().any(|it| it.1.on_behalf) && current().any(|it| it.1.n > 1));
    assert!(current().any(|(it, position)| it.is_to_be_renewed(position)));
    assert!(
        current().any(|(it, position)| it.has_earlier_wording(position) && !it.is_to_be_renewed(position))
    );
    assert_eq!(state.maintained_objections(numbered(4)).len(), 1);
    assert_eq!(state.tally(numbered(9)).support, 15);
    let last = state.progress_of(numbered(9).id).next_back().unwrap();
    assert!(last.state == ProgressState::Done && last.link.is_some());
    let evidence: Vec<_> = all().flat_map(|it| &it.evidence_links).map(|it| it.source.as_ref()).collect();
    assert!(
        evidence.iter().any(Option::is_none)
            && evidence.iter().flatten().any(|it| it.as_str().starts_with("http"))
    );
    let lead = |it: &&Recommendation| matches!(it.lead_institution, Some(Institution::Organization { .. }));
    assert_eq!(all().filter(lead).count(), 13);
    assert!(state.organizations.values().any(|it| it.head.is_some()) && state.terms.len() == 1);
}

#[test]
fn sections_stand_in_order_each_in_its_stage_and_language() {
    let (script, _, state, _) = played();
    let mut sections: Vec<_> = state.sections.values().collect();
    sections.sort_by(|a, b| a.rank.total_cmp(&b.rank));
    let stand = sections.iter().map(|it| (it.kind, it.stage, it.language.clone()));
    let wanted = script.sections.iter().map(|it| (it.kind, it.stage, it.language.clone()));
    assert_eq!(stand.collect::<Vec<_>>(), wanted.collect::<Vec<_>>());
    let drafted_by = sections.iter().map(|it| state.organizations[&it.drafted_by.unwrap()].code.clone());
    assert!(drafted_by.eq(script.sections.iter().map(|it| it.drafted_by.clone())));
}

#[test]
fn every_anchor_stands_on_its_words() {
    let (script, _, state, bodies) = played();
    let threads = state.threads.values().map(|it| (it.section, &it.anchor));
    let recommendations = state.recommendations.values().map(|it| (it.section, &it.anchor));
    let anchors: Vec<_> =
        threads.chain(recommendations).filter_map(|it| Some((it.0, it.1.as_ref()?))).collect();
    let quotes = script.threads.iter().filter(|it| it.quote.is_some()).count()
        + script.recommendations.iter().filter(|it| it.quote.is_some()).count();
    assert_eq!(anchors.len(), quotes);
    for (section, anchor) in anchors {
        assert!(bodies[&section].attached(anchor), "{}", anchor.quote.as_str());
    }
}

#[test]
fn organizations_have_the_eight_hues_in_turn() {
    let (script, _, state, _) = played();
    for (at, entry) in script.organizations.iter().enumerate() {
        let organization = state.organizations.values().find(|it| it.code == entry.code).unwrap();
        assert_eq!(usize::from(organization.hue), at % 8 + 1, "{}", entry.code.as_str());
    }
}

#[test]
fn another_report_of_that_title_is_not_taken_for_the_sample() {
    let (script, _, state, _) = played();
    let nobody = ReviewState { participants: BTreeMap::new(), ..state.clone() };
    assert_eq!(seats(&script, &nobody), None);
    for change in [
        |it: &mut ReportInfo| it.title = String::from("Another").try_into().unwrap(),
        |it: &mut ReportInfo| it.template = Template::Mgi,
    ] {
        let mut report = state.report.clone().unwrap();
        change(&mut report);
        assert_eq!(seats(&script, &ReviewState { report: Some(report), ..state.clone() }), None);
    }
    assert_eq!(seats(&script, &ReviewState::default()), None);
}

/// A server over this journal.
async fn server(journal: &MemoryJournal) -> (Rooms, Access) {
    let journal: Arc<dyn Journal> = Arc::new(journal.clone());
    let rooms = Rooms::start(Arc::clone(&journal), Clock::system(), 1, crate::room::Window::default());
    (rooms, Access::open(journal, Clock::system(), Secret::new("admin")).await.unwrap())
}

#[tokio::test]
async fn loading_twice_gives_one_report_also_after_a_restart() {
    let journal = MemoryJournal::new();
    let (rooms, access) = server(&journal).await;
    let sample = load(&rooms, &access, &clock()).await.unwrap();
    let state = rooms.review(sample.report).await.unwrap();
    assert_eq!(load(&rooms, &access, &clock()).await.unwrap(), sample);
    assert_eq!(*rooms.review(sample.report).await.unwrap(), *state);
    rooms.stop().await;
    drop(access);

    let (rooms, access) = server(&journal).await;
    assert_eq!(load(&rooms, &access, &clock()).await.unwrap(), sample);
    assert_eq!(access.reports(), [sample.report]);
    assert_eq!(*rooms.review(sample.report).await.unwrap(), *state);
    let script = content::script().unwrap();
    for it in &state.sections {
        let may = rights::read(&Standing::of(&state), sample.report, sample.seats[0].1).unwrap();
        let document = rooms.document(may, DocumentName::body(sample.report, *it.0)).await.unwrap();
        let body = Body::load([&document[..]]).unwrap();
        assert!(!body.tree().unwrap().blocks.is_empty(), "{}", it.1.title.as_str());
    }
    assert_eq!(state.sections.len(), script.sections.len());
    rooms.stop().await;
}

#[tokio::test]
async fn a_load_that_was_interrupted_is_started_anew() {
    let journal = MemoryJournal::new();
    let (rooms, access) = server(&journal).await;
    let Plan { report, mut steps, .. } = plan::plan(&content::script().unwrap(), &clock()).unwrap();
    steps.truncate(steps.len() / 2);
    play(&rooms, report, steps).await.unwrap();
    let sample = load(&rooms, &access, &Clock::system()).await.unwrap();
    assert_ne!(sample.report, report);
    assert_eq!(access.reports(), [sample.report]);
    rooms.stop().await;
}
