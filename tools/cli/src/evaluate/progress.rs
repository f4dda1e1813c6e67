//! How far it is, how fast it goes, and how long it will take, on stderr.

use std::io::{IsTerminal, Write, stderr};
use std::time::{Duration, Instant};

/// A line this often on a terminal, where each takes the place of the one before.
const ON_TERMINAL: Duration = Duration::from_millis(500);
/// And in a file.
const IN_FILE: Duration = Duration::from_secs(15);

pub struct Progress {
    what: String,
    unit: &'static str,
    /// Done when it began: what is there from an earlier run says nothing of the rate.
    before: usize,
    all: usize,
    begun: Instant,
    said: Instant,
    terminal: bool,
}

impl Progress {
    pub fn new(what: impl Into<String>, unit: &'static str, before: usize, all: usize) -> Self {
        let (now, terminal) = (Instant::now(), stderr().is_terminal());
        let progress = Self { what: what.into(), unit, before, all, begun: now, said: now, terminal };
        if before > 0 {
            progress.line(&format!("{before} of {all} {unit} are there already"));
        }
        progress
    }

    /// So many are done, those from before among them.
    pub fn at(&mut self, done: usize) {
        let every = if self.terminal { ON_TERMINAL } else { IN_FILE };
        if self.said.elapsed() < every || done >= self.all {
            return;
        }
        self.said = Instant::now();
        let text = remaining(done - self.before, self.all - done, self.begun.elapsed());
        let text = format!("{}: {done} of {} {}{text}", self.what, self.all, self.unit);
        match self.terminal {
            // Back to the line's beginning, and away with what was on it.
            true => eprint!("\r\x1b[2K{text}"),
            false => eprintln!("{text}"),
        }
        let _ = stderr().flush();
    }

    /// A line that stays.
    pub fn line(&self, text: &str) {
        let clear = if self.terminal { "\r\x1b[2K" } else { "" };
        eprintln!("{clear}{}: {text}", self.what);
    }

    /// All are done that could be.
    pub fn finish(self, done: usize) {
        let (new, seconds) = (done - self.before, self.begun.elapsed().as_secs_f64());
        if new > 0 {
            let rate = new as f64 / seconds.max(1e-9);
            self.line(&format!("{new} {} in {}, {rate:.1} a second", self.unit, time(self.begun.elapsed())));
        }
    }
}

/// `, 31.2 a second, 26 min 40 s left`.
fn remaining(done: usize, left: usize, took: Duration) -> String {
    if done == 0 {
        return String::new();
    }
    let rate = done as f64 / took.as_secs_f64().max(1e-9);
    let left = Duration::from_secs_f64((left as f64 / rate).min(1e9));
    format!(", {rate:.1} a second, {} left", time(left))
}

fn time(time: Duration) -> String {
    let seconds = time.as_secs();
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, seconds) => format!("{seconds} s"),
        (0, minutes, seconds) => format!("{minutes} min {seconds} s"),
        (hours, minutes, _) => format!("{hours} h {minutes} min"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_is_that_of_this_run_and_the_time_left_follows_from_it() {
        let text = remaining(100, 49_900, Duration::from_secs(4));
        assert_eq!(text, ", 25.0 a second, 33 min 16 s left");
        assert_eq!(remaining(0, 10, Duration::from_secs(4)), "");
        assert_eq!(time(Duration::from_secs(7322)), "2 h 2 min");
        assert_eq!(time(Duration::from_secs(59)), "59 s");
    }
}
