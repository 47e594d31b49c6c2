//! What the server measures of itself, in the form that Prometheus reads (text format 0.0.4).
//!
//! Recording is a few atomic operations: no lock, no allocation. No label ever holds what a client chose, and none
//! names a report, a document or a person: the numbers may be shown to who may see nothing of the texts.

mod refusals;

use std::{fmt::Write as _, fs, sync::LazyLock, time::Duration};

use prometheus::{
    Histogram, HistogramOpts, IntCounter, IntCounterVec, IntGauge, IntGaugeVec, Opts, Registry, TextEncoder,
    core::Collector, exponential_buckets,
};

use self::refusals::Refusals;

/// What `text` is, as a content type.
pub(crate) const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Upper bounds of the buckets of times, in seconds: 50 µs, doubled up to 13 s. The longest commit is ten seconds.
fn seconds() -> Vec<f64> {
    exponential_buckets(0.000_05, 2.0, 19).unwrap_or_default()
}

/// Everything that is measured, for the process: a process has one store and one set of rooms.
pub(crate) struct Meter {
    registry: Registry,
    rooms: IntGauge,
    plain_sockets: IntGauge,
    addressed_sockets: IntGauge,
    reports: IntGauge,
    memory: IntGauge,
    /// Frames written to sockets, pings left out.
    pub(crate) frames: IntCounter,
    /// Changes of clients that were new and taken; their record may still be on its way to the disk.
    pub(crate) updates: IntCounter,
    /// Entries written to the store.
    pub(crate) entries: IntCounter,
    /// Readers that were closed because they did not keep up.
    pub(crate) slow_readers: IntCounter,
    /// Readers that lagged and were brought up to date by difference.
    pub(crate) laggards: IntCounter,
    /// Rooms that a bug ended.
    pub(crate) panics: IntCounter,
    /// One commit of the store: writing, flushing, noting it in the witness.
    commit: Histogram,
    /// Its flush alone.
    pub(crate) flush: Histogram,
    delivery: Histogram,
    refusals: Refusals,
}

static METER: LazyLock<Meter> = LazyLock::new(|| {
    // Fails for a malformed or a repeated name only; all are written here, and every test goes through here.
    Meter::new().expect("the measures have well-formed names, each once")
});

/// What is measured.
pub(crate) fn meter() -> &'static Meter {
    &METER
}

/// Something that is there now: counted until dropped.
pub(crate) struct Here(&'static IntGauge);

impl Here {
    fn count(gauge: &'static IntGauge) -> Self {
        gauge.inc();
        Self(gauge)
    }
}

impl Drop for Here {
    fn drop(&mut self) {
        self.0.dec();
    }
}

impl Meter {
    fn new() -> prometheus::Result<Self> {
        let registry = Registry::new();
        let sockets = IntGaugeVec::new(
            Opts::new("plenary_sockets", "Sockets that are open, by dialect."),
            &["dialect"],
        )?;
        let refused = IntCounterVec::new(
            Opts::new("plenary_refusals_total", "Changes of clients that were refused, by reason."),
            &["type"],
        )?;
        let count = |name: &str, help: &str| kept(&registry, IntCounter::new(name, help)?);
        let gauge = |name: &str, help: &str| kept(&registry, IntGauge::new(name, help)?);
        let times = |name: &str, help: &str| {
            kept(&registry, Histogram::with_opts(HistogramOpts::new(name, help).buckets(seconds()))?)
        };
        Ok(Self {
            rooms: gauge("plenary_rooms", "Documents that are in memory.")?,
            plain_sockets: sockets.with_label_values(&["y-websocket"]),
            addressed_sockets: sockets.with_label_values(&["hocuspocus"]),
            reports: gauge("plenary_reports", "Reports of this server.")?,
            memory: gauge("process_resident_memory_bytes", "Resident memory of the process.")?,
            frames: count("plenary_frames_sent_total", "Frames written to sockets.")?,
            updates: count("plenary_updates_total", "New changes of clients that were taken.")?,
            entries: count("plenary_entries_total", "Entries written to the store.")?,
            slow_readers: count("plenary_slow_readers_total", "Readers closed for not keeping up.")?,
            laggards: count(
                "plenary_caught_up_readers_total",
                "Readers that lagged and were brought up to date by difference.",
            )?,
            panics: count(
                "plenary_room_panics_total",
                "Rooms that a bug ended; they reopen from the store.",
            )?,
            commit: times("plenary_commit_seconds", "A commit: writing, flushing, confirming.")?,
            flush: times("plenary_flush_seconds", "The flush of a commit.")?,
            delivery: times(
                "plenary_delivery_seconds",
                "From a change's arrival at its room until it is durable and handed to everybody's socket.",
            )?,
            refusals: Refusals::new(&refused),
            registry: {
                kept(&registry, sockets)?;
                kept(&registry, refused)?;
                registry
            },
        })
    }

    /// How many documents are in memory.
    pub(crate) fn documents(&self) -> i64 {
        self.rooms.get()
    }

    /// How many clients are connected.
    pub(crate) fn sockets(&self) -> i64 {
        self.plain_sockets.get() + self.addressed_sockets.get()
    }

    /// A document is in memory.
    pub(crate) fn room(&'static self) -> Here {
        Here::count(&self.rooms)
    }

    /// A y-websocket client is connected.
    pub(crate) fn plain_socket(&'static self) -> Here {
        Here::count(&self.plain_sockets)
    }

    /// A Hocuspocus client is connected.
    pub(crate) fn addressed_socket(&'static self) -> Here {
        Here::count(&self.addressed_sockets)
    }

    /// A change was refused; `reason` is one of those the contract names.
    pub(crate) fn refused(&self, reason: &str) {
        self.refusals.count(reason);
    }

    /// A commit is durable.
    pub(crate) fn committed(&self, took: Duration) {
        self.commit.observe(took.as_secs_f64());
    }

    /// A change left its room, so long after it had arrived there.
    pub(crate) fn delivered(&self, took: Duration) {
        self.delivery.observe(took.as_secs_f64());
    }

    /// Everything, as of now; `reports` is how many there are.
    pub(crate) fn text(&self, reports: usize) -> String {
        self.reports.set(reports as i64);
        self.memory.set(resident_bytes());
        let mut text = String::new();
        if let Err(error) = TextEncoder::new().encode_utf8(&self.registry.gather(), &mut text) {
            // A reader of the format takes it as a comment, and misses what is not there.
            let _ = writeln!(text, "# incomplete: {error}");
        }
        text
    }
}

/// Enters a measure, and gives it back.
fn kept<C: Collector + Clone + 'static>(registry: &Registry, measure: C) -> prometheus::Result<C> {
    registry.register(Box::new(measure.clone()))?;
    Ok(measure)
}

/// Resident memory in bytes, of `/proc/self/status`, which needs no page size; 0 where there is none.
fn resident_bytes() -> i64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib: Option<i64> = line.and_then(|line| line.trim().strip_suffix("kB")?.trim().parse().ok());
    kib.unwrap_or(0) * 1024
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_here_counts_until_it_is_gone() {
        let meter: &'static Meter = Box::leak(Box::new(Meter::new().unwrap()));
        let (first, second) = (meter.plain_socket(), meter.plain_socket());
        drop(first);
        let text = meter.text(3);
        assert!(text.contains("plenary_sockets{dialect=\"y-websocket\"} 1\n"), "{text}");
        assert!(text.contains("plenary_sockets{dialect=\"hocuspocus\"} 0\n"), "{text}");
        assert!(text.contains("plenary_reports 3\n"), "{text}");
        drop(second);
        assert!(meter.text(3).contains("plenary_sockets{dialect=\"y-websocket\"} 0\n"));
    }

    #[test]
    fn times_fall_into_buckets_up_to_the_longest_commit() {
        let meter = Meter::new().unwrap();
        meter.committed(Duration::from_micros(80));
        meter.committed(Duration::from_secs(9));
        let text = meter.text(0);
        assert!(text.contains("plenary_commit_seconds_bucket{le=\"0.0001\"} 1\n"), "{text}");
        assert!(text.contains("plenary_commit_seconds_bucket{le=\"13.1072\"} 2\n"), "{text}");
        assert!(text.contains("plenary_commit_seconds_count 2\n"), "{text}");
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn memory_is_that_of_a_running_process() {
        assert!(resident_bytes() > 1024 * 1024);
    }
}
