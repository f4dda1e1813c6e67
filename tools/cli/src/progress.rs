//! How far it is, how fast it goes, and how long it will take, on stderr: a bar on a terminal, a line now and then in a file.

use std::io::{IsTerminal, stderr};
use std::time::{Duration, Instant};

use indicatif::{HumanDuration, ProgressBar, ProgressStyle};

/// A line this often in a file.
const IN_FILE: Duration = Duration::from_secs(15);

pub struct Progress {
    what: String,
    unit: &'static str,
    /// Done when it began: what is there from an earlier run says nothing of the rate.
    before: u64,
    done: u64,
    all: Option<u64>,
    begun: Instant,
    said: Instant,
    /// On a terminal.
    bar: Option<ProgressBar>,
}

impl Progress {
    /// `all`: none where it is not known yet.
    pub fn new(
        what: impl Into<String>,
        unit: &'static str,
        before: usize,
        all: impl Into<Option<usize>>,
    ) -> Self {
        let now = Instant::now();
        let (what, before, all) = (what.into(), before as u64, all.into().map(|all| all as u64));
        let bar = stderr().is_terminal().then(|| ProgressBar::no_length().with_prefix(what.clone()));
        let mut progress = Self { what, unit, before, done: before, all: None, begun: now, said: now, bar };
        if before > 0 {
            let of = all.map_or_else(String::new, |all| format!(" of {all}"));
            progress.line(&format!("{before}{of} {unit} are there already"));
        }
        match all {
            Some(all) => progress.all(all),
            None => progress.style("{prefix} {spinner} {pos} {msg}"),
        }
        progress
    }

    fn style(&self, template: &str) {
        let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
        if let Some(bar) = &self.bar {
            bar.set_style(style.progress_chars("━╸─"));
        }
    }

    /// So many there are.
    pub fn all(&mut self, all: u64) {
        self.all = Some(all);
        self.style("{prefix} {bar:30} {pos} of {len} {msg}");
        if let Some(bar) = &self.bar {
            bar.set_length(all);
        }
    }

    /// So many are done, those from before among them.
    pub fn at(&mut self, done: usize) {
        self.done = done as u64;
        let text = remaining(
            self.done - self.before,
            self.all.map(|all| all.saturating_sub(self.done)),
            self.begun.elapsed(),
        );
        if let Some(bar) = &self.bar {
            bar.set_message(format!("{}{text}", self.unit));
            bar.set_position(self.done);
        } else if self.said.elapsed() >= IN_FILE && self.all.is_none_or(|all| self.done < all) {
            self.said = Instant::now();
            let of = self.all.map_or_else(String::new, |all| format!(" of {all}"));
            self.line(&format!("{done}{of} {}{text}", self.unit));
        }
    }

    /// So many more are done that were not there before; or that were.
    pub fn more(&mut self, new: u64, before: u64) {
        self.before += before;
        self.at((self.done + new + before) as usize);
    }

    /// A line that stays.
    pub fn line(&self, text: &str) {
        let line = format!("{}: {text}", self.what);
        match &self.bar {
            Some(bar) => bar.println(line),
            None => eprintln!("{line}"),
        }
    }

    /// All are done that could be.
    pub fn finish(self, done: usize) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
        let new = (done as u64).saturating_sub(self.before);
        if new > 0 {
            let took = self.begun.elapsed();
            let rate = new as f64 / took.as_secs_f64().max(1e-9);
            eprintln!("{}: {new} {} in {}, {rate:.1} a second", self.what, self.unit, HumanDuration(took));
        }
    }
}

/// `, 31.2 a second, 26 minutes left`.
fn remaining(done: u64, left: Option<u64>, took: Duration) -> String {
    if done == 0 {
        return String::new();
    }
    let rate = done as f64 / took.as_secs_f64().max(1e-9);
    let left = left.map_or_else(String::new, |left| {
        format!(", {} left", HumanDuration(Duration::from_secs_f64((left as f64 / rate).min(1e9))))
    });
    format!(", {rate:.1} a second{left}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_is_that_of_this_run_and_the_time_left_follows_from_it() {
        let text = remaining(100, Some(49_900), Duration::from_secs(4));
        assert_eq!(text, ", 25.0 a second, 33 minutes left");
        assert_eq!(remaining(100, None, Duration::from_secs(4)), ", 25.0 a second");
        assert_eq!(remaining(0, Some(10), Duration::from_secs(4)), "");
    }
}
