//! Every variant of a picture format decodes to the pixels that went in, the same natively and in the browser
//! (`tests/tools/make_formats.py`).
//!
//! Natively by `Picture::decode`; in a browser (`cargo test --target wasm32-unknown-unknown --test formats`) by the
//! site's own decoder, but for TIFF, whose WebAssembly module the end-to-end tests load: here its crate is called.

// A test that cannot read its golden has failed.
#![allow(clippy::unwrap_used)]

#[cfg(target_arch = "wasm32")]
mod browser;

use include_dir::{Dir, include_dir};
use serde_json::Value;

static FORMATS: Dir = include_dir!("$CARGO_MANIFEST_DIR/tests/pictures/formats");

struct Case {
    name: &'static str,
    file: &'static [u8],
    width: u64,
    height: u64,
    rgba: Vec<u8>,
    tolerance: u8,
    /// There it must be refused with a sentence.
    refused: Vec<String>,
}

fn cases() -> Vec<Case> {
    let expected = FORMATS.get_file("expected.json").unwrap().contents();
    let expected: Value = serde_json::from_slice(expected).unwrap();
    let cases: Vec<Case> =
        expected["files"].as_array().unwrap().iter().map(|row| case(row, &expected)).collect();
    assert_eq!(cases.len() + 1, FORMATS.files().count(), "files of which nothing is expected");
    cases
}

fn case(row: &Value, expected: &Value) -> Case {
    let file = FORMATS.get_file(row["file"].as_str().unwrap()).unwrap();
    let pixels = &expected["pixels"][row["pixels"].as_str().unwrap()];
    let hex = pixels["rgba"].as_str().unwrap();
    Case {
        name: file.path().to_str().unwrap(),
        file: file.contents(),
        width: pixels["width"].as_u64().unwrap(),
        height: pixels["height"].as_u64().unwrap(),
        rgba: (0..hex.len()).step_by(2).map(|i| u8::from_str_radix(&hex[i..i + 2], 16).unwrap()).collect(),
        tolerance: row["tolerance"].as_u64().unwrap().try_into().unwrap(),
        refused: row["refused"]
            .as_array()
            .unwrap()
            .iter()
            .map(|place| place.as_str().unwrap().into())
            .collect(),
    }
}

/// What a decoder made of a file: width, height, RGBA; or its error.
type Decoded = Result<(u64, u64, Vec<u8>), String>;

/// What is wrong with it, if anything.
fn wrong(case: &Case, place: &str, decoded: Decoded) -> Option<String> {
    let name = case.name;
    let refused = case.refused.iter().any(|other| other == place);
    let (width, height, rgba) = match decoded {
        Err(sentence) if refused => {
            let readable = sentence.len() > 20 && sentence.ends_with('.');
            return (!readable).then(|| format!("{name}: “{sentence}” is no sentence"));
        }
        Err(sentence) => return Some(format!("{name}: {sentence}")),
        Ok(_) if refused => return Some(format!("{name}: is read, though it is said to be refused")),
        Ok(decoded) => decoded,
    };
    if (width, height) != (case.width, case.height) {
        return Some(format!("{name}: {width} × {height} instead of {} × {}", case.width, case.height));
    }
    // A canvas multiplies colours by their alpha and back: what is nearly clear has hardly a colour.
    let off = |(ours, theirs): (&[u8], &[u8])| {
        let alpha = u32::from(theirs[3]);
        let colours = (0..3).map(|i| u32::from(ours[i].abs_diff(theirs[i])) * alpha / 255);
        colours.max().unwrap().max(u32::from(ours[3].abs_diff(theirs[3])))
    };
    let worst = rgba.chunks_exact(4).zip(case.rgba.chunks_exact(4)).map(off).max().unwrap();
    // One step for what a canvas loses.
    let allowed =
        u32::from(case.tolerance) + u32::from(case.rgba.chunks_exact(4).any(|pixel| pixel[3] < 255));
    (worst > allowed).then(|| format!("{name}: off by {worst}"))
}

#[cfg(not(target_arch = "wasm32"))]
#[test]
fn every_variant_is_read_natively() {
    let wrong: Vec<String> = cases()
        .iter()
        .filter_map(|case| {
            let decoded = semblance::Picture::decode(case.file).map_err(|error| error.to_string());
            wrong(
                case,
                "native",
                decoded.map(|picture| {
                    let (width, height) = picture.size();
                    (width.into(), height.into(), picture.rgba().to_vec())
                }),
            )
        })
        .collect();
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
}

#[cfg(target_arch = "wasm32")]
mod in_the_browser {
    use super::*;
    use crate::browser::{Decoder, refusal};
    use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

    wasm_bindgen_test_configure!(run_in_dedicated_worker);

    #[wasm_bindgen_test]
    async fn every_variant_is_read_as_natively() {
        let decoder = Decoder::new().await;
        let mut found = Vec::new();
        let cases = cases();
        for case in cases.iter().filter(|case| !case.name.ends_with(".tif")) {
            let decoded = match decoder.decode(case.file).await {
                Ok(picture) => Ok((picture.width.into(), picture.height.into(), picture.data)),
                refused => Err(refusal(refused).1),
            };
            found.extend(wrong(case, "browser", decoded));
        }
        assert!(found.is_empty(), "{}:\n{}", found.len(), found.join("\n"));
    }

    #[wasm_bindgen_test]
    fn tiffs_are_the_same_in_webassembly() {
        let mut found = Vec::new();
        let cases = cases();
        // Which are turned after decoding.
        for case in
            cases.iter().filter(|case| case.name.ends_with(".tif") && !case.name.starts_with("orientation"))
        {
            let decoded = semblance_tiff::decode(case.file.to_vec());
            let decoded = decoded.map(|picture| (picture.width.into(), picture.height.into(), picture.data));
            found.extend(wrong(case, "native", decoded));
        }
        assert!(found.is_empty(), "{}:\n{}", found.len(), found.join("\n"));
    }
}
