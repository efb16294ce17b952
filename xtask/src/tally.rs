//! Counts what the test runners report, so that one line can say it at the end.

use std::fmt;
use std::io::{BufRead as _, BufReader};
use std::panic::resume_unwind;
use std::process::{Command, Stdio};
use std::thread;

use anyhow::{Context as _, Result};

/// Tests that passed and failed, over all runners so far.
#[derive(Default)]
pub(crate) struct Tally {
    passed: usize,
    failed: usize,
    /// Runners that ended badly, whatever they had counted.
    broken: usize,
    /// What the runners said of what failed.
    faults: Vec<String>,
    /// A runner is saying it.
    tells_faults: bool,
}

/// Of what the runners say of failures, so many lines are said again at the end.
const MAX_FAULT_LINES: usize = 400;

impl Tally {
    /// Runs a test runner, shows what it says and counts its results. A failure
    /// is counted and not returned: the other runners have their say too.
    pub(crate) fn run(&mut self, command: &mut Command) -> Result<()> {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .context("could not start a test runner")?;
        let failed_before = self.failed;
        self.tells_faults = false;
        if let Some(stdout) = child.stdout.take() {
            for line in BufReader::new(stdout).lines() {
                let line = line?;
                println!("{line}");
                self.read(&line);
            }
        }
        if !child.wait()?.success() && self.failed == failed_before {
            self.broken += 1;
        }
        Ok(())
    }

    /// Runs two test runners at the same time, as [`run`](Self::run) does one.
    pub(crate) fn run_beside(&mut self, one: &mut Command, other: &mut Command) -> Result<()> {
        let beside = thread::scope(|scope| {
            let beside = scope.spawn(|| {
                let mut tally = Self::default();
                tally.run(one).map(|()| tally)
            });
            self.run(other)?;
            beside.join().unwrap_or_else(|panic| resume_unwind(panic))
        })?;
        self.passed += beside.passed;
        self.failed += beside.failed;
        self.broken += beside.broken;
        self.faults.extend(beside.faults);
        Ok(())
    }

    /// Whether everything passed.
    pub(crate) fn is_clean(&self) -> bool {
        self.failed == 0 && self.broken == 0
    }

    /// Understands the closing lines of cargo, node and Playwright.
    fn read(&mut self, line: &str) {
        let words: Vec<&str> = line
            .split(|letter: char| letter.is_whitespace() || letter == ';')
            .filter(|word| !word.is_empty())
            .collect();
        match words.as_slice() {
            ["test", "result:", _, passed, "passed", failed, "failed", ..] => {
                self.add(passed, failed);
            }
            ["ℹ" | "#", "pass", passed] => self.add(passed, "0"),
            ["ℹ" | "#", "fail", failed] | [failed, "failed"] => self.add("0", failed),
            [passed, "passed"] => self.add(passed, "0"),
            [passed, "passed", time] if time.starts_with('(') => self.add(passed, "0"),
            _ => {}
        }
        self.keep_fault(line);
    }

    /// Keeps what cargo, node and Playwright say of failures, from its first line on.
    fn keep_fault(&mut self, line: &str) {
        let begins = line == "failures:" || line == "✖ failing tests:" || line.starts_with("  1) ");
        let ends = line.starts_with("test result:");
        self.tells_faults = (self.tells_faults || begins) && !ends;
        if self.tells_faults && self.faults.len() < MAX_FAULT_LINES {
            self.faults.push(line.to_owned());
        }
    }

    fn add(&mut self, passed: &str, failed: &str) {
        self.passed += passed.parse::<usize>().unwrap_or(0);
        self.failed += failed.parse::<usize>().unwrap_or(0);
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in &self.faults {
            writeln!(f, "{line}")?;
        }
        write!(f, "{} passed, {} failed", self.passed, self.failed)?;
        if self.broken > 0 {
            write!(f, ", {} runs broken off", self.broken)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_closing_lines_of_all_runners_are_understood() {
        let mut tally = Tally::default();
        for line in [
            "test result: ok. 12 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out",
            "ℹ pass 3",
            "ℹ fail 2",
            "  1 failed",
            "  7 passed (12.3s)",
            "some other line that says 9 passed and more",
        ] {
            tally.read(line);
        }
        assert_eq!(tally.to_string(), "22 passed, 4 failed");
        assert!(!tally.is_clean());
    }

    #[test]
    fn what_failed_is_said_again_at_the_end() {
        let mut tally = Tally::default();
        for line in [
            "test one ... FAILED",
            "failures:",
            "assertion failed",
            "test result: FAILED. 0 passed; 1 failed; 0 ignored",
            "some other line",
            "ℹ fail 1",
            "✖ failing tests:",
            "waited in vain",
        ] {
            tally.read(line);
        }
        let said = "failures:\nassertion failed\n✖ failing tests:\nwaited in vain\n";
        assert_eq!(tally.to_string(), format!("{said}0 passed, 2 failed"));
    }
}
