//! What is known of a picture besides its vector.

use crate::error::{Error, Result};

/// What is known of a picture, in the order in which the file has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// With `/` between folders, from the folder that was added; each path is in an index once.
    pub path: Box<str>,
    /// Bytes of the file.
    pub size: u64,
    /// When the file was last changed, in milliseconds since 1970 (UTC).
    pub modified: i64,
    /// When the picture was taken, as its EXIF has it, in milliseconds since 1970 on the camera's own clock.
    pub taken: Option<i64>,
    /// Of the upright picture, in pixels.
    pub width: u32,
    pub height: u32,
    /// SHA-256 of the file.
    pub hash: [u8; 32],
    /// Where the file beside this one has a small picture of it.
    pub thumbnail: Option<Place>,
}

/// A part of another file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    pub at: u64,
    pub length: u32,
    /// CRC-32 of the bytes there.
    pub crc: u32,
}

/// Stands for a day that is not known.
const NO_DAY: i64 = i64::MIN;
/// Bytes beside the path.
const FIXED: usize = 2 + 8 + 8 + 8 + 4 + 4 + 32 + 16;

impl Facts {
    /// The longest that these take in a file.
    pub(crate) const LONGEST: usize = FIXED + u16::MAX as usize;

    /// When it was taken or, where nobody knows, last changed.
    pub fn day(&self) -> i64 {
        self.taken.unwrap_or(self.modified)
    }

    pub(crate) fn write(&self, bytes: &mut Vec<u8>) -> Result<()> {
        let length =
            u16::try_from(self.path.len()).map_err(|_| Error::Path(self.path.chars().take(60).collect()))?;
        bytes.extend(length.to_le_bytes());
        bytes.extend(self.path.as_bytes());
        bytes.extend(self.size.to_le_bytes());
        bytes.extend(self.modified.to_le_bytes());
        bytes.extend(self.taken.unwrap_or(NO_DAY).to_le_bytes());
        bytes.extend(self.width.to_le_bytes());
        bytes.extend(self.height.to_le_bytes());
        bytes.extend(self.hash);
        let Place { at, length, crc } = self.thumbnail.unwrap_or_default();
        bytes.extend(at.to_le_bytes());
        bytes.extend(length.to_le_bytes());
        bytes.extend(crc.to_le_bytes());
        Ok(())
    }

    /// The facts at the beginning of `bytes`, and what follows. None: they are cut off, or their path is no text.
    pub(crate) fn read(bytes: &[u8]) -> Option<(Self, &[u8])> {
        let (length, bytes) = bytes.split_first_chunk()?;
        let (path, bytes) = bytes.split_at_checked(u16::from_le_bytes(*length).into())?;
        let (size, bytes) = bytes.split_first_chunk()?;
        let (modified, bytes) = bytes.split_first_chunk()?;
        let (taken, bytes) = bytes.split_first_chunk()?;
        let (width, bytes) = bytes.split_first_chunk()?;
        let (height, bytes) = bytes.split_first_chunk()?;
        let (hash, bytes) = bytes.split_first_chunk()?;
        let (at, bytes) = bytes.split_first_chunk()?;
        let (length, bytes) = bytes.split_first_chunk()?;
        let (crc, bytes) = bytes.split_first_chunk()?;
        let taken = i64::from_le_bytes(*taken);
        let place = Place {
            at: u64::from_le_bytes(*at),
            length: u32::from_le_bytes(*length),
            crc: u32::from_le_bytes(*crc),
        };
        let facts = Self {
            path: std::str::from_utf8(path).ok()?.into(),
            size: u64::from_le_bytes(*size),
            modified: i64::from_le_bytes(*modified),
            taken: (taken != NO_DAY).then_some(taken),
            width: u32::from_le_bytes(*width),
            height: u32::from_le_bytes(*height),
            hash: *hash,
            thumbnail: (place.length > 0).then_some(place),
        };
        Some((facts, bytes))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn facts(path: &str) -> Facts {
        Facts {
            path: path.into(),
            size: 123_456,
            modified: 1_700_000_000_000,
            taken: Some(-1),
            width: 640,
            height: 480,
            hash: [7; 32],
            thumbnail: Some(Place { at: 1 << 40, length: 9, crc: 5 }),
        }
    }

    #[test]
    fn facts_come_back_and_leave_the_rest() {
        let bare = Facts { taken: None, thumbnail: None, ..facts("") };
        for facts in [facts("Ferien/Möwe.jpg"), bare] {
            let mut bytes = Vec::new();
            facts.write(&mut bytes).unwrap();
            bytes.extend([1, 2, 3]);
            assert_eq!(Facts::read(&bytes), Some((facts, &[1, 2, 3][..])));
            for length in 0..bytes.len() - 3 {
                assert_eq!(Facts::read(&bytes[..length]), None, "cut to {length}");
            }
        }
    }

    #[test]
    fn a_path_that_does_not_fit_is_refused() {
        let long = Facts { path: "ä".repeat(32_768).into(), ..Facts::default() };
        assert!(matches!(long.write(&mut Vec::new()), Err(Error::Path(_))));
    }
}
