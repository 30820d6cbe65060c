//! Requests per address: a bucket that fills at a steady rate and holds ten seconds of it.
//!
//! The table is bounded (CON-8). When it is full, buckets that are full again are forgotten; when none is, strangers share
//! one bucket, so that filling the table gains nobody anything.

use super::caller::counted_as;
use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// Addresses that are remembered.
const ADDRESSES_MAX: usize = 50_000;
/// Seconds of requests a bucket holds.
const BURST_S: u64 = 10;
const MICROS: u64 = 1_000_000;

/// A bucket: what is in it, in millionths of a request, and when that was so.
#[derive(Clone, Copy)]
struct Bucket {
    left: u64,
    at: Instant,
}

/// The buckets of all addresses.
pub struct Buckets {
    per_second: u64,
    table: Mutex<Table>,
}

#[derive(Default)]
struct Table {
    by_address: HashMap<IpAddr, Bucket>,
    /// When full buckets were last forgotten: looking for them costs too much to do it for every stranger.
    swept: Option<Instant>,
}

impl Buckets {
    /// Buckets that fill with so many requests a second; zero means no bound.
    pub fn new(per_second: u32) -> Self {
        Self { per_second: per_second.into(), table: Mutex::default() }
    }

    /// Takes one request out of the address's bucket.
    ///
    /// Errors: the seconds until there is one again.
    pub fn take(&self, address: IpAddr) -> Result<(), u64> {
        self.take_at(address, Instant::now())
    }

    fn take_at(&self, address: IpAddr, now: Instant) -> Result<(), u64> {
        if self.per_second == 0 {
            return Ok(());
        }
        let mut table = self.table.lock().unwrap_or_else(PoisonError::into_inner);
        let mut address = counted_as(address);
        if table.by_address.len() >= ADDRESSES_MAX && !table.by_address.contains_key(&address) {
            self.sweep(&mut table, now);
            if table.by_address.len() >= ADDRESSES_MAX {
                address = IpAddr::V4(Ipv4Addr::UNSPECIFIED);
            }
        }
        let bucket = table.by_address.entry(address).or_insert(Bucket { left: self.whole(), at: now });
        *bucket = Bucket { left: self.filled(*bucket, now), at: now };
        if let Some(left) = bucket.left.checked_sub(MICROS) {
            bucket.left = left;
            return Ok(());
        }
        Err((MICROS - bucket.left).div_ceil(self.per_second * MICROS).max(1))
    }

    fn sweep(&self, table: &mut Table, now: Instant) {
        if table.swept.is_none_or(|swept| now.duration_since(swept) >= Duration::from_secs(1)) {
            table.swept = Some(now);
            table.by_address.retain(|_, bucket| self.filled(*bucket, now) < self.whole());
        }
    }

    fn whole(&self) -> u64 {
        self.per_second * BURST_S * MICROS
    }

    fn filled(&self, bucket: Bucket, now: Instant) -> u64 {
        let passed = u64::try_from(now.duration_since(bucket.at).as_micros()).unwrap_or(u64::MAX);
        bucket.left.saturating_add(passed.saturating_mul(self.per_second)).min(self.whole())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_empties_at_once_and_fills_steadily() {
        let (buckets, start) = (Buckets::new(2), Instant::now());
        let [mine, theirs] = ["198.51.100.1", "198.51.100.2"].map(|a| a.parse::<IpAddr>().unwrap());
        let taken = |times: usize, after_ms: u64| {
            let now = start + Duration::from_millis(after_ms);
            (0..times).filter(|_| buckets.take_at(mine, now).is_ok()).count()
        };

        assert_eq!(taken(25, 0), 20);
        assert_eq!(buckets.take_at(mine, start), Err(1));
        assert_eq!(buckets.take_at(theirs, start), Ok(()), "another address has its own");
        assert_eq!(taken(9, 1_500), 3);
        assert_eq!(taken(99, 3_600_000), 20);
    }

    #[test]
    fn filling_the_table_gains_nobody_a_fresh_bucket() {
        let (buckets, start) = (Buckets::new(1), Instant::now());
        let stranger = |n: u32| IpAddr::V4(Ipv4Addr::from(0x0b00_0000 + n));
        let many = u32::try_from(ADDRESSES_MAX).unwrap();
        assert!((0..many).all(|n| buckets.take_at(stranger(n), start).is_ok()));

        let passed = (many..many + 100).filter(|n| buckets.take_at(stranger(*n), start).is_ok()).count();

        assert_eq!(passed, 10, "strangers share one bucket");
        assert_eq!(Buckets::new(0).take(stranger(1)), Ok(()));
        let later = start + Duration::from_secs(60);
        assert_eq!(buckets.take_at(stranger(many + 1_000), later), Ok(()), "full buckets make room");
        assert!(buckets.table.lock().unwrap().by_address.len() < 10);
    }
}
