//! How many requests one address may make: a leaky bucket for each.

use std::net::IpAddr;
use std::num::NonZeroU32;

use axum::response::{IntoResponse as _, Response};
use governor::clock::{Clock as _, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};
use http::{HeaderMap, HeaderValue, header};

use lienthong_app::ErrorCode;

use super::caching;
use super::config::Rate;
use crate::problem::Problem;

type Buckets = RateLimiter<IpAddr, DashMapStateStore<IpAddr>, DefaultClock, StateInformationMiddleware>;

/// The buckets of all addresses.
pub(super) struct Limiter {
    buckets: Option<Buckets>,
    policy: HeaderValue,
    clock: DefaultClock,
}

/// What is left of an address's bucket.
pub(super) struct Allowance {
    remaining: Option<(u32, HeaderValue)>,
}

/// Buckets after which full ones are thrown out.
const SWEEP_ABOVE: usize = 100_000;

impl Limiter {
    pub(super) fn new(rate: Rate) -> Self {
        let quota = NonZeroU32::new(rate.per_second).map(|per_second| {
            Quota::per_second(per_second).allow_burst(NonZeroU32::new(rate.burst).unwrap_or(per_second))
        });
        let buckets = quota.map(|quota| RateLimiter::keyed(quota).with_middleware::<StateInformationMiddleware>());
        let window = rate.burst.checked_div(rate.per_second).unwrap_or(0).max(1);
        let policy = format!("\"address\";q={};w={window}", rate.burst);
        let policy = HeaderValue::from_str(&policy).unwrap_or(HeaderValue::from_static("\"address\""));
        Self { buckets, policy, clock: DefaultClock::default() }
    }

    /// Takes one request from the bucket of `address`, or says when there will be room.
    pub(super) fn take(&self, address: IpAddr) -> Result<Allowance, Box<Response>> {
        let Some(buckets) = &self.buckets else { return Ok(Allowance { remaining: None }) };
        match buckets.check_key(&address) {
            Ok(state) => Ok(Allowance { remaining: Some((state.remaining_burst_capacity(), self.policy.clone())) }),
            Err(refusal) => {
                if buckets.len() > SWEEP_ABOVE {
                    buckets.retain_recent();
                }
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
}
