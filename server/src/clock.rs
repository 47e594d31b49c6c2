//! The only source of time and chance, so that a test can set both.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use jiff::Timestamp;
use parking_lot::Mutex;
use rand::{Rng as _, SeedableRng as _, rngs::StdRng};

/// Time and chance. Cheap to clone; clones share their state.
#[derive(Clone)]
pub struct Clock(Arc<Inner>);

struct Inner {
    /// Microseconds since 1970; `None` follows the system.
    fixed: Option<AtomicI64>,
    chance: Mutex<StdRng>,
}

impl Clock {
    /// The system's time, and chance from the system's entropy.
    #[allow(clippy::disallowed_methods)]
    pub fn system() -> Self {
        Self(Arc::new(Inner { fixed: None, chance: Mutex::new(StdRng::from_rng(&mut rand::rng())) }))
    }

    /// A clock that stands still until `advance`, and chance that repeats from its seed.
    pub fn fixed(start: Timestamp, seed: u64) -> Self {
        let fixed = Some(AtomicI64::new(start.as_microsecond()));
        Self(Arc::new(Inner { fixed, chance: Mutex::new(StdRng::seed_from_u64(seed)) }))
    }

    /// Now, in UTC.
    #[allow(clippy::disallowed_methods)]
    pub fn now(&self) -> Timestamp {
        match &self.0.fixed {
            None => Timestamp::now(),
            Some(us) => {
                Timestamp::from_microsecond(us.load(Ordering::SeqCst)).unwrap_or(Timestamp::UNIX_EPOCH)
            }
        }
    }

    /// Moves a fixed clock on; the system's clock takes no orders.
    pub fn advance(&self, by: std::time::Duration) {
        if let Some(us) = &self.0.fixed {
            us.fetch_add(by.as_micros().min(i64::MAX as u128) as i64, Ordering::SeqCst);
        }
    }

    /// 16 random bytes, for an id.
    pub fn id16(&self) -> [u8; 16] {
        let mut bytes = [0; 16];
        self.0.chance.lock().fill_bytes(&mut bytes);
        bytes
    }

    /// 32 random bytes, for a secret.
    pub fn secret32(&self) -> [u8; 32] {
        let mut bytes = [0; 32];
        self.0.chance.lock().fill_bytes(&mut bytes);
        bytes
    }
}
