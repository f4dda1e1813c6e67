//! Bodies of answers: counted, slow, or spoiled.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use server::connection::Reply;

pub(super) type Body = Box<dyn Read>;

/// An answer with its body changed.
pub(super) fn with_body<R: Read + 'static>(mut reply: Reply, body: impl FnOnce(Body) -> R) -> Reply {
    reply.body = Box::new(body(reply.body));
    reply
}

/// Counts the bytes that are read from it.
pub(super) struct Counted {
    pub(super) body: Body,
    pub(super) bytes: Arc<AtomicU64>,
    pub(super) _sending: Arc<()>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.body.read(buffer)?;
        self.bytes.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

/// Some 10 MB a second.
pub(super) struct Drops(pub(super) Body);

impl Read for Drops {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        thread::sleep(Duration::from_micros(700));
        self.0.read(buffer)
    }
}

/// For an engine in haste it is longer than the longest silence that it bears; see `e2e/downloads.rs`.
const STALL: Duration = Duration::from_secs(2);

/// Stops for a while when `before` bytes have passed.
pub(super) struct Stalling {
    pub(super) body: Body,
    pub(super) before: Option<u64>,
}

impl Read for Stalling {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.body.read(buffer)?;
        self.before = match self.before {
            Some(before) if before < read as u64 => {
                thread::sleep(STALL);
                None
            }
            before => before.map(|before| before - read as u64),
        };
        Ok(read)
    }
}

/// A bit of the byte after `before` others is the other one.
pub(super) struct Flipped {
    pub(super) body: Body,
    pub(super) before: Option<u64>,
}

impl Read for Flipped {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.body.read(buffer)?;
        self.before = match self.before {
            Some(before) if before < read as u64 => {
                buffer[before as usize] ^= 1;
                None
            }
            before => before.map(|before| before - read as u64),
        };
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_are_spoiled_where_it_is_said() {
        let read = |mut body: Box<dyn Read>| {
            let mut bytes = Vec::new();
            body.read_to_end(&mut bytes).unwrap();
            bytes
        };
        let body = || -> Body { Box::new(&[0u8; 100_000][..]) };
        let flipped = read(Box::new(Flipped { body: body(), before: Some(70_000) }));
        let wrong: Vec<_> = (0..flipped.len()).filter(|&at| flipped[at] != 0).collect();
        assert_eq!((flipped.len(), wrong), (100_000, vec![70_000]));
        let bytes = Arc::<AtomicU64>::default();
        let counted = read(Box::new(Counted {
            body: Box::new(Drops(body())),
            bytes: bytes.clone(),
            _sending: Arc::default(),
        }));
        assert_eq!((counted.len(), bytes.load(Ordering::Relaxed)), (100_000, 100_000));
        assert_eq!(read(Box::new(Stalling { body: body(), before: Some(50_000) })).len(), 100_000);
    }
}
