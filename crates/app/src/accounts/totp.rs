//! Codes that change every thirty seconds: RFC 6238 with the parameters that every authenticator knows (SHA-1, six
//! digits).

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;
use subtle::ConstantTimeEq as _;

use lienthong_domain::time::Timestamp;

/// Length of a step, in seconds.
const STEP: i64 = 30;
/// Steps by which the clock of a telephone may be off, in both directions.
const DRIFT: i64 = 1;

/// The step in which a code is good; `None` for a wrong code, and for one of a step that has been used (RFC 6238 section
/// 5.2: once only).
pub(crate) fn verify(secret: &[u8], code: &str, last: Option<i64>, now: Timestamp) -> Option<i64> {
    let current = step(now);
    let mut found = None;
    // All of them are looked at, whichever fits.
    for step in current - DRIFT..=current + DRIFT {
        let fits = bool::from(at(secret, step).as_bytes().ct_eq(code.as_bytes()));
        if fits && last.is_none_or(|last| step > last) {
            found = Some(step);
        }
    }
    found
}

/// The step of a moment.
pub(crate) const fn step(now: Timestamp) -> i64 {
    now.as_micros().div_euclid(STEP * 1_000_000)
}

/// The code of a step.
pub(crate) fn at(secret: &[u8], step: i64) -> String {
    // HMAC takes keys of every length.
    let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(secret) else { return String::new() };
    mac.update(&step.to_be_bytes());
    let digest = mac.finalize().into_bytes();
    // RFC 4226 section 5.3: the last four bits say where the number begins.
    let start = usize::from(digest.last().copied().unwrap_or(0) & 0xf);
    let number = digest.iter().skip(start).take(4).fold(0_u32, |number, byte| (number << 8) | u32::from(*byte));
    format!("{:06}", (number & 0x7fff_ffff) % 1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at_second(seconds: i64) -> Timestamp {
        Timestamp::from_micros(seconds * 1_000_000)
    }

    #[test]
    fn the_codes_are_those_of_the_specification() {
        // RFC 6238 appendix B, the last six of its eight digits.
        let secret = b"12345678901234567890";
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(at(secret, step(at_second(seconds))), code, "{seconds}");
            assert_eq!(verify(secret, code, None, at_second(seconds)), Some(seconds / 30));
        }
    }

    #[test]
    fn a_code_is_good_for_its_step_and_one_on_either_side_and_once() {
        let (secret, now) = ([7; 32], at_second(3_000));
        for (offset, good) in [(-2, false), (-1, true), (0, true), (1, true), (2, false)] {
            assert_eq!(verify(&secret, &at(&secret, 100 + offset), None, now).is_some(), good, "{offset}");
        }
        let code = at(&secret, 100);
        assert_eq!(verify(&secret, &code, Some(99), now), Some(100));
        assert_eq!(verify(&secret, &code, Some(100), now), None);
        for wrong in ["", "0", "12345", &format!("{code}0")] {
            assert_eq!(verify(&secret, wrong, None, now), None, "{wrong}");
        }
    }
}
