//! Counting tests truly: from what the test programs print, and from what they fail to print.

use std::ops::AddAssign;

use anyhow::{Result, ensure};

use crate::process::Transcript;

/// What stands behind a test's name that failed once and not again.
pub const SECOND_TRY: &str = " ... ok on the second try";

/// How many passed and failed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Count {
    pub passed: usize,
    pub failed: usize,
    /// Left out by the test program itself.
    pub ignored: usize,
    /// Those that failed, and those that did not at once, with what was said of them.
    pub troubles: Vec<String>,
}

impl Count {
    /// A check that is one thing.
    pub fn one(passed: bool) -> Self {
        Self { passed: usize::from(passed), failed: usize::from(!passed), ..Self::default() }
    }

    /// How many were run.
    pub fn run(&self) -> usize {
        self.passed + self.failed
    }

    /// Print it as cargo's test programs do, which is what [`cargo_test`] reads; an error when anything failed.
    pub fn report(&self) -> Result<()> {
        let Self { passed, failed, ignored, .. } = self;
        let result = if *failed == 0 { "ok" } else { "FAILED" };
        println!("test result: {result}. {passed} passed; {failed} failed; {ignored} ignored");
        ensure!(*failed == 0, "{failed} of {} failed", self.run());
        Ok(())
    }
}

impl AddAssign for Count {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.ignored += other.ignored;
        self.troubles.extend(other.troubles);
    }
}

/// Count a `cargo test --no-fail-fast`. Every test program prints a result; one that was started and printed none
/// (it crashed, or hung and was stopped) is a failure, and so is cargo itself failing with nothing else to show.
pub fn cargo_test(transcript: &Transcript) -> Count {
    count(&transcript.stdout, &transcript.stderr, transcript.status.success())
}

fn count(stdout: &str, stderr: &str, success: bool) -> Count {
    let mut count = Count::default();
    let mut results = 0;
    for line in stdout.lines() {
        if let Some(result) = result(line) {
            count += result;
            results += 1;
        } else if line == "no tests to run!" {
            // What the wasm runner says of a program without tests.
            results += 1;
        }
    }
    count.troubles = troubles(stdout);
    let started = stderr.lines().filter(|line| starts_a_program(line)).count();
    count.failed += started.saturating_sub(results);
    // What ended well without a result has not tested anything.
    if count.failed == 0 && (!success || results == 0) {
        count.failed = 1;
    }
    count
}

/// `test NAME ... FAILED`, and `... ok on the second try`, each with the lines below it that are set in; of cargo's test
/// programs, what a test that panicked said.
fn troubles(stdout: &str) -> Vec<String> {
    let mut troubles: Vec<String> = Vec::new();
    let mut below = false;
    for line in stdout.lines() {
        let of_a_test = line.starts_with("test ") && !line.starts_with("test result");
        let trouble = of_a_test && (line.contains(" ... FAILED") || line.contains(SECOND_TRY));
        if trouble || line.contains("' panicked at ") || line.contains(") panicked at ") {
            troubles.push(line.to_owned());
            below = true;
        } else if below
            && !of_a_test
            && !line.starts_with("test result")
            && !line.trim().is_empty()
            && !line.starts_with("stack backtrace")
        {
            if let Some(trouble) = troubles.last_mut() {
                *trouble += &format!("\n{line}");
            }
        } else {
            below = false;
        }
    }
    troubles
}

/// `     Running unittests src/lib.rs (target/…)` and `   Doc-tests semblance`, as cargo announces them.
fn starts_a_program(line: &str) -> bool {
    let Some((word, rest)) = line.trim_start().split_once(' ') else { return false };
    match word {
        "Doc-tests" => true,
        "Running" => rest.trim_end().ends_with(')'),
        _ => false,
    }
}

/// `test result: FAILED. 3 passed; 1 failed; 0 ignored; …`
fn result(line: &str) -> Option<Count> {
    let (_, numbers) = line.strip_prefix("test result: ")?.split_once(". ")?;
    let number = |name: &str| -> Option<usize> {
        let part = numbers.split(';').find_map(|part| part.trim().strip_suffix(name))?;
        part.trim().parse().ok()
    };
    let (passed, failed, ignored) = (number("passed")?, number("failed")?, number("ignored")?);
    Some(Count { passed, failed, ignored, troubles: Vec::new() })
}

#[cfg(test)]
mod tests {
    use super::*;

    const RAN: &str = "   Compiling semblance v0.1.0\n     Running unittests src/lib.rs (target/a)\n";
    const OK: &str = "running 3 tests\ntest result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s\n";

    #[test]
    fn results_are_summed_and_missing_ones_fail() {
        let failed = OK.replace("ok. 3 passed; 0", "FAILED. 2 passed; 1");
        let twice = format!("{RAN}     Running tests/b.rs (target/b)\n   Doc-tests semblance\n");
        let wasm = "no tests to run!\ntest result: ok. 2 passed; 0 failed; 0 ignored; 0 filtered out; finished in 1s\n";
        let cases = [
            ("one program", OK.to_owned(), RAN.to_owned(), true, (3, 0)),
            ("three programs", format!("{OK}{failed}{OK}"), twice.clone(), false, (8, 1)),
            ("one of three crashed", format!("{OK}{OK}"), twice, false, (6, 1)),
            ("a program without tests in wasm", wasm.to_owned(), format!("{RAN}{RAN}"), true, (2, 0)),
            ("nothing compiled", String::new(), String::new(), false, (0, 1)),
            ("cargo failed after all passed", OK.to_owned(), RAN.to_owned(), false, (3, 1)),
            ("nothing was run", String::new(), String::new(), true, (0, 1)),
        ];
        for (name, stdout, stderr, success, (passed, failed)) in cases {
            let count = count(&stdout, &stderr, success);
            assert_eq!((count.passed, count.failed), (passed, failed), "{name}");
        }
    }

    #[test]
    fn what_failed_is_named_with_what_was_said() {
        let stdout = "test e2e: one ... ok (1.0 s)\ntest e2e: two ... FAILED (2.0 s)\n  nothing is there\n  at all\n\
            test e2e: three ... ok on the second try (1.0 s)\n  it was late\ntest result: FAILED. 2 passed; 1 failed; 0 ignored\n";
        assert_eq!(
            count(stdout, "", false).troubles,
            [
                "test e2e: two ... FAILED (2.0 s)\n  nothing is there\n  at all",
                "test e2e: three ... ok on the second try (1.0 s)\n  it was late",
            ]
        );
    }

    #[test]
    fn only_whole_result_lines_count() {
        assert_eq!(
            result("test result: ok. 1 passed; 2 failed; 0 ignored"),
            Some(Count { passed: 1, failed: 2, ..Count::default() })
        );
        for line in [
            "test result: ",
            "test result: ok. many passed; 0 failed",
            "a test result: ok. 1 passed; 0 failed",
        ] {
            assert_eq!(result(line), None, "{line}");
        }
    }
}
