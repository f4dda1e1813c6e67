//! What is known of a picture besides its vector, and what it says of two pictures: were they taken one after the other?

use serde::Deserialize;

/// As an index has them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Facts {
    /// Of the upright picture, in pixels; 0 where nobody knows.
    pub width: u32,
    pub height: u32,
    /// Of the file.
    pub bytes: u64,
    /// When it was taken, as its EXIF has it (`DateTimeOriginal`), in milliseconds on the camera's own clock.
    pub taken: Option<i64>,
    /// When the file was last changed, in milliseconds since 1970.
    pub modified: i64,
    /// With `/` between folders.
    pub path: String,
    /// SHA-256 of the file.
    pub hash: Option<[u8; 32]>,
}

/// Names count up by at most so much within a burst: cameras number every shot, and some of them are thrown away.
const NAMES_APART: u64 = 5;
/// Fewer digits are no camera's number.
const DIGITS: usize = 3;
/// More do not fit a number of 64 bits.
const DIGITS_AT_MOST: usize = 18;

impl Facts {
    pub fn pixels(&self) -> u64 {
        u64::from(self.width) * u64::from(self.height)
    }

    /// When it was taken or, where nobody knows, last changed.
    pub fn day(&self) -> i64 {
        self.taken.unwrap_or(self.modified)
    }

    /// Milliseconds between the two shots, where both tell when they were taken.
    pub fn apart(&self, other: &Self) -> Option<u64> {
        Some(self.taken?.abs_diff(other.taken?))
    }

    /// Whether the names are a camera's numbers one after the other: in one folder, with the same letters around the last
    /// digits of the name, as many digits (3 and more), and 1 to 5 apart. `a/IMG_1234.jpg` and `a/IMG_1235.jpg` are.
    pub fn counts_up(&self, other: &Self) -> bool {
        match (Numbered::of(&self.path), Numbered::of(&other.path)) {
            (Some(a), Some(b)) => {
                let apart = a.number.abs_diff(b.number);
                a.before == b.before
                    && a.after == b.after
                    && a.digits == b.digits
                    && (1..=NAMES_APART).contains(&apart)
            }
            _ => false,
        }
    }
}

/// A name's last digits, and what stands around them.
struct Numbered<'a> {
    before: &'a str,
    number: u64,
    digits: usize,
    after: String,
}

impl<'a> Numbered<'a> {
    fn of(path: &'a str) -> Option<Self> {
        let name = path.rfind('/').map_or(0, |slash| slash + 1);
        let end = path[name..].rfind('.').map_or(path.len(), |dot| name + dot);
        let last = path[name..end].rfind(|letter: char| letter.is_ascii_digit())? + name + 1;
        let first = name + path[name..last].trim_end_matches(|letter: char| letter.is_ascii_digit()).len();
        let digits = last - first;
        if !(DIGITS..=DIGITS_AT_MOST).contains(&digits) {
            return None;
        }
        let number = path[first..last].parse().ok()?;
        // The ending may be written in other letters, or be another one: JPG beside HEIC.
        Some(Self { before: &path[..first], number, digits, after: path[last..end].to_lowercase() })
    }
}
