//! Pixels are equal to Pillow's and HF's to within 1/255 a channel.

use std::collections::HashMap;

use semblance::Picture;
use semblance::bundle::PreprocessConfig;
use semblance::preprocess::resize_and_crop;
use serde::Deserialize;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::golden;

#[derive(Deserialize)]
struct Golden {
    configs: Vec<Config>,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Config {
    name: String,
    preprocessor_config: serde_json::Value,
}

#[derive(Deserialize)]
struct Case {
    picture: String,
    config: String,
    pixels: String,
    floats: Option<String>,
}

pub fn decode(png: &[u8]) -> Picture {
    let image = image::load_from_memory(png).unwrap().into_rgba8();
    let (width, height) = image.dimensions();
    Picture::from_rgba(image.into_raw(), width, height).unwrap()
}

#[test]
fn pixels_are_pillows() {
    let golden: Golden = golden::json("preprocess/cases.json");
    let expected = golden::tensors("preprocess/expected.safetensors");
    let mut pictures = HashMap::new();
    let mut wrong = Vec::new();
    for case in &golden.cases {
        let config = golden.configs.iter().find(|config| config.name == case.config).unwrap();
        let config = PreprocessConfig::from_json(&config.preprocessor_config.to_string()).unwrap();
        let picture = pictures
            .entry(&case.picture)
            .or_insert_with(|| decode(golden::bytes(&format!("preprocess/pictures/{}.png", case.picture))));
        let (rgb, width, height) = resize_and_crop(picture, &config).unwrap();
        let view = expected.tensor(&case.pixels).unwrap();
        assert_eq!(view.shape(), [height as usize, width as usize, 3], "{}", case.pixels);
        let difference = rgb.iter().zip(view.data()).map(|(a, b)| a.abs_diff(*b)).max().unwrap();
        if difference > 1 {
            wrong.push(format!("{}: {difference}/255", case.pixels));
        }
        if let Some(name) = &case.floats {
            let pixels = semblance::preprocess::preprocess(picture, &config, width as usize).unwrap();
            let difference = golden::max_difference(&pixels.rows(), &golden::rows(&expected, name));
            // One step of 255, over the smallest deviation of a channel.
            if difference > 1.0 / 255.0 / 0.26 + 1e-5 {
                wrong.push(format!("{name}: {difference}"));
            }
        }
    }
    golden::none_wrong(wrong);
    assert!(pictures.len() >= 12);
}
