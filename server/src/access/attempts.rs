//! Wrong tokens, counted by address, so that nobody tries many.

use std::{
    collections::{HashMap, VecDeque},
    net::IpAddr,
    time::Duration,
};

use jiff::Timestamp;

use crate::limits;

/// How long wrong tokens are counted together.
const WINDOW: Duration = Duration::from_secs(60);

/// The wrong tokens of the last minute, by address. Its memory is bounded: beyond `limits::BAD_TOKEN_ADDRESSES_MAX`
/// addresses the oldest count is forgotten.
#[derive(Debug, Default)]
pub struct Attempts {
    counts: HashMap<IpAddr, Count>,
    /// The addresses in the order in which their counts began.
    order: VecDeque<(IpAddr, Timestamp)>,
}

#[derive(Clone, Copy, Debug)]
struct Count {
    since: Timestamp,
    wrong: u32,
}

impl Attempts {
    /// How long an address must wait before its next token is looked at; `None`: not at all.
    pub fn wait(&self, address: IpAddr, now: Timestamp) -> Option<Duration> {
        let count = self.counts.get(&network(address))?;
        (count.wrong >= limits::BAD_TOKENS_PER_MINUTE).then(|| left(count.since, now)).flatten()
    }

    /// Counts a wrong token.
    pub fn note(&mut self, address: IpAddr, now: Timestamp) {
        while self.order.front().is_some_and(|oldest| left(oldest.1, now).is_none()) {
            self.forget_oldest();
        }
        let address = network(address);
        if let Some(count) = self.counts.get_mut(&address).filter(|it| left(it.since, now).is_some()) {
            count.wrong = count.wrong.saturating_add(1);
            return;
        }
        if self.order.len() >= limits::BAD_TOKEN_ADDRESSES_MAX {
            self.forget_oldest();
        }
        self.counts.insert(address, Count { since: now, wrong: 1 });
        self.order.push_back((address, now));
    }

    fn forget_oldest(&mut self) {
        if let Some((address, since)) = self.order.pop_front()
            && self.counts.get(&address).is_some_and(|it| it.since == since)
        {
            self.counts.remove(&address);
        }
    }
}

/// What is left of a count's minute; `None` when it is over, or when the clock was set back behind its beginning.
fn left(since: Timestamp, now: Timestamp) -> Option<Duration> {
    let passed = Duration::try_from(now.duration_since(since)).ok()?;
    WINDOW.checked_sub(passed).filter(|left| !left.is_zero())
}

/// What one household or office has: an IPv4 address, or 64 bits of an IPv6 one.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(it) => IpAddr::V4(it),
        IpAddr::V6(it) => IpAddr::V6((it.to_bits() >> 64 << 64).into()),
    }
}

#[cfg(test)]
mod tests {
    use std::net::{Ipv4Addr, Ipv6Addr};

    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }
    fn address(n: u32) -> IpAddr {
        Ipv4Addr::from_bits(n).into()
    }
    fn tried(address: IpAddr, times: u32) -> Attempts {
        let mut attempts = Attempts::default();
        (0..times).for_each(|_| attempts.note(address, at(0)));
        attempts
    }

    #[test]
    fn an_address_waits_out_its_minute_after_too_many_wrong_tokens() {
        let mut attempts = tried(address(1), limits::BAD_TOKENS_PER_MINUTE - 1);
        assert_eq!(attempts.wait(address(1), at(10)), None);
        attempts.note(address(1), at(10));
        assert_eq!(attempts.wait(address(1), at(10)), Some(Duration::from_secs(50)));
        assert_eq!(attempts.wait(address(2), at(10)), None, "others go on");
        assert_eq!(attempts.wait(address(1), at(60)), None);
        attempts.note(address(1), at(60));
        assert_eq!(attempts.wait(address(1), at(60)), None, "a new minute, a new count");
    }

    #[test]
    fn an_ipv6_network_counts_as_one_and_a_mapped_address_as_its_ipv4() {
        let full = limits::BAD_TOKENS_PER_MINUTE;
        let v6 = |low: u128| IpAddr::V6(Ipv6Addr::from_bits((0x2001_0db8 << 96) | low));
        assert!(tried(v6(1), full).wait(v6(u128::from(u64::MAX)), at(1)).is_some());
        assert!(tried(v6(1), full).wait(v6(1 << 64), at(1)).is_none());
        let mapped = IpAddr::V6(Ipv4Addr::from_bits(9).to_ipv6_mapped());
        assert!(tried(mapped, full).wait(address(9), at(1)).is_some());
    }

    #[test]
    fn memory_is_bounded_and_the_oldest_count_is_forgotten_first() {
        let mut attempts = tried(address(0), limits::BAD_TOKENS_PER_MINUTE);
        let many = limits::BAD_TOKEN_ADDRESSES_MAX as u32;
        (1..many).for_each(|n| attempts.note(address(n), at(1)));
        assert!(attempts.wait(address(0), at(1)).is_some());
        (many..many + 10).for_each(|n| attempts.note(address(n), at(1)));
        assert_eq!(attempts.wait(address(0), at(1)), None);
        assert_eq!((attempts.counts.len(), attempts.order.len()), (many as usize, many as usize));
        attempts.note(address(1), at(100));
        assert_eq!(
            (attempts.counts.len(), attempts.order.len()),
            (1, 1),
            "counts of past minutes are dropped"
        );
    }

    #[test]
    fn a_clock_that_was_set_back_locks_nobody_out() {
        let mut attempts = tried(address(1), limits::BAD_TOKENS_PER_MINUTE);
        assert_eq!(attempts.wait(address(1), at(-5)), None);
        attempts.note(address(1), at(-5));
        assert_eq!(attempts.wait(address(1), at(-5)), None);
    }
}
