//! A BLIP of the published base size, of random weights, against Hugging Face: `tests/tools/make_blip.py --full
//! FOLDER` makes it, and
//!
//!     SEMBLANCE_BLIP_FULL=FOLDER cargo test --release --test blip_full -- --ignored --nocapture
//!
//! compares, and says what it takes.

// A test that cannot read its golden has failed.
#![allow(clippy::unwrap_used)]
#![cfg(not(target_arch = "wasm32"))]

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use peak_alloc::PeakAlloc;
use safetensors::SafeTensors;
use semblance::captioner::{CaptionOptions, Captioner, CaptionerLoader, Teller, memory};
use semblance::model::generator::Next;
use semblance::{Compute, Picture, bundle};

#[global_allocator]
static ALLOCATED: PeakAlloc = PeakAlloc;

const VARIABLE: &str = "SEMBLANCE_BLIP_FULL";

fn folder() -> PathBuf {
    let folder = std::env::var_os(VARIABLE).unwrap_or_else(|| panic!("{VARIABLE} names no folder"));
    let folder = PathBuf::from(folder);
    for file in ["config.json", "model.safetensors", "golden.json", "golden.safetensors"] {
        assert!(
            folder.join(file).is_file(),
            "{VARIABLE}: {} has no {file}; tests/tools/make_blip.py --full makes it",
            folder.display()
        );
    }
    folder
}

/// As the browser does, a megabyte at a time.
fn load(folder: &Path, compute: Compute) -> Captioner {
    let mut loader = CaptionerLoader::new(compute);
    loader.files(&bundle::text_files(folder).unwrap()).unwrap();
    for path in bundle::weight_files(folder).unwrap().concat() {
        let mut file = fs::File::open(path).unwrap();
        let mut chunk = vec![0; 1 << 20];
        loop {
            let read = std::io::Read::read(&mut file, &mut chunk).unwrap();
            if read == 0 {
                break;
            }
            loader.push(&chunk[..read]).unwrap();
        }
    }
    loader.finish().unwrap()
}

fn picture(folder: &Path, name: &str) -> Picture {
    Picture::open(folder.join(format!("{name}.png"))).unwrap()
}

#[test]
#[ignore = "needs SEMBLANCE_BLIP_FULL"]
fn a_full_size_model_computes_what_hf_does() {
    let folder = folder();
    let golden: serde_json::Value =
        serde_json::from_slice(&fs::read(folder.join("golden.json")).unwrap()).unwrap();
    let bytes = fs::read(folder.join("golden.safetensors")).unwrap();
    let tensors = SafeTensors::deserialize(&bytes).unwrap();
    let numbers = |name: &str| -> Vec<f32> {
        let data = tensors.tensor(name).unwrap_or_else(|e| panic!("{name}: {e}")).data();
        data.as_chunks::<4>().0.iter().map(|four| f32::from_le_bytes(*four)).collect()
    };
    let config = fs::read_to_string(folder.join("config.json")).unwrap();
    let mut first = Vec::new();
    for compute in [Compute::F32, Compute::Int8] {
        ALLOCATED.reset_peak_usage();
        let (before, begun) = (ALLOCATED.current_usage(), Instant::now());
        let captioner = load(&folder, compute);
        println!("{compute:?}: loaded in {:.1?}", begun.elapsed());
        for (at, prompt) in golden["asked"].as_array().unwrap().iter().enumerate() {
            for name in ["waves-384", "board-384"] {
                let theirs = &golden["cases"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .filter(|case| case["picture"] == name && case["text"] == *prompt);
                let pixels = captioner.preprocess(&picture(&folder, name)).unwrap();
                let begun = Instant::now();
                let image = captioner.generator().see(&pixels).unwrap();
                let seen = begun.elapsed();
                let mut state = captioner.generator().look(&image, None).unwrap();
                let looked = begun.elapsed() - seen;
                let begun = Instant::now();
                let ids: Vec<u32> = theirs.clone().next().unwrap()["sequences"][0]["ids"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|id| id.as_u64().unwrap() as u32)
                    .collect();
                let mut place = None;
                let logits: Vec<f32> = ids[..3.min(ids.len())]
                    .iter()
                    .flat_map(|id| {
                        let next = Next { after: place, tokens: std::slice::from_ref(id) };
                        let reading = captioner.generator().read(&mut state, &[next]).unwrap().remove(0);
                        place = Some(reading.place);
                        reading.logits
                    })
                    .collect();
                println!(
                    "{name}: seen in {seen:.1?}, looked at in {looked:.1?}, 3 tokens in {:.1?}",
                    begun.elapsed()
                );
                let expected = numbers(&format!("{name}.{at}.logits"));
                if compute == Compute::F32 {
                    let image_off = difference(&image.rows().concat(), &numbers(&format!("{name}.image")));
                    let off = difference(&logits, &expected);
                    println!("{name}: image differs by {image_off:e}, logits by {off:e}");
                    assert!(image_off < 1e-3 && off < 1e-3);
                    for case in theirs.clone() {
                        let options = CaptionOptions {
                            prompt: prompt.as_str().unwrap_or_default().to_owned(),
                            beams: case["beams"].as_u64().unwrap() as usize,
                            ..CaptionOptions::default()
                        };
                        let begun = Instant::now();
                        let found = captioner.caption(&picture(&folder, name), &options, |_| ()).unwrap();
                        println!("{} beams in {:.1?}: {}", options.beams, begun.elapsed(), found.text);
                        assert_eq!(serde_json::json!(found.tokens), case["sequences"][0]["ids"]);
                    }
                } else {
                    let width = captioner.facts().vocabulary;
                    let correlation = correlation(&logits[..width], &expected[..width]);
                    println!("{name}: first logits correlate by {correlation}");
                    first.push(correlation);
                }
            }
        }
        let (peak, announced) = ((ALLOCATED.peak_usage() - before) as u64, memory(&config, compute).unwrap());
        println!("{compute:?}: peak {peak} bytes, announced {announced}");
        assert!(peak <= announced && announced < 2 * peak, "{peak} bytes, announced {announced}");
    }
    assert!(first.iter().all(|correlation| *correlation > 0.99), "{first:?}");
}

fn difference(a: &[f32], b: &[f32]) -> f32 {
    assert!(a.len() <= b.len() && !a.is_empty());
    a.iter().zip(b).map(|(x, y)| (x - y).abs()).fold(0.0, f32::max)
}

/// Pearson's.
fn correlation(a: &[f32], b: &[f32]) -> f64 {
    let mean = |x: &[f32]| x.iter().map(|x| f64::from(*x)).sum::<f64>() / x.len() as f64;
    let (centre_a, centre_b) = (mean(a), mean(b));
    let sum = |f: &dyn Fn(f64, f64) -> f64| {
        a.iter().zip(b).map(|(x, y)| f(f64::from(*x) - centre_a, f64::from(*y) - centre_b)).sum::<f64>()
    };
    sum(&|x, y| x * y) / (sum(&|x, _| x * x) * sum(&|_, y| y * y)).sqrt()
}
