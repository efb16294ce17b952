//! The page's clock: the one place in this crate that asks the time. On the
//! server it says nothing, for nothing there is old enough to have a time.

/// Milliseconds of the epoch.
#[cfg(feature = "hydrate")]
#[must_use]
pub fn now_ms() -> u64 {
    // Whole and positive until long after 2^53 milliseconds.
    js_sys::Date::now() as u64
}

/// Milliseconds of the epoch.
#[cfg(not(feature = "hydrate"))]
#[must_use]
pub fn now_ms() -> u64 {
    0
}

/// A time as the clock on this person's wall shows it: `14:02:11`.
#[cfg(feature = "hydrate")]
#[must_use]
pub fn time_of_day(epoch_ms: u64) -> String {
    let date = js_sys::Date::new(&(epoch_ms as f64).into());
    format!(
        "{:02}:{:02}:{:02}",
        date.get_hours(),
        date.get_minutes(),
        date.get_seconds()
    )
}

/// A time as the clock on this person's wall shows it: `14:02:11`.
#[cfg(not(feature = "hydrate"))]
#[must_use]
pub fn time_of_day(_epoch_ms: u64) -> String {
    String::new()
}
