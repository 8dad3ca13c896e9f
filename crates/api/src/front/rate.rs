//! How many requests one address may make: a leaky bucket for each.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::response::{IntoResponse as _, Response};
use governor::clock::{Clock as _, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::nanos::Nanos;
use governor::state::StateStore;
use governor::state::keyed::{DashMapStateStore, ShrinkableKeyedStateStore};
use governor::{Quota, RateLimiter};
use http::{HeaderMap, HeaderValue, header};

use lienthong_app::ErrorCode;

use super::caching;
use super::config::Rate;
use crate::problem::Problem;

type Buckets = RateLimiter<IpAddr, Held, DefaultClock, StateInformationMiddleware>;

/// The buckets of all addresses, as many of them as may be remembered.
pub(super) struct Limiter {
    buckets: Option<Buckets>,
    held: Held,
    /// Requests whose bucket was full, as that of an address is which has not been seen before. Others have a bucket for
    /// certain, so that whoever asks much does not count here.
    from_full: AtomicUsize,
    /// What is left of a full bucket after one request.
    left_of_full: u32,
    policy: HeaderValue,
    clock: DefaultClock,
}

/// What is left of an address's bucket.
pub(super) struct Allowance {
    remaining: Option<(u32, HeaderValue)>,
}

/// The state of the buckets, which the limiter shares with whoever throws them out.
#[derive(Clone, Default)]
struct Held(Arc<DashMapStateStore<IpAddr>>);

/// Buckets that are remembered after a sweep: some megabytes.
const MOST: usize = 100_000;
/// Buckets that may be added between two sweeps: the work of one is spread over so many requests.
const SWEPT_AFTER: usize = 1 << 14;

impl Limiter {
    pub(super) fn new(rate: Rate) -> Self {
        let quota = NonZeroU32::new(rate.per_second).map(|per_second| {
            Quota::per_second(per_second).allow_burst(NonZeroU32::new(rate.burst).unwrap_or(per_second))
        });
        let (held, clock) = (Held::default(), DefaultClock::default());
        let buckets = quota.map(|quota| Buckets::new(quota, held.clone(), clock.clone()));
        let window = rate.burst.checked_div(rate.per_second).unwrap_or(0).max(1);
        let policy = format!("\"address\";q={};w={window}", rate.burst);
        let policy = HeaderValue::from_str(&policy).unwrap_or(HeaderValue::from_static("\"address\""));
        let (from_full, left_of_full) = (AtomicUsize::new(0), quota.map_or(0, |quota| quota.burst_size().get() - 1));
        Self { buckets, held, from_full, left_of_full, policy, clock }
    }

    /// Takes one request from the bucket of `address`, or says when there will be room.
    pub(super) fn take(&self, address: IpAddr) -> Result<Allowance, Box<Response>> {
        let Some(buckets) = &self.buckets else { return Ok(Allowance { remaining: None }) };
        match buckets.check_key(&address) {
            Ok(state) => {
                let remaining = state.remaining_burst_capacity();
                if remaining >= self.left_of_full {
                    self.count_new(buckets);
                }
                Ok(Allowance { remaining: Some((remaining, self.policy.clone())) })
            }
            Err(refusal) => {
                let wait = refusal.wait_time_from(self.clock.now()).as_secs().saturating_add(1);
                let mut response = Problem::of(ErrorCode::RateLimited).into_response();
                let headers = response.headers_mut();
                headers.insert(header::RETRY_AFTER, HeaderValue::from(wait));
                headers.insert(header::CACHE_CONTROL, caching::NO_STORE);
                headers.insert("ratelimit-policy", self.policy.clone());
                Err(Box::new(response))
            }
        }
    }

    /// Counts a bucket that may be new. Every so many of them pay for a sweep, so that no more than [`MOST`] and
    /// [`SWEPT_AFTER`] are ever remembered, whoever comes and whether or not anybody is refused.
    fn count_new(&self, buckets: &Buckets) {
        let counted = self.from_full.fetch_add(1, Ordering::Relaxed).wrapping_add(1);
        if counted.is_multiple_of(SWEPT_AFTER) {
            // A bucket that is full again is the same as none.
            buckets.retain_recent();
            self.held.keep_at_most(MOST);
        }
    }
}

impl Held {
    /// Throws out what is too much, whichever it is: whoever comes from so many addresses that this happens has more of them
    /// than any limit by address can hold, and would gain nothing by another full bucket.
    fn keep_at_most(&self, most: usize) {
        if self.0.len() <= most {
            return;
        }
        let mut kept = 0;
        self.0.retain(|_, _| {
            kept += 1;
            kept <= most
        });
    }
}

impl StateStore for Held {
    type Key = IpAddr;

    fn measure_and_replace<T, F, E>(&self, key: &IpAddr, f: F) -> Result<T, E>
    where
        F: Fn(Option<Nanos>) -> Result<(T, Nanos), E>,
    {
        self.0.measure_and_replace(key, f)
    }
}

impl ShrinkableKeyedStateStore<IpAddr> for Held {
    fn retain_recent(&self, drop_below: Nanos) {
        self.0.retain_recent(drop_below);
    }

    fn len(&self) -> usize {
        self.0.len()
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Allowance {
    /// Tells the client, in the headers of the IETF draft.
    pub(super) fn tell(self, headers: &mut HeaderMap) {
        if let Some((remaining, policy)) = self.remaining {
            let left = HeaderValue::from_str(&format!("\"address\";r={remaining}"));
            headers.insert("ratelimit", left.unwrap_or(HeaderValue::from_static("\"address\"")));
            headers.insert("ratelimit-policy", policy);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_gets_its_burst_and_is_then_told_when_to_return() {
        let limiter = Limiter::new(Rate { per_second: 1, burst: 3 });
        let (one, other) = (IpAddr::from([1, 1, 1, 1]), IpAddr::from([2, 2, 2, 2]));
        for remaining in [2, 1, 0] {
            let mut headers = HeaderMap::new();
            limiter.take(one).unwrap_or_else(|_| panic!("refused")).tell(&mut headers);
            assert_eq!(headers["ratelimit"], format!("\"address\";r={remaining}").as_str());
            assert_eq!(headers["ratelimit-policy"], "\"address\";q=3;w=3");
        }
        let refusal = limiter.take(one).err().unwrap();
        assert_eq!((refusal.status().as_u16(), &refusal.headers()["retry-after"]), (429, &HeaderValue::from(1)));
        assert!(limiter.take(other).is_ok());
    }

    #[test]
    fn a_rate_of_zero_is_no_limit() {
        let limiter = Limiter::new(Rate { per_second: 0, burst: 0 });
        assert!((0..1000).all(|_| limiter.take(IpAddr::from([1, 1, 1, 1])).is_ok()));
    }

    fn address(number: usize) -> IpAddr {
        IpAddr::from(u32::try_from(number).unwrap().to_be_bytes())
    }

    #[test]
    fn buckets_are_bounded_even_when_nobody_is_refused_and_all_are_in_use() {
        let limiter = Limiter::new(Rate { per_second: 1, burst: 100 });
        for number in 0..2 * MOST {
            assert!(limiter.take(address(number)).is_ok());
            if number % 1000 == 0 {
                assert!(limiter.held.0.len() <= MOST + SWEPT_AFTER, "{} after {number}", limiter.held.0.len());
            }
        }
        limiter.held.keep_at_most(10);
        assert_eq!(limiter.held.0.len(), 10);
    }

    #[test]
    fn buckets_that_are_full_again_are_forgotten() {
        let limiter = Limiter::new(Rate { per_second: 1_000_000, burst: 1 });
        for number in 0..3 * SWEPT_AFTER {
            assert!(limiter.take(address(number)).is_ok());
        }
        assert!(limiter.held.0.len() <= SWEPT_AFTER, "{}", limiter.held.0.len());
    }

    #[test]
    fn a_sweep_leaves_the_buckets_that_are_in_use() {
        let limiter = Limiter::new(Rate { per_second: 1, burst: 100_000 });
        let busy = address(0);
        let left = |limiter: &Limiter| limiter.take(busy).unwrap_or_else(|_| panic!("refused")).remaining.unwrap().0;
        let before = (0..10_000).map(|_| left(&limiter)).last().unwrap();
        for number in 1..=SWEPT_AFTER {
            assert!(limiter.take(address(number)).is_ok());
        }
        assert!(left(&limiter) < before + 5_000, "the bucket of whoever asks much is not filled by others");
    }
}
