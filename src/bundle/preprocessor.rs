//! `preprocessor_config.json`: how a picture becomes pixels. Old and new field styles.

use serde::Deserialize;

use super::json;
use crate::{Error, Result};

/// OpenAI's channel means, of values 0..1 (`OPENAI_CLIP_MEAN` in HF `image_utils`).
pub const OPENAI_CLIP_MEAN: [f32; 3] = [0.48145466, 0.4578275, 0.40821073];
/// OpenAI's channel standard deviations (`OPENAI_CLIP_STD` in HF `image_utils`).
#[expect(clippy::excessive_precision, reason = "the digits are those of the source")]
pub const OPENAI_CLIP_STD: [f32; 3] = [0.26862954, 0.26130258, 0.27577711];

/// The target of the resize.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResizeTo {
    /// The shorter side becomes so long; the ratio of the sides stays.
    ShortestEdge(u32),
    /// Exactly this width and height, whatever the picture's ratio.
    Exact { width: u32, height: u32 },
}

/// Resampling filter, by Pillow's numbers (`PIL.Image.Resampling`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resample {
    Nearest,
    Lanczos,
    Bilinear,
    Bicubic,
    Box,
    Hamming,
}

/// The checked steps: resize, then centre crop, then `(value · rescale − mean) / std`.
#[derive(Clone, Debug, PartialEq)]
pub struct PreprocessConfig {
    pub resize: Option<ResizeTo>,
    pub resample: Resample,
    /// Width and height of the centre crop.
    pub crop: Option<(u32, u32)>,
    /// Factor on the values 0..=255.
    pub rescale: f32,
    pub mean: [f32; 3],
    pub std: [f32; 3],
}

/// A side in pixels: `224`, `{"shortest_edge": 224}` or `{"height": 224, "width": 224}`.
#[derive(Deserialize)]
#[serde(untagged)]
enum Size {
    Side(u32),
    Fields { shortest_edge: Option<u32>, height: Option<u32>, width: Option<u32> },
}

/// The file as it is written. What it leaves out has the value of HF's `CLIPImageProcessor`; of `BlipImageProcessor`,
/// where it says that it is its, which has no crop.
#[derive(Deserialize)]
#[serde(default)]
struct File {
    do_resize: bool,
    size: Size,
    resample: u8,
    do_center_crop: Option<bool>,
    crop_size: Size,
    do_rescale: bool,
    rescale_factor: f32,
    do_normalize: bool,
    image_mean: [f32; 3],
    image_std: [f32; 3],
    image_processor_type: Option<String>,
    processor_class: Option<String>,
}

impl Default for File {
    fn default() -> Self {
        Self {
            do_resize: true,
            size: Size::Side(224),
            resample: 3,
            do_center_crop: None,
            crop_size: Size::Side(224),
            do_rescale: true,
            rescale_factor: 1.0 / 255.0,
            do_normalize: true,
            image_mean: OPENAI_CLIP_MEAN,
            image_std: OPENAI_CLIP_STD,
            image_processor_type: None,
            processor_class: None,
        }
    }
}

impl PreprocessConfig {
    /// Read and check `preprocessor_config.json`.
    ///
    /// Errors: not JSON, a field of the wrong type, an unknown filter, a size out of range.
    pub fn from_json(json: &str) -> Result<Self> {
        let file: File = json::parse("preprocessor_config.json", json)?;
        let resize = match file.size {
            _ if !file.do_resize => None,
            Size::Side(side) | Size::Fields { shortest_edge: Some(side), .. } => {
                Some(ResizeTo::ShortestEdge(side))
            }
            Size::Fields { height: Some(height), width: Some(width), .. } => {
                Some(ResizeTo::Exact { width, height })
            }
            Size::Fields { .. } => return Err(no_size("size")),
        };
        let kinds = [&file.image_processor_type, &file.processor_class];
        let blip = kinds.into_iter().flatten().any(|kind| kind.starts_with("Blip"));
        let crop = match file.crop_size {
            _ if !file.do_center_crop.unwrap_or(!blip) => None,
            Size::Side(side) | Size::Fields { shortest_edge: Some(side), .. } => Some((side, side)),
            Size::Fields { height: Some(height), width: Some(width), .. } => Some((width, height)),
            Size::Fields { .. } => return Err(no_size("crop_size")),
        };
        let resample = match file.resample {
            0 => Resample::Nearest,
            1 => Resample::Lanczos,
            2 => Resample::Bilinear,
            3 => Resample::Bicubic,
            4 => Resample::Box,
            5 => Resample::Hamming,
            other => {
                return Err(Error::Model(format!(
                    "preprocessor_config.json: resample is {other}; expected 0 to 5 (Pillow's filters)."
                )));
            }
        };
        let (resize_width, resize_height) = match resize {
            Some(ResizeTo::ShortestEdge(side)) => (side, side),
            Some(ResizeTo::Exact { width, height }) => (width, height),
            None => (1, 1),
        };
        let (crop_width, crop_height) = crop.unwrap_or((1, 1));
        for side in [resize_width, resize_height, crop_width, crop_height] {
            if side == 0 || side > 4096 {
                return Err(Error::Model(format!(
                    "preprocessor_config.json: a side of {side} pixels; expected 1 to 4096."
                )));
            }
        }
        let (mean, std) =
            if file.do_normalize { (file.image_mean, file.image_std) } else { ([0.0; 3], [1.0; 3]) };
        if std.iter().any(|s| !s.is_normal()) || mean.iter().any(|m| !m.is_finite()) {
            return Err(Error::Model(format!(
                "preprocessor_config.json: image_mean {mean:?}, image_std {std:?}; expected finite numbers and no zero deviation."
            )));
        }
        Ok(Self {
            resize,
            resample,
            crop,
            rescale: if file.do_rescale { file.rescale_factor } else { 1.0 },
            mean,
            std,
        })
    }
}

impl PreprocessConfig {
    /// The pictures must come out as squares of `side` pixels, whatever goes in.
    ///
    /// Errors: they do not.
    pub fn check_square(&self, side: usize) -> Result<()> {
        let output = match (self.crop, self.resize) {
            (Some(size), _) => Some(size),
            (None, Some(ResizeTo::Exact { width, height })) => Some((width, height)),
            (None, _) => None,
        };
        match output {
            Some((width, height)) if (width as usize, height as usize) == (side, side) => Ok(()),
            Some((width, height)) => Err(Error::Model(format!(
                "preprocessor_config.json makes pictures of {width} × {height} pixels, but the image tower takes {side} × {side}."
            ))),
            None => Err(Error::Model(format!(
                "preprocessor_config.json neither crops nor resizes to an exact size, but the image tower takes {side} × {side}."
            ))),
        }
    }
}

fn no_size(field: &str) -> Error {
    Error::Model(format!(
        "preprocessor_config.json: {field} needs a number, “shortest_edge”, or “height” and “width”."
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_and_new_field_styles_mean_the_same() {
        let old = r#"{"size": 224, "crop_size": 224, "feature_extractor_type": "CLIPFeatureExtractor"}"#;
        let new = r#"{"size": {"shortest_edge": 224}, "crop_size": {"height": 224, "width": 224}}"#;
        assert_eq!(PreprocessConfig::from_json(old).unwrap(), PreprocessConfig::from_json(new).unwrap());
    }

    #[test]
    fn blips_pictures_are_not_cropped() {
        let blip = r#"{"size": {"height": 384, "width": 384}, "image_processor_type": "BlipImageProcessor"}"#;
        let config = PreprocessConfig::from_json(blip).unwrap();
        let exact = Some(ResizeTo::Exact { width: 384, height: 384 });
        assert_eq!((config.resize, config.crop), (exact, None));
    }

    #[test]
    fn wrong_files_are_refused() {
        for json in [
            "[]",
            r#"{"size": {}}"#,
            r#"{"size": {"height": 2}}"#,
            r#"{"size": 0}"#,
            r#"{"crop_size": 100000}"#,
            r#"{"resample": 9}"#,
            r#"{"image_std": [0, 1, 1]}"#,
            r#"{"image_mean": [0, 1]}"#,
        ] {
            assert!(PreprocessConfig::from_json(json).is_err(), "{json}");
        }
    }
}
