//! 8-bit samples → RGBA, as Pillow's `convert` does.

use crate::decode::not_read;

pub(crate) enum Colours {
    Grey,
    WhiteIsZero,
    Rgb,
    /// All reds, then all greens, then all blues, of 16 bits each.
    Palette(Vec<u16>),
    Cmyk,
    YCbCr,
}

/// What the first sample beside the colours is.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Alpha {
    None,
    /// Colours are multiplied by it.
    Associated,
    Unassociated,
}

/// `samples`: plane by plane, and so many of a pixel in each.
///
/// Errors: there are fewer samples than the colours need.
pub(crate) fn to_rgba(
    samples: &[u8],
    planes: usize,
    per_pixel: usize,
    colours: &Colours,
    alpha: Alpha,
) -> Result<Vec<u8>, String> {
    let needed = match colours {
        Colours::Grey | Colours::WhiteIsZero | Colours::Palette(_) => 1,
        Colours::Rgb | Colours::YCbCr => 3,
        Colours::Cmyk => 4,
    };
    let all = planes * per_pixel;
    if all < needed {
        return Err(not_read(&format!("{all} of {needed} samples a pixel")));
    }
    // Pillow leaves the alpha of inks alone, too.
    let has_alpha = all > needed && !matches!(colours, Colours::Cmyk);
    let alpha = if has_alpha { alpha } else { Alpha::None };
    let pixels = samples.len() / all;
    let (plane, step) = if planes > 1 { (pixels, 1) } else { (1, per_pixel) };
    let mut rgba = Vec::with_capacity(4 * pixels);
    for pixel in 0..pixels {
        let sample = |channel: usize| samples[pixel * step + channel * plane];
        let [r, g, b] = match colours {
            Colours::Grey => [sample(0); 3],
            Colours::WhiteIsZero => [255 - sample(0); 3],
            Colours::Rgb => [sample(0), sample(1), sample(2)],
            Colours::Palette(map) => look_up(map, sample(0)),
            Colours::Cmyk => cmyk([sample(0), sample(1), sample(2), sample(3)]),
            Colours::YCbCr => ycbcr([sample(0), sample(1), sample(2)]),
        };
        rgba.extend_from_slice(&match alpha {
            Alpha::None => [r, g, b, 255],
            Alpha::Unassociated => [r, g, b, sample(needed)],
            Alpha::Associated => {
                let a = sample(needed);
                [divided(r, a), divided(g, a), divided(b, a), a]
            }
        });
    }
    Ok(rgba)
}

/// A colour out of its product with alpha.
fn divided(c: u8, alpha: u8) -> u8 {
    match alpha {
        0 | 255 => c,
        _ => (255 * u32::from(c) / u32::from(alpha)).min(255) as u8,
    }
}

fn look_up(map: &[u16], place: u8) -> [u8; 3] {
    let length = map.len() / 3;
    [0, 1, 2]
        .map(|channel| map.get(channel * length + usize::from(place)).map_or(0, |colour| (colour >> 8) as u8))
}

/// (255 − ink) · (255 − k) / 255
fn cmyk([c, m, y, k]: [u8; 4]) -> [u8; 3] {
    let white = u32::from(255 - k);
    [c, m, y].map(|ink| {
        let product = u32::from(ink) * white + 128;
        (white - (((product >> 8) + product) >> 8)) as u8
    })
}

/// ITU-R BT.601 over the full range, as JPEG has it.
fn ycbcr([y, cb, cr]: [u8; 3]) -> [u8; 3] {
    let (y, cb, cr) = (f32::from(y), f32::from(cb) - 128.0, f32::from(cr) - 128.0);
    [y + 1.402 * cr, y - 0.344_136 * cb - 0.714_136 * cr, y + 1.772 * cb].map(|c| c.round() as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn planes_and_pixels_are_the_same_picture() {
        let chunky = to_rgba(&[1, 2, 3, 4, 5, 6], 1, 3, &Colours::Rgb, Alpha::None);
        assert_eq!(chunky, Ok(vec![1, 2, 3, 255, 4, 5, 6, 255]));
        assert_eq!(to_rgba(&[1, 4, 2, 5, 3, 6], 3, 1, &Colours::Rgb, Alpha::None), chunky);
        assert!(to_rgba(&[1, 2], 1, 2, &Colours::Rgb, Alpha::None).is_err());
    }

    #[test]
    fn alpha_is_taken_out_of_colours() {
        let samples = [50, 100, 128, 128, 7, 8, 9, 0];
        let found = to_rgba(&samples, 1, 4, &Colours::Rgb, Alpha::Associated);
        assert_eq!(found, Ok(vec![99, 199, 255, 128, 7, 8, 9, 0]));
        assert_eq!(to_rgba(&samples, 1, 4, &Colours::Rgb, Alpha::Unassociated), Ok(samples.to_vec()));
    }

    #[test]
    fn inks_are_taken_from_white() {
        assert_eq!(cmyk([0, 0, 0, 0]), [255; 3]);
        assert_eq!(cmyk([255, 0, 0, 0]), [0, 255, 255]);
        assert_eq!(cmyk([10, 20, 30, 255]), [0; 3]);
    }
}
