//! One-time codes from time (RFC 6238): six digits, thirty seconds, HMAC-SHA-1, because that is what authenticator apps
//! speak.

use ring::hmac;

/// Microseconds of one step.
const STEP: i64 = 30 * 1_000_000;
/// Steps a clock may be off, in either direction.
const DRIFT: i64 = 1;
/// Bytes of a seed.
pub const SEED_BYTES: usize = 20;
const MODULUS: u32 = 1_000_000;

/// The code of one step.
fn code(seed: &[u8], step: i64) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, seed);
    let tag = hmac::sign(&key, &step.to_be_bytes());
    let tag = tag.as_ref();
    let offset = tag.last().map_or(0, |b| usize::from(b & 0x0f));
    let mut word = [0u8; 4];
    for (to, from) in word.iter_mut().zip(tag.iter().skip(offset)) {
        *to = *from;
    }
    format!("{:06}", (u32::from_be_bytes(word) & 0x7fff_ffff) % MODULUS)
}

/// The step whose code this is, at `now` or one step beside it; later ones than `last` only, so that a code works once.
pub fn step_of(seed: &[u8], given: &str, now: i64, last: i64) -> Option<i64> {
    let current = now.div_euclid(STEP);
    // Every step is computed, so that time does not tell which one matched.
    let right: Vec<i64> = (current - DRIFT..=current + DRIFT).filter(|step| code(seed, *step) == given).collect();
    right.into_iter().find(|step| *step > last)
}

/// The code an authenticator shows at `now`, for tests of the flows.
#[cfg(test)]
pub fn shown(seed: &[u8], now: i64) -> String {
    code(seed, now.div_euclid(STEP))
}

/// RFC 4648 base 32 without padding, as authenticator apps read seeds.
pub fn base32(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let bits: Vec<bool> = bytes.iter().flat_map(|byte| (0..8).rev().map(move |n| byte >> n & 1 == 1)).collect();
    bits.chunks(5)
        .map(|five| {
            let index = (0..5).fold(0, |sum, n| sum << 1 | usize::from(five.get(n).copied().unwrap_or(false)));
            ALPHABET.get(index).copied().map_or('A', char::from)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SEED: &[u8] = b"12345678901234567890";
    const SECOND: i64 = 1_000_000;

    #[test]
    fn the_codes_of_the_standard_come_out() {
        // RFC 6238, appendix B, the last six of eight digits.
        for (at, expected) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(shown(SEED, at * SECOND), expected, "{at}");
        }
    }

    #[test]
    fn a_code_counts_one_step_early_and_late_and_once() {
        let now = 1_790_000_010 * SECOND;
        let step = now / STEP;
        let given = shown(SEED, now);

        for (at, expected) in [(0, Some(step)), (30, Some(step)), (-30, Some(step)), (60, None), (-60, None)] {
            assert_eq!(step_of(SEED, &given, now + at * SECOND, 0), expected, "{at} s");
        }
        assert_eq!(step_of(SEED, &given, now, step), None, "used");
        assert_eq!(step_of(SEED, "12345", now, 0), None);
    }

    #[test]
    fn seeds_are_written_as_the_standard_says() {
        assert_eq!(base32(b"foobar"), "MZXW6YTBOI");
        assert_eq!(base32(SEED), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    }
}
