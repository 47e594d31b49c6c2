//! Waking at a moment. tokio's timers count milliseconds, and fire up to two after their time; a window of three takes
//! half as long again by that. On Linux a shard has a timer of the system beside them.

#[cfg(target_os = "linux")]
use std::os::fd::OwnedFd;

#[cfg(target_os = "linux")]
use rustix::time::{
    Itimerspec, TimerfdClockId, TimerfdFlags, TimerfdTimerFlags, Timespec, timerfd_create, timerfd_settime,
};
#[cfg(target_os = "linux")]
use tokio::io::{Interest, unix::AsyncFd};
use tokio::time::{Instant, sleep_until};

/// Wakes one task at a time.
pub(super) enum Alarm {
    /// By tokio's timers, and so in virtual time too.
    Coarse,
    /// By the system's.
    #[cfg(target_os = "linux")]
    Fine(AsyncFd<OwnedFd>),
}

impl Alarm {
    /// As exact as the system has it.
    #[cfg(target_os = "linux")]
    pub(super) fn fine() -> Self {
        make().map_or_else(
            |error| {
                tracing::warn!(%error, "no exact timer; commit windows take up to two milliseconds more");
                Self::Coarse
            },
            Self::Fine,
        )
    }

    /// As exact as the system has it.
    #[cfg(not(target_os = "linux"))]
    pub(super) const fn fine() -> Self {
        Self::Coarse
    }

    /// Waits for the moment.
    pub(super) async fn at(&self, moment: Instant) {
        match self {
            Self::Coarse => sleep_until(moment).await,
            #[cfg(target_os = "linux")]
            Self::Fine(timer) => {
                if ring(timer, moment).await.is_err() {
                    sleep_until(moment).await;
                }
            }
        }
    }
}

#[cfg(target_os = "linux")]
#[expect(
    deprecated,
    reason = "for files whose number may change; this one's does not, so no unsafe code is needed"
)]
fn make() -> std::io::Result<AsyncFd<OwnedFd>> {
    let timer = timerfd_create(TimerfdClockId::Monotonic, TimerfdFlags::NONBLOCK | TimerfdFlags::CLOEXEC)?;
    AsyncFd::with_interest(timer, Interest::READABLE)
}

#[cfg(target_os = "linux")]
async fn ring(timer: &AsyncFd<OwnedFd>, moment: Instant) -> std::io::Result<()> {
    loop {
        let left = moment.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok(());
        }
        // Under a second in all use; what does not fit is nothing that the system can count.
        let it_value =
            Timespec::try_from(left).map_err(|_| std::io::Error::from(std::io::ErrorKind::InvalidInput))?;
        let it_interval = Timespec { tv_sec: 0, tv_nsec: 0 };
        timerfd_settime(timer, TimerfdTimerFlags::empty(), &Itimerspec { it_interval, it_value })?;
        // It may be ready from before; then it is set once more.
        timer.readable().await?.clear_ready();
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[tokio::test]
    async fn it_never_rings_before_its_time_and_can_be_set_again() {
        for alarm in [Alarm::fine(), Alarm::Coarse] {
            for micros in [0, 1, 300, 2_700, 50, 4_000] {
                let moment = Instant::now() + Duration::from_micros(micros);
                alarm.at(moment).await;
                assert!(Instant::now() >= moment);
            }
            // One that was given up does not disturb the next.
            let long = alarm.at(Instant::now() + Duration::from_secs(3600));
            assert!(tokio::time::timeout(Duration::from_millis(1), long).await.is_err());
            alarm.at(Instant::now() + Duration::from_millis(1)).await;
        }
    }
}
