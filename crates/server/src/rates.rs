//! How often somebody may ask.

use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::extract::{ConnectInfo, Request};
use axum::response::{IntoResponse as _, Response};
use governor::clock::{Clock as _, DefaultClock};
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};

use crate::problem::RequestError;
use crate::state::App;

/// After so many requests those are forgotten who have not asked for a while.
const FORGET_AFTER: u64 = 4_096;

/// These tell whether the process is well, and cost nothing.
const PROBES: [&str; 2] = ["/livez", "/readyz"];

/// How often somebody may ask: `burst` times at once, after which there is room for `per_second` more each second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// Requests a second, in the long run.
    pub per_second: NonZeroU32,
    /// Requests at once.
    pub burst: NonZeroU32,
}

/// How often each may ask. Without a rate, as often as she likes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RateLimits {
    /// Each address, whoever asks from there. Addresses of IPv6 are counted by their network of 64 bits, which is what one
    /// subscriber is given.
    pub of_address: Option<Rate>,
    /// Each caller that is known, from wherever she asks.
    pub of_caller: Option<Rate>,
}

/// Who asked how often lately.
pub(crate) struct Rates {
    limits: RateLimits,
    addresses: Option<Limiter<IpAddr>>,
    callers: Option<Limiter<String>>,
}

impl Rates {
    pub(crate) fn new(limits: RateLimits) -> Self {
        let RateLimits { of_address, of_caller } = limits;
        Self { limits, addresses: of_address.map(Limiter::new), callers: of_caller.map(Limiter::new) }
    }

    pub(crate) fn limits(&self) -> RateLimits {
        self.limits
    }

    /// Counts a request of a caller.
    ///
    /// # Errors
    /// [`RequestError::TooOften`].
    pub(crate) fn count_caller(&self, subject: &str) -> Result<(), RequestError> {
        self.callers.as_ref().map_or(Ok(()), |callers| callers.count(&subject.to_owned()))
    }

    fn count_address(&self, address: IpAddr) -> Result<(), RequestError> {
        self.addresses.as_ref().map_or(Ok(()), |addresses| addresses.count(&network_of(address)))
    }
}

/// Counts requests from an address, before anything else is known of them.
pub(crate) async fn keep<A>(app: &App, request: Request, next: impl FnOnce(Request) -> A) -> Response
where
    A: Future<Output = Response>,
{
    if let Some(ConnectInfo(peer)) = request.extensions().get::<ConnectInfo<SocketAddr>>()
        && !PROBES.contains(&request.uri().path())
        && let Err(error) = app.rates.count_address(peer.ip())
    {
        return error.into_response();
    }
    next(request).await
}

/// Requests by whom they are of.
struct Limiter<K: Hash + Eq + Clone> {
    limiter: RateLimiter<K, HashMapStateStore<K>, DefaultClock>,
    counted: AtomicU64,
}

impl<K: Hash + Eq + Clone> Limiter<K> {
    fn new(rate: Rate) -> Self {
        let quota = Quota::per_second(rate.per_second).allow_burst(rate.burst);
        Self { limiter: RateLimiter::hashmap(quota), counted: AtomicU64::new(0) }
    }

    fn count(&self, key: &K) -> Result<(), RequestError> {
        if self.counted.fetch_add(1, Ordering::Relaxed) % FORGET_AFTER == FORGET_AFTER - 1 {
            self.limiter.retain_recent();
            self.limiter.shrink_to_fit();
        }
        self.limiter.check_key(key).map_err(|refused| {
            let wait = refused.wait_time_from(self.limiter.clock().now());
            RequestError::TooOften { wait_seconds: whole_seconds(wait) }
        })
    }
}

/// In how many seconds at the earliest it makes sense to come back.
fn whole_seconds(wait: Duration) -> u64 {
    let begun = u64::from(wait.subsec_nanos() > 0);
    wait.as_secs().saturating_add(begun).max(1)
}

/// Those who share an address: of IPv6, everybody in a network of 64 bits.
fn network_of(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX))),
        address => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rate(per_second: u32, burst: u32) -> Rate {
        let number = |number| NonZeroU32::new(number).unwrap();
        Rate { per_second: number(per_second), burst: number(burst) }
    }

    #[test]
    fn each_caller_has_her_own_burst_and_is_told_when_to_come_back() {
        let rates = Rates::new(RateLimits { of_caller: Some(rate(1, 2)), of_address: None });
        assert!(rates.count_caller("maria").is_ok() && rates.count_caller("maria").is_ok());
        let refused = rates.count_caller("maria").unwrap_err();
        assert!(matches!(refused, RequestError::TooOften { wait_seconds: 1 }), "{refused}");
        assert!(rates.count_caller("jonas").is_ok());
        assert!(rates.count_address(IpAddr::from([127, 0, 0, 1])).is_ok());
    }

    #[test]
    fn addresses_of_one_subscriber_are_one() {
        let network = |text: &str| network_of(text.parse().unwrap());
        assert_eq!(network("2001:db8:1:2::1"), network("2001:db8:1:2:ffff::9"));
        assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
        assert_eq!(network("::ffff:192.0.2.1"), network("192.0.2.1"));
        assert_ne!(network("192.0.2.1"), network("192.0.2.2"));
    }

    #[test]
    fn who_has_not_asked_for_a_while_is_forgotten() {
        let rates = Rates::new(RateLimits { of_caller: Some(rate(u32::MAX, 1)), of_address: None });
        for number in 0..FORGET_AFTER {
            rates.count_caller(&number.to_string()).unwrap();
        }
        let kept = rates.callers.as_ref().unwrap().limiter.len();
        assert!(kept < 100, "{kept} are kept");
    }

    #[test]
    fn nobody_is_told_to_come_back_at_once() {
        let seconds = |millis| whole_seconds(Duration::from_millis(millis));
        assert_eq!([seconds(0), seconds(1), seconds(1_000), seconds(1_001)], [1, 1, 1, 2]);
    }
}
