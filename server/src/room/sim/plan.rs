//! What happens in a run: who is there, how slow network and disk are, and what is done when. A plan follows from its
//! seed, is kept as JSON when it fails, and may lose any of its steps and still be run.

use std::{fs, io, path::PathBuf};

use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use serde::{Deserialize, Serialize};

use crate::{
    journal::sim::{Fate, Trouble},
    review::{Role, Stage},
};

/// A run, up to what chance does with `seed`.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub(super) struct Plan {
    pub(super) seed: u64,
    /// Sections of the report, each with a body.
    pub(super) sections: usize,
    pub(super) people: Vec<Person>,
    /// Entries after which a room writes a snapshot.
    pub(super) snapshot_entries: u64,
    /// Milliseconds that a room stays without seats.
    pub(super) idle: u64,
    /// Milliseconds of a frame's way, at most.
    pub(super) network: u64,
    /// Milliseconds of a shard's commit window, at most.
    #[serde(default)]
    pub(super) window: u64,
    /// What a byte that waits for a reader counts: more makes slow readers sooner.
    #[serde(default = "one")]
    pub(super) weight: usize,
    /// Milliseconds of a write and of a flush, at most.
    pub(super) disk: (u64, u64),
    /// Each after so many milliseconds.
    pub(super) steps: Vec<(u64, Step)>,
}

/// Somebody on the report, as they are invited.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub(super) struct Person {
    pub(super) role: Role,
    /// Whether they speak the addressed dialect.
    pub(super) addressed: bool,
}

/// Something that is done. Numbers beyond what there is wrap around; `dice` says where.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub(super) enum Step {
    /// Types so many keys in one transaction.
    Write { who: usize, section: usize, keys: usize, dice: u32 },
    /// Adds a paragraph.
    Paragraph { who: usize, section: usize, dice: u32 },
    /// Deletes up to so many characters.
    Erase { who: usize, section: usize, keys: usize, dice: u32 },
    /// Deletes a paragraph with all that is in it.
    Remove { who: usize, section: usize, dice: u32 },
    /// Sets or takes away a mark.
    Mark { who: usize, section: usize, dice: u32 },
    /// Moves the cursor.
    Show { who: usize, section: usize },
    /// Loses the network for so long; writes on.
    Away { who: usize, ms: u64 },
    /// Takes nothing of what is sent for so long.
    Stall { who: usize, ms: u64 },
    /// Sends what no honest client sends.
    Attack { who: usize, section: usize, attack: Attack },
    /// The administrator changes a role.
    SetRole { who: usize, role: Role },
    /// The administrator moves a section on.
    SetStage { section: usize, stage: Stage },
    /// Opens a thread.
    Comment { who: usize, section: usize },
    /// Answers in a thread.
    Reply { who: usize, dice: u32 },
    /// Resolves or reopens a thread.
    Settle { who: usize, dice: u32 },
    /// Proposes.
    Recommend { who: usize, section: usize },
    /// The administrator gives a recommendation another title.
    Reword { dice: u32 },
    /// Reads a body and the review over HTTP.
    Look { who: usize, section: usize },
    /// The next group commit meets this.
    Disk(Trouble),
    /// The disk is full for so long.
    Full { ms: u64 },
    /// The disk gives nothing for so long.
    Down { ms: u64 },
    /// The process crashes before it goes on for the so-many-th time from now.
    Crash { steps: u32 },
    /// The server is stopped, and starts again.
    Stop,
}

/// What a hostile client sends.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub(super) enum Attack {
    /// Bytes that are no update.
    Noise,
    /// An element that no section has.
    Schema,
    /// Text in a root of its own.
    OtherRoot,
    /// A change that builds on one which is kept back.
    Gap,
    /// A change by way of a sync step 2.
    Step2,
    /// A write into the review document.
    Review,
    /// A state vector of noise.
    Vector,
}

/// As sockets count.
fn one() -> usize {
    1
}

const ATTACKS: [Attack; 7] = [
    Attack::Noise,
    Attack::Schema,
    Attack::OtherRoot,
    Attack::Gap,
    Attack::Step2,
    Attack::Review,
    Attack::Vector,
];

impl Plan {
    /// The plan of a seed.
    pub(super) fn of(seed: u64) -> Self {
        let dice = &mut StdRng::seed_from_u64(seed);
        let roles = [Role::Drafter, Role::Drafter, Role::Drafter, Role::Reviewer, Role::Observer];
        let mut people: Vec<_> = (0..dice.random_range(2..=5))
            .map(|_| Person { role: roles[dice.random_range(0..roles.len())], addressed: dice.random() })
            .collect();
        people[0].role = Role::Drafter;
        let sections = dice.random_range(1..=2);
        let mood = MOODS[dice.random_range(0..MOODS.len())];
        let pace = [4, 40, 200][dice.random_range(0..3)];
        let steps = (0..dice.random_range(20..=60))
            .map(|_| (dice.random_range(0..pace), step(dice, people.len(), sections, mood)))
            .collect();
        Self {
            seed,
            sections,
            people,
            snapshot_entries: [5, 20, 1000][dice.random_range(0..3)],
            idle: [50, 2_000][dice.random_range(0..2)],
            network: [2, 30, 400][dice.random_range(0..3)],
            window: [0, 10, 200][dice.random_range(0..3)],
            weight: [1, 1_000, 5_000][dice.random_range(0..3)],
            disk: [(1, 2), (3, 20), (20, 300)][dice.random_range(0..3)],
            steps,
        }
    }

    /// Reads a kept plan.
    pub(super) fn read(path: &str) -> io::Result<Self> {
        Ok(serde_json::from_slice(&fs::read(path)?)?)
    }

    /// Keeps the plan as `SEED.json` in `PLENARY_SIM_DIR`, or in `target/sim` of the repository. Says where.
    pub(super) fn keep(&self) -> io::Result<PathBuf> {
        let here = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/sim");
        let dir = std::env::var_os("PLENARY_SIM_DIR").map_or_else(|| PathBuf::from(here), PathBuf::from);
        fs::create_dir_all(&dir)?;
        let path = dir.join(format!("{}.json", self.seed));
        fs::write(&path, serde_json::to_vec_pretty(self)?)?;
        Ok(path)
    }

    /// A plan that still fails, with as few steps as `tries` runs find.
    pub(super) fn shrunk(mut self, mut tries: usize, fails: impl Fn(&Self) -> bool) -> Self {
        let mut size = self.steps.len().div_ceil(2).max(1);
        loop {
            let mut at = 0;
            let before = self.steps.len();
            while at < self.steps.len() {
                if tries == 0 {
                    return self;
                }
                tries -= 1;
                let mut less = self.clone();
                let end = (at + size).min(less.steps.len());
                less.steps.drain(at..end);
                if fails(&less) { self = less } else { at = end }
            }
            match (size, before == self.steps.len()) {
                (1, true) => return self,
                (1, false) => {}
                _ => size = size.div_ceil(2),
            }
        }
    }
}

/// What there is more of in a plan than in others, so that rare things meet.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mood {
    /// Nothing goes wrong but on networks.
    Calm,
    Mixed,
    Disk,
    Rights,
    Network,
    Review,
    Crashes,
}

const MOODS: [Mood; 7] =
    [Mood::Calm, Mood::Mixed, Mood::Disk, Mood::Rights, Mood::Network, Mood::Review, Mood::Crashes];

/// The numbers of the steps that a mood has more of.
fn favourites(mood: Mood) -> std::ops::Range<u32> {
    match mood {
        Mood::Calm | Mood::Mixed => 0..85,
        Mood::Disk => 94..100,
        Mood::Rights => 82..87,
        Mood::Network => 55..64,
        Mood::Review => 64..80,
        Mood::Crashes => 87..94,
    }
}

/// A step; half of them write.
fn step(dice: &mut StdRng, people: usize, sections: usize, mood: Mood) -> Step {
    let (who, section) = (dice.random_range(0..people), dice.random_range(0..sections));
    let ms = [20, 200, 2_000][dice.random_range(0..3)];
    let keys = dice.random_range(1..=4);
    let at = dice.random();
    let all = if mood == Mood::Calm { 0..84 } else { 0..100 };
    let which = if dice.random_bool(0.2) { favourites(mood) } else { all };
    match dice.random_range(which) {
        0..35 => Step::Write { who, section, keys, dice: at },
        35..42 => Step::Paragraph { who, section, dice: at },
        42..49 => Step::Erase { who, section, keys, dice: at },
        49..51 => Step::Remove { who, section, dice: at },
        51..55 => Step::Mark { who, section, dice: at },
        55..57 => Step::Show { who, section },
        57..62 => Step::Away { who, ms },
        62..64 => Step::Stall { who, ms },
        64..68 => Step::Comment { who, section },
        68..70 => Step::Reply { who, dice: at },
        70..72 => Step::Settle { who, dice: at },
        72..75 => Step::Recommend { who, section },
        75..78 => Step::Look { who, section },
        78..80 => Step::Reword { dice: at },
        80..82 => Step::Attack { who, section, attack: ATTACKS[dice.random_range(0..ATTACKS.len())] },
        82..83 => Step::SetRole { who, role: role(dice) },
        83..84 => Step::SetStage { section, stage: stage(dice) },
        84..86 => Step::SetRole { who, role: role(dice) },
        86..87 => Step::SetStage { section, stage: stage(dice) },
        87..90 => Step::Disk(Trouble::KilledBeforeFlush),
        90..93 => Step::Crash { steps: dice.random_range(0..60) },
        93..94 => Step::Stop,
        94..95 => Step::Full { ms },
        95..96 => Step::Down { ms },
        _ => Step::Disk(trouble(dice)),
    }
}

fn role(dice: &mut StdRng) -> Role {
    [Role::Drafter, Role::Drafter, Role::Reviewer, Role::Observer][dice.random_range(0..4)]
}

fn stage(dice: &mut StdRng) -> Stage {
    [Stage::Drafting, Stage::InReview, Stage::Agreed, Stage::Locked][dice.random_range(0..4)]
}

fn trouble(dice: &mut StdRng) -> Trouble {
    match dice.random_range(0..10) {
        0 => Trouble::FlushFails,
        6 | 7 => Trouble::KilledBeforeFlush,
        8 | 9 => Trouble::KilledAfterFlush,
        1 | 2 => Trouble::Slow(dice.random_range(100..3_000)),
        3 => Trouble::Unknown(Fate::Stored),
        4 => Trouble::Unknown(Fate::Lost),
        _ => Trouble::Unknown(Fate::Open),
    }
}
