//! The lines that tell a person which step of how many is running, and for how long.

use std::time::{Duration, Instant};

use anyhow::Result;

/// A step that took less than this is not worth a second line.
const WORTH_TELLING: Duration = Duration::from_secs(2);

/// Numbers the steps of one command.
pub(crate) struct Progress {
    done: usize,
    total: usize,
}

impl Progress {
    pub(crate) fn new(total: usize) -> Self {
        Self { done: 0, total }
    }

    /// Runs one step between its announcement and its duration.
    pub(crate) fn step<T>(&mut self, title: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
        self.done += 1;
        let head = format!("[{}/{}] {title}", self.done, self.total);
        println!("{head} …");
        let started = Instant::now();
        let outcome = work()?;
        if started.elapsed() >= WORTH_TELLING {
            println!("{head} … {}", spoken(started.elapsed()));
        }
        Ok(outcome)
    }
}

/// A duration as a person would say it: `41 s`, `2 min 5 s`.
pub(crate) fn spoken(duration: Duration) -> String {
    let seconds = duration.as_secs();
    if seconds < 60 {
        format!("{seconds} s")
    } else {
        format!("{} min {} s", seconds / 60, seconds % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_spoken_in_minutes_from_sixty_seconds_on() {
        assert_eq!(spoken(Duration::from_millis(59_900)), "59 s");
        assert_eq!(spoken(Duration::from_secs(125)), "2 min 5 s");
    }
}
