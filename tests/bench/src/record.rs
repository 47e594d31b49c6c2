//! What was measured, as kept in `bench.json`.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt, fs,
    path::Path,
};

use clap::ValueEnum;
use serde::{Deserialize, Serialize};

use crate::{kind::Kind, machine::median, scenario::Figures};

/// One run of a scenario with a server.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Record {
    /// The scenario's name.
    pub scenario: String,
    /// The server's name.
    pub target: String,
    /// Which run, from 0.
    pub run: u64,
    /// Median microseconds of an append with its fdatasync, just before.
    pub flush_p50_us: f64,
    /// Their 99th percentile.
    pub flush_p99_us: f64,
    /// The figures; empty when the run failed.
    pub figures: Figures,
    /// Why it failed.
    pub error: Option<String>,
}

/// All of it.
#[derive(Default, Debug, Serialize, Deserialize)]
pub struct Book {
    /// The machine.
    pub facts: Vec<(String, String)>,
    /// Versions, or why a server was not measured, by its name.
    pub versions: BTreeMap<String, String>,
    /// The runs.
    pub records: Vec<Record>,
}

impl Record {
    /// A record of a run.
    pub fn new(
        scenario: String,
        kind: Kind,
        run: u64,
        flush: (f64, f64),
        result: anyhow::Result<Figures>,
    ) -> Self {
        let (figures, error) = match result {
            Ok(figures) => (figures, None),
            Err(error) => (Figures::new(), Some(format!("{error:#}"))),
        };
        let (flush_p50_us, flush_p99_us) = flush;
        Self { scenario, target: kind.name(), run, flush_p50_us, flush_p99_us, figures, error }
    }
}

impl fmt::Display for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} run {}:", self.scenario, self.target, self.run + 1)?;
        if let Some(error) = &self.error {
            return write!(f, " failed: {error}");
        }
        self.figures.iter().try_for_each(|(name, value)| write!(f, " {name}={value:.2}"))
    }
}

impl Book {
    /// Reads what the last run wrote.
    pub fn read(out: &Path) -> anyhow::Result<Self> {
        Ok(serde_json::from_str(&fs::read_to_string(out.join("bench.json"))?)?)
    }

    /// Writes it beside the report.
    pub fn write(&self, out: &Path) -> anyhow::Result<()> {
        Ok(fs::write(out.join("bench.json"), serde_json::to_string_pretty(self)?)?)
    }

    /// The records of a scenario with a server.
    pub fn of<'a>(&'a self, scenario: &'a str, target: &'a str) -> impl Iterator<Item = &'a Record> {
        self.records.iter().filter(move |one| one.scenario == scenario && one.target == target)
    }

    /// The median of a figure over the runs that have it.
    pub fn median(&self, scenario: &str, target: &str, figure: &str) -> Option<f64> {
        let values: Vec<f64> =
            self.of(scenario, target).filter_map(|one| one.figures.get(figure).copied()).collect();
        median(&values)
    }

    /// The median over the rounds of a figure's ratio to another server's of the same round.
    pub fn ratio(&self, scenario: &str, target: &str, other: &str, figure: &str) -> Option<f64> {
        let value = |target: &str, run: u64| {
            self.of(scenario, target).find(|one| one.run == run)?.figures.get(figure).copied()
        };
        let rounds = self.of(scenario, target).filter_map(|one| {
            let (own, other) = (value(target, one.run)?, value(other, one.run)?);
            (other > 0.0).then_some(own / other)
        });
        median(&rounds.collect::<Vec<_>>())
    }

    /// The share of the full size that the runs had, as far as it was noted.
    pub fn size(&self) -> f64 {
        let noted = self.facts.iter().find(|(name, _)| name == "size");
        noted.and_then(|(_, value)| value.parse().ok()).unwrap_or(1.0)
    }

    /// The largest of a figure over the runs that have it.
    pub fn worst(&self, scenario: &str, target: &str, figure: &str) -> Option<f64> {
        self.of(scenario, target).filter_map(|one| one.figures.get(figure).copied()).reduce(f64::max)
    }

    /// The names of a scenario's rows that have records: as it stands in the list, then what was different.
    pub fn variants(&self, scenario: &str) -> BTreeSet<String> {
        let of = |name: &str| {
            name.strip_prefix(scenario).is_some_and(|rest| rest.is_empty() || rest.starts_with('+'))
        };
        self.records.iter().map(|one| &one.scenario).filter(|name| of(name)).cloned().collect()
    }

    /// The servers that have records, always in the same order.
    pub fn targets(&self) -> Vec<String> {
        let all = Kind::value_variants().iter().map(|kind| kind.name());
        all.filter(|name| self.records.iter().any(|one| one.target == *name)).collect()
    }
}
