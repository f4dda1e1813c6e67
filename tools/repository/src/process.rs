//! Running other programs, always from the repository's root.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Command, ExitStatus, Stdio};
use std::thread;

use anyhow::{Context, Result, bail};

use crate::paths;

/// Cargo itself: the one that runs this program, or the one on PATH.
pub fn cargo() -> Command {
    let mut command = new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    // What cargo tells its child about the xtask package is not true of the next one.
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy();
        if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST") {
            command.env_remove(&*name);
        }
    }
    command
}

pub fn new(program: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(paths::root());
    command
}

/// Run to the end; anything but success is an error that shows the command.
pub fn run(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("{} could not be started", line(command)))?;
    match status.success() {
        true => Ok(()),
        false => bail!("{} failed ({status})", line(command)),
    }
}

/// Run to the end and give back what it wrote to stdout.
pub fn read(command: &mut Command) -> Result<String> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("{} could not be started", line(command)))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!("{} failed ({})\n{}", line(command), output.status, said.trim());
    }
    String::from_utf8(output.stdout).context("its output is not text")
}

/// What a program wrote, and how it ended.
pub struct Transcript {
    pub stdout: String,
    pub stderr: String,
    pub status: ExitStatus,
}

/// Run to the end, showing both outputs as they come and keeping them.
pub fn watch(command: &mut Command) -> Result<Transcript> {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("{} could not be started", line(command)))?;
    let stdout = child.stdout.take().context("stdout is piped")?;
    let stderr = child.stderr.take().context("stderr is piped")?;
    let errors = thread::spawn(move || tee(stderr, std::io::stderr()));
    let stdout = tee(stdout, std::io::stdout());
    let stderr = errors.join().expect("copying does not panic");
    let status = child.wait()?;
    Ok(Transcript { stdout, stderr, status })
}

/// Copy line by line; a screen that went away must not stop the program.
fn tee(from: impl Read, mut to: impl Write) -> String {
    let mut text = String::new();
    let mut from = BufReader::new(from);
    let mut line = Vec::new();
    while from.read_until(b'\n', &mut line).is_ok_and(|n| n > 0) {
        let _ = to.write_all(&line);
        text += &String::from_utf8_lossy(&line);
        line.clear();
    }
    text
}

/// The command as one would type it.
pub fn line(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}
