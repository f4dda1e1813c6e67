//! What a picture file can say of itself: its size, and how it is to be turned.

use std::ops::Range;

use semblance_tiff::directory;

/// What a file says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// Width and height as stored, before turning; none: unknown, or not certain.
    pub size: Option<(u32, u32)>,
    /// How the stored pixels are to be turned.
    pub orientation: Orientation,
    /// What to change in the file so that nobody else turns it; none: it is upright.
    pub hide: Option<Patch>,
    pub animation: Animation,
    /// When it was taken, in milliseconds since 1970 on the camera's own clock.
    pub taken: Option<i64>,
}

/// What an animated PNG shows first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Animation {
    #[default]
    None,
    /// There are frames, the first of which has not been seen yet.
    Announced,
    /// Its default picture is the first frame.
    BeginsWithDefault,
    /// Its default picture is shown only by those who can't show animations.
    WithoutDefault,
}

/// EXIF's orientation, 1 to 8 (tag 0x0112, CIPA DC-008 4.6.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Orientation(u8);

impl Default for Orientation {
    fn default() -> Self {
        Self::UPRIGHT
    }
}

impl Orientation {
    pub const UPRIGHT: Self = Self(1);

    /// The tag's value; everything but 1 to 8 says nothing.
    pub(super) fn from_tag(value: u64) -> Self {
        Self(u8::try_from(value).ok().filter(|value| (1..=8).contains(value)).unwrap_or(1))
    }

    pub fn tag(self) -> u8 {
        self.0
    }
}

/// Bytes of a file that others take the place of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Patch {
    pub range: Range<u64>,
    pub with: Vec<u8>,
}

/// Some bytes of a file, and where they stand in it.
#[derive(Clone, Copy)]
pub(super) struct Part<'a> {
    pub at: u64,
    pub bytes: &'a [u8],
}

impl<'a> Part<'a> {
    /// `N` bytes, so many bytes into the part.
    pub fn get<const N: usize>(self, at: usize) -> Option<[u8; N]> {
        self.bytes.get(at..)?.first_chunk().copied()
    }

    /// Where in the file that is, so many bytes into the part.
    pub fn offset(self, at: usize) -> u64 {
        self.at.saturating_add(at as u64)
    }

    pub fn u32(self, at: usize) -> Option<u32> {
        self.get(at).map(u32::from_be_bytes)
    }

    /// What is there of `length` bytes, so many bytes into the part.
    pub fn slice(self, at: usize, length: u64) -> Part<'a> {
        let rest = self.bytes.get(at..).unwrap_or_default();
        let length = usize::try_from(length).unwrap_or(usize::MAX).min(rest.len());
        Part { at: self.offset(at), bytes: &rest[..length] }
    }
}

/// Take the orientation out of EXIF, which is a TIFF directory without pixels.
///
/// Returns where its value stands in the file, and its bytes for “upright”.
pub(super) fn read_exif(exif: Part, facts: &mut Facts) -> Option<Patch> {
    // Some writers put JPEG's marker before it in other formats, too.
    let skip = if exif.bytes.starts_with(b"Exif\0\0") { 6 } else { 0 };
    let tiff = exif.slice(skip, u64::MAX);
    let (layout, at) = directory::header(tiff.bytes)?;
    let at = usize::try_from(at).ok()?;
    facts.taken = taken(tiff.bytes, at, layout);
    let found = directory::find(tiff.bytes.get(at..)?, layout, directory::ORIENTATION)?;
    facts.orientation = Orientation::from_tag(found.value);
    let start = tiff.offset(at + found.at);
    Some(Patch { range: start..start + found.width as u64, with: layout.bytes(1, found.width) })
}

/// When the picture was taken, of the EXIF in a TIFF file whose first directory is at `at`.
pub(super) fn taken(tiff: &[u8], at: usize, layout: directory::Layout) -> Option<i64> {
    let exif = directory::find(tiff.get(at..)?, layout, directory::EXIF)?;
    let text = directory::find_text(tiff, usize::try_from(exif.value).ok()?, layout, directory::TAKEN)?;
    milliseconds(std::str::from_utf8(text).ok()?.trim_end_matches('\0'))
}

/// Of `YYYY:MM:DD HH:MM:SS` since 1970. None: it is another text, or no day there is.
fn milliseconds(text: &str) -> Option<i64> {
    let mut numbers = [0; 6];
    let mut parts = text.split([':', ' ']);
    for number in &mut numbers {
        let part = parts.next().filter(|part| part.bytes().all(|byte| byte.is_ascii_digit()))?;
        *number = part.parse::<i64>().ok()?;
    }
    let [year, month, day, hour, minute, second] = numbers;
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let lengths = [31, if leap { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let length = *lengths.get(usize::try_from(month - 1).ok()?)?;
    let sane = parts.next().is_none() && text.len() == 19 && year > 0 && (1..=length).contains(&day);
    if !sane || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    // The Gregorian calendar's leap years before this one.
    let before = year - 1;
    let leaps = before / 4 - before / 100 + before / 400;
    let days = before * 365 + leaps + lengths.iter().take(month as usize - 1).sum::<i64>() + day - 1;
    const UNTIL_1970: i64 = 1969 * 365 + 1969 / 4 - 1969 / 100 + 1969 / 400;
    Some((((days - UNTIL_1970) * 24 + hour) * 60 + minute) * 60_000 + second * 1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_become_milliseconds() {
        let cases = [
            ("1970:01:01 00:00:00", Some(0)),
            ("1969:12:31 23:59:59", Some(-1000)),
            ("2000:02:29 12:30:15", Some(951_827_415_000)),
            ("2024:12:31 00:00:00", Some(1_735_603_200_000)),
            ("2026:11:27 16:46:49", Some(1_795_798_009_000)),
            ("1900:02:29 00:00:00", None),
            ("0000:00:00 00:00:00", None),
            ("2024:13:01 00:00:00", None),
            ("2024:01:01 24:00:00", None),
            ("    :  :     :  :  ", None),
            ("2024:01:01", None),
            ("2024:01:01 00:00:00 ", None),
            ("yesterday", None),
        ];
        for (text, expected) in cases {
            assert_eq!(milliseconds(text), expected, "{text:?}");
        }
    }
}
