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

/// A time as the clock on this person's wall shows it, to the minute: `14:02`.
#[cfg(feature = "hydrate")]
#[must_use]
pub fn hour_and_minute(epoch_ms: u64) -> String {
    let mut time = time_of_day(epoch_ms);
    time.truncate("14:02".len());
    time
}

/// Number of the day that a time falls on here, counted from 1970.
#[cfg(feature = "hydrate")]
#[must_use]
pub fn day(epoch_ms: u64) -> i64 {
    const MINUTE_MS: i64 = 60_000;
    const DAY_MS: i64 = 24 * 60 * MINUTE_MS;
    let date = js_sys::Date::new(&(epoch_ms as f64).into());
    let behind = date.get_timezone_offset() as i64 * MINUTE_MS;
    (epoch_ms.cast_signed() - behind).div_euclid(DAY_MS)
}

/// What the day of a time is called: `Today`, `Yesterday`, `Monday 24 November`.
#[cfg(feature = "hydrate")]
#[must_use]
pub fn name_of_day(epoch_ms: u64) -> String {
    match day(now_ms()) - day(epoch_ms) {
        0 => "Today".to_owned(),
        1 => "Yesterday".to_owned(),
        _ => {
            let date = js_sys::Date::new(&(epoch_ms as f64).into());
            let parts = r#"{"weekday":"long","day":"numeric","month":"long"}"#;
            let parts = js_sys::JSON::parse(parts).unwrap_or_default();
            date.to_locale_date_string("en-GB", &parts).into()
        }
    }
}

/// How long ago a time is, in the words of a person.
#[must_use]
pub fn ago(then_ms: u64, now_ms: u64) -> String {
    let minutes = now_ms.saturating_sub(then_ms) / 60_000;
    match (minutes, minutes / 60, minutes / 1440) {
        (0, ..) => "just now".to_owned(),
        (minutes, 0, _) => format!("{minutes} min ago"),
        (_, hours, 0) => format!("{hours} h ago"),
        (_, _, 1) => "yesterday".to_owned(),
        (_, _, days) if days < 60 => format!("{days} days ago"),
        (_, _, days) => format!("{} months ago", days / 30),
    }
}

/// How far off a time is, in the words of a person.
#[cfg(feature = "ssr")]
#[must_use]
pub fn until(then_ms: u64, now_ms: u64) -> String {
    // Rounded up: what ends in half a minute does not end in none.
    let minutes = then_ms.saturating_sub(now_ms).div_ceil(60_000);
    match (minutes, minutes.div_ceil(60), minutes.div_ceil(1440)) {
        (..=1, ..) => "within a minute".to_owned(),
        (minutes @ ..=60, ..) => format!("in {minutes} min"),
        (_, hours @ ..=48, _) => format!("in {hours} h"),
        (_, _, days) => format!("in {days} days"),
    }
}

/// A time to the minute, the same everywhere: `2026-05-01 14:02 UTC`.
#[cfg(feature = "ssr")]
#[must_use]
pub fn exact(epoch_ms: u64) -> String {
    let minutes = epoch_ms / 60_000;
    let (hour, minute) = (minutes / 60 % 24, minutes % 60);
    format!("{} {hour:02}:{minute:02} UTC", exact_day(epoch_ms))
}

/// The day of a time, the same everywhere: `2026-05-01`.
#[cfg(feature = "ssr")]
#[must_use]
pub fn exact_day(epoch_ms: u64) -> String {
    let (year, month, day) = date(epoch_ms / (1440 * 60_000));
    format!("{year}-{month:02}-{day:02}")
}

/// The date of a day counted from 1970, by way of years that begin in March: then
/// the day that some have more is their last.
#[cfg(feature = "ssr")]
fn date(days: u64) -> (u64, u64, u64) {
    /// From the first of March of the year 0 to 1970.
    const DAYS_BEFORE: u64 = 719_468;
    const DAYS_IN_400_YEARS: u64 = 146_097;
    let days = days.saturating_add(DAYS_BEFORE);
    let (era, day) = (days / DAYS_IN_400_YEARS, days % DAYS_IN_400_YEARS);
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let next = u64::from(month >= 10);
    let month = if month < 10 { month + 3 } else { month - 9 };
    (era * 400 + year + next, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_as_people_do() {
        const MINUTE_MS: u64 = 60_000;
        let now = 1_000_000 * MINUTE_MS;
        for (minutes, words) in [
            (0, "just now"),
            (5, "5 min ago"),
            (60, "1 h ago"),
            (1500, "yesterday"),
            (1440 * 90, "3 months ago"),
        ] {
            assert_eq!(ago(now - minutes * MINUTE_MS, now), words);
        }
        assert_eq!(ago(now + MINUTE_MS, now), "just now");
    }

    #[cfg(feature = "ssr")]
    #[test]
    fn a_time_has_an_exact_one() {
        const DAY_MS: u64 = 86_400_000;
        for (at, words) in [
            (0, "1970-01-01 00:00 UTC"),
            (11_016 * DAY_MS, "2000-02-29 00:00 UTC"),
            (11_017 * DAY_MS - 1, "2000-02-29 23:59 UTC"),
            (1_790_000_000_000, "2026-09-21 14:13 UTC"),
            (47_540 * DAY_MS, "2100-02-28 00:00 UTC"),
            (47_541 * DAY_MS, "2100-03-01 00:00 UTC"),
        ] {
            assert_eq!(exact(at), words);
            assert!(words.starts_with(&exact_day(at)));
        }
    }
}
