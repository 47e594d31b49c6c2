//! A founded report with one section, its rooms, and its people.

use std::sync::{
    Arc,
    atomic::{AtomicU8, Ordering},
};

use jiff::Timestamp;
use tokio::task::JoinSet;

use super::client::Client;
use crate::{
    access::{MayRead, Permit, rights},
    clock::Clock,
    ids::{DocumentName, OrganizationId, ParticipantId, RecommendationId, ReportId, SectionId, ThreadId},
    journal::{FaultyJournal, Journal as _, Kind, MemoryJournal},
    protocol::Dialect,
    review::{
        Command, Fields, Language, Name, OrganizationKind, Outcome, ReviewState, Role, SectionKind, Stage,
        Template, Text, Title,
    },
    room::{RoomError, Rooms, Tuning, shard},
};

pub(super) const REPORT: ReportId = ReportId::from_bytes([1; 16]);
pub(super) const SECTION: SectionId = SectionId::from_bytes([210; 16]);
pub(super) const BODY: DocumentName = DocumentName::body(REPORT, SECTION);
pub(super) const REVIEW: DocumentName = DocumentName::review(REPORT);
pub(super) const MINISTRY: OrganizationId = OrganizationId::from_bytes([3; 16]);

pub(super) struct Hall {
    pub(super) rooms: Rooms,
    pub(super) journal: FaultyJournal,
    people: AtomicU8,
}

pub(super) fn text(text: &str) -> Text {
    Text::try_from(text.to_owned()).unwrap()
}

pub(super) fn name(text: &str) -> Name {
    Name::try_from(text.to_owned()).unwrap()
}

pub(super) fn title(text: &str) -> Title {
    Title::try_from(text.to_owned()).unwrap()
}

pub(super) fn founding() -> Permit {
    let sections = vec![(SECTION, title("Housing"), SectionKind::Narrative)];
    let language = Language::try_from("en".to_owned()).unwrap();
    let (report, title, template) = (REPORT, title("A consultation"), Template::Blank);
    Permit::found(REPORT, Command::Found { report, title, language, template, sections }).unwrap()
}

pub(super) fn fields(of: &str) -> Fields {
    Fields::new(title(of), text(of))
}

impl Hall {
    pub(super) async fn open() -> Self {
        Self::tuned(Tuning::default()).await
    }

    /// A founded report over a new journal.
    pub(super) async fn tuned(tuning: Tuning) -> Self {
        Self::over(FaultyJournal::new(MemoryJournal::new()), tuning).founded().await
    }

    /// As `tuned`, on the thread and in the time of the test: within a `LocalSet`.
    pub(super) async fn beside_the_test(tuning: Tuning) -> Self {
        let journal = FaultyJournal::new(MemoryJournal::new());
        let (handle, shards) = shard::tasks(Arc::new(journal.clone()), clock(), 1, tuning, JoinSet::new);
        for shard in shards {
            tokio::task::spawn_local(shard);
        }
        Self { rooms: Rooms(Arc::new(handle)), journal, people: AtomicU8::new(0) }.founded().await
    }

    async fn founded(self) -> Self {
        self.rooms.decide(founding()).await.unwrap();
        let (organization, kind) = (MINISTRY, OrganizationKind::Government);
        let add = Command::AddOrganization { organization, name: name("Ministry"), code: None, kind };
        self.administer(add).await;
        self
    }

    /// Rooms over what a journal holds.
    pub(super) fn over(journal: FaultyJournal, tuning: Tuning) -> Self {
        let rooms = Rooms::tuned(Arc::new(journal.clone()), clock(), 2, tuning);
        Self { rooms, journal, people: AtomicU8::new(0) }
    }

    pub(super) async fn administer(&self, command: Command) {
        self.act(self.admin().await, command).await.unwrap();
    }

    pub(super) async fn act(
        &self,
        may: MayRead,
        command: Command,
    ) -> Result<(Outcome, Arc<ReviewState>), RoomError> {
        let standing = self.rooms.standing(REPORT).await?;
        let permit = may.act(&standing.borrow().clone(), command).expect("the test asks for what is allowed");
        self.rooms.decide(permit).await
    }

    pub(super) async fn admin(&self) -> MayRead {
        self.may(ParticipantId::ADMINISTRATOR).await
    }

    pub(super) async fn may(&self, participant: ParticipantId) -> MayRead {
        let standing = self.rooms.standing(REPORT).await.unwrap();
        let standing = standing.borrow().clone();
        rights::read(&standing, REPORT, participant).expect("they are on the report")
    }

    /// A new person of the ministry.
    pub(super) async fn invite(&self, called: &str, role: Role) -> MayRead {
        self.invite_of(MINISTRY, called, role).await
    }

    /// A new person of an organization.
    pub(super) async fn invite_of(&self, organization: OrganizationId, called: &str, role: Role) -> MayRead {
        let participant = ParticipantId::from_bytes([100 + self.people.fetch_add(1, Ordering::SeqCst); 16]);
        let name = name(called);
        self.administer(Command::AddParticipant { participant, name, organization, role }).await;
        self.may(participant).await
    }

    pub(super) async fn set_role(&self, who: MayRead, role: Role) {
        let (participant, name) = (who.participant(), None);
        self.administer(Command::ChangeParticipant { participant, name, role: Some(role) }).await;
    }

    pub(super) async fn set_stage(&self, stage: Stage) {
        let (section, title, drafted_by) = (SECTION, None, None);
        self.administer(Command::ChangeSection { section, title, stage: Some(stage), drafted_by }).await;
    }

    pub(super) async fn comment(&self, who: MayRead, thread: ThreadId) {
        let open = Command::OpenThread { thread, section: SECTION, anchor: None, text: text("Source?") };
        self.act(who, open).await.unwrap();
    }

    pub(super) async fn recommend(&self, who: MayRead, n: u8) -> Result<u32, RoomError> {
        let recommendation = RecommendationId::from_bytes([n; 16]);
        let (section, anchor, fields) = (SECTION, None, fields("Build homes"));
        let recommend = Command::Recommend { recommendation, section, anchor, fields };
        let (_, state) = self.act(who, recommend).await?;
        Ok(state.recommendations[&recommendation].number)
    }

    /// Somebody at the section, in sync.
    pub(super) async fn sit(&self, may: MayRead, dialect: Dialect) -> Client {
        self.sit_at(BODY, may, dialect).await
    }

    /// Somebody at a document, in sync.
    pub(super) async fn sit_at(&self, document: DocumentName, may: MayRead, dialect: Dialect) -> Client {
        let seat = self.rooms.join(may, document, dialect).await.unwrap();
        Client::begin(seat, dialect, document).await
    }

    /// A drafter at the section, in sync.
    pub(super) async fn drafter(&self, called: &str, dialect: Dialect) -> Client {
        let may = self.invite(called, Role::Drafter).await;
        self.sit(may, dialect).await
    }

    /// Returns once this many calls wait in a room's inbox.
    pub(super) async fn calls_waiting(&self, document: DocumentName, count: usize) {
        let inbox = self.rooms.shared().find(document).await.unwrap();
        super::soon(async {
            while inbox.max_capacity() - inbox.capacity() < count {
                tokio::task::yield_now().await;
            }
        })
        .await;
    }

    /// How often a document was opened.
    pub(super) async fn openings(&self, document: DocumentName) -> usize {
        let entries = self.journal.read(document.doc(), 1, 100_000).await.unwrap();
        entries.iter().filter(|entry| entry.kind == Kind::Claim).count()
    }

    /// How many changes of a document are stored.
    pub(super) async fn changes(&self, document: DocumentName) -> usize {
        let entries = self.journal.read(document.doc(), 1, 100_000).await.unwrap();
        entries.iter().filter(|entry| matches!(entry.kind, Kind::Update | Kind::Command)).count()
    }
}

fn clock() -> Clock {
    Clock::fixed("2026-11-24T12:00:00Z".parse::<Timestamp>().unwrap(), rand_seed())
}

/// Each hall's server writes under other Yjs client ids, as each start of a server does.
fn rand_seed() -> u64 {
    static SEEDS: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(1);
    SEEDS.fetch_add(1, Ordering::SeqCst)
}
