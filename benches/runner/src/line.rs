//! A line as slow as people have: so many milliseconds until an answer begins, so many bits a second for all connections
//! together. The server is made slow and not the browser, whose own emulation gives each worker a line of its own.

use std::io::{self, Write};
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Connections take turns after so many bytes, as packets do; on a fast line after so long, since no sleep is shorter.
const TURN: usize = 2920;
const SHORTEST_TURN: f64 = 2e-4;

/// What a line is like.
#[derive(Clone, Copy)]
pub(crate) struct Speed {
    /// From a request to the first byte of its answer.
    pub(crate) latency: Duration,
    pub(crate) bits_a_second: f64,
}

impl Speed {
    /// The time that so many bytes take, whatever else there is.
    pub(crate) fn time(&self, bytes: u64) -> Duration {
        Duration::from_secs_f64(bytes as f64 * 8.0 / self.bits_a_second)
    }

    fn turn(&self) -> usize {
        TURN.max((self.bits_a_second / 8.0 * SHORTEST_TURN) as usize)
    }
}

pub(crate) struct Line {
    speed: Speed,
    /// When it has room again.
    free: Mutex<Instant>,
    /// When what went over it: milliseconds since 1970, bytes.
    sent: Mutex<Vec<(f64, usize)>>,
}

impl Line {
    pub(crate) fn new(speed: Speed) -> Self {
        Self { speed, free: Mutex::new(Instant::now()), sent: Mutex::default() }
    }

    /// Wait as a request and the beginning of its answer take to cross the line.
    pub(crate) fn cross(&self) {
        thread::sleep(self.speed.latency);
    }

    /// Bytes that had gone over it by then.
    pub(crate) fn bytes_until(&self, milliseconds: f64) -> u64 {
        let sent = self.sent.lock().expect("no thread panics with the list");
        sent.iter().filter(|(at, _)| *at <= milliseconds).map(|(_, bytes)| *bytes as u64).sum()
    }

    /// Wait for room, and take it.
    fn take(&self, bytes: usize) {
        let mut free = self.free.lock().expect("no thread panics with the line");
        *free = (*free).max(Instant::now()) + self.speed.time(bytes as u64);
        let until = *free;
        drop(free);
        thread::sleep(until.saturating_duration_since(Instant::now()));
        self.sent.lock().expect("no thread panics with the list").push((now(), bytes));
    }
}

/// Writes over a line.
pub(crate) struct Over<'a, W> {
    pub(crate) line: &'a Line,
    pub(crate) to: W,
}

impl<W: Write> Write for Over<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let turn = &bytes[..bytes.len().min(self.line.speed.turn())];
        self.line.take(turn.len());
        self.to.write_all(turn)?;
        Ok(turn.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

/// Milliseconds since 1970, as a page counts them.
pub(crate) fn now() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64() * 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_share_the_line() {
        let speed = Speed { latency: Duration::ZERO, bits_a_second: 8e5 };
        let line = Line::new(speed);
        let start = Instant::now();
        thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| Over { line: &line, to: io::sink() }.write_all(&[0; 10_000]).unwrap());
            }
        });
        let time = start.elapsed();
        assert_eq!(speed.time(20_000), Duration::from_millis(200));
        assert!(time >= speed.time(20_000), "{time:?}");
        assert_eq!(line.bytes_until(now()), 20_000);
        assert_eq!(line.bytes_until(0.0), 0);
    }
}
