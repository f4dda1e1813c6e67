//! Formats that the site reads or turns itself, by the modules that the site serves (pixel by pixel for all formats:
//! `tests/formats.rs`).

use std::fs;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::{Page, holds, repository_file};

const FOLDER: &str = "tests/pictures/formats";

pub(crate) fn pixels(page: &Page) -> Result<()> {
    let expected: Value =
        serde_json::from_slice(&fs::read(repository_file(&format!("{FOLDER}/expected.json"))?)?)?;
    let rows = expected["files"].as_array().context("expected.json lists files")?;
    let name = |row: &Value| row["file"].as_str().unwrap_or_default().to_owned();
    let ours: Vec<&Value> = rows
        .iter()
        .filter(|row| name(row).ends_with(".tif") || name(row).starts_with("orientation"))
        .collect();
    holds("there are such files", ours.len() > 50)?;
    let files = ours.iter().map(|row| Ok(fs::read(repository_file(&format!("{FOLDER}/{}", name(row)))?)?));
    let found = page.browser.run(
        r#"return (async () => {
          const { Semblance } = await import(new URL("semblance.js", location.href).href);
          const clip = await Semblance.load();
          const all = [];
          for (const bytes of arguments[0]) {
            const file = new Blob([Uint8Array.from(bytes)]);
            try {
              const { bitmap, width, height } = await Semblance.thumbnail(file, { size: 4096 });
              const context = new OffscreenCanvas(width, height).getContext("2d");
              context.drawImage(bitmap, 0, 0);
              await clip.embedImages([file]);
              all.push({ width, height, rgba: [...context.getImageData(0, 0, width, height).data] });
            } catch ({ name, message }) {
              all.push({ error: `${name}: ${message}` });
            }
          }
          clip.free();
          return all;
        })();"#,
        json!([files.collect::<Result<Vec<Vec<u8>>>>()?]),
    )?;
    let found = found.as_array().context("an answer a file")?;
    let wrong: Vec<String> = ours
        .iter()
        .zip(found)
        .filter_map(|(row, found)| Some(format!("{}: {}", name(row), wrong(row, &expected, found)?)))
        .collect();
    holds(&format!("every one is right ({wrong:#?})"), wrong.is_empty())
}

/// What is wrong with a picture's pixels, if anything.
fn wrong(row: &Value, expected: &Value, found: &Value) -> Option<String> {
    let refused = row["refused"]
        .as_array()
        .is_some_and(|places| places.contains(&json!("browser")) || places.contains(&json!("native")));
    if let Some(error) = found["error"].as_str() {
        return (!refused || !error.starts_with("PictureError: ")).then(|| error.to_owned());
    }
    let pixels = &expected["pixels"][row["pixels"].as_str()?];
    let size = |of: &Value| (of["width"].as_u64(), of["height"].as_u64());
    if refused || size(found) != size(pixels) {
        return Some(format!("{:?}, refused: {refused}", size(found)));
    }
    let hex = pixels["rgba"].as_str()?;
    let theirs =
        (0..hex.len()).step_by(2).map(|i| u8::from_str_radix(&hex[i..i + 2], 16).unwrap_or_default());
    let theirs: Vec<i64> = theirs.map(i64::from).collect();
    let ours: Vec<i64> = found["rgba"].as_array()?.iter().filter_map(Value::as_i64).collect();
    // Canvases multiply colours by their alpha and back, here twice: what is nearly clear has hardly a colour.
    let off = ours.chunks(4).zip(theirs.chunks(4)).map(|(ours, theirs)| {
        (0..3)
            .map(|i| (ours[i] - theirs[i]).abs() * theirs[3] / 255)
            .max()
            .unwrap_or_default()
            .max((ours[3] - theirs[3]).abs())
    });
    let worst = off.max()?;
    let allowed =
        row["tolerance"].as_i64()? + if theirs.chunks(4).any(|pixel| pixel[3] < 255) { 2 } else { 0 };
    (worst > allowed).then(|| format!("off by {worst}"))
}
