//! One engine of the native benchmark: `bench-native MODEL int8|f32`. It says `ready NAME GOP/s` (its kernel, and what one thread
//! of it can do), then does what each line of its input says and answers with milliseconds, or a sentence that begins with
//! `error`.
//!
//! ```text
//! images COUNT          vectors of so many pictures that are ready for the tower
//! files PATH PATH …     vectors of picture files (paths have no spaces)
//! profile COUNT         as images, then what each op took; of so many that threads have pictures of their own,
//!                       only with RAYON_NUM_THREADS=1
//! ```

use std::error::Error;
use std::io::{BufRead, Write};
use std::sync::OnceLock;
use std::time::Instant;

use semblance::kernels::{native, profile};
use semblance::model::Towers;
use semblance::{Bundle, Clip, Compute, Picture};

fn now() -> f64 {
    static START: OnceLock<Instant> = OnceLock::new();
    START.get_or_init(Instant::now).elapsed().as_secs_f64() * 1e3
}

fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [model, compute] = words.as_slice() else { return Err("usage: bench-native MODEL int8|f32".into()) };
    let compute = match compute.as_str() {
        "int8" => Compute::Int8,
        "f32" => Compute::F32,
        other => return Err(format!("{other} is neither int8 nor f32").into()),
    };
    native::choose_route(now);
    let clip = Clip::from_bundle(Bundle::open(model)?, Towers::Vision, compute)?;
    let routes = native::routes().ok_or("nothing was measured")?;
    let rate = routes.rates.iter().find(|(name, _)| *name == routes.chosen).map_or(0.0, |(_, rate)| *rate);
    say(&format!("ready {} {rate}", routes.chosen))?;
    for line in std::io::stdin().lock().lines() {
        say(&answer(&clip, &line?).unwrap_or_else(|error| format!("error: {error}")))?;
    }
    Ok(())
}

fn answer(clip: &Clip, line: &str) -> Result<String, Box<dyn Error>> {
    let mut words = line.split(' ');
    match words.next() {
        Some("images") => Ok(images(clip, words.next().unwrap_or("1").parse()?)?.to_string()),
        Some("files") => {
            let files: Vec<&str> = words.collect();
            let start = now();
            let vectors = clip.embed_files(&files)?;
            assert_eq!(vectors.len(), files.len());
            Ok((now() - start).to_string())
        }
        Some("profile") => {
            let count = words.next().unwrap_or("1").parse()?;
            profile::set_clock(now);
            profile::take();
            let mut text = format!("{:.1} ms;", images(clip, count)?);
            for (op, total) in profile::take() {
                let rate = total.operations / total.milliseconds / 1e6;
                text += &format!(" {op}: {:.1} ms ({rate:.0} GOP/s);", total.milliseconds);
            }
            Ok(text)
        }
        _ => Err(format!("{line:?} is nothing that this can do").into()),
    }
}

/// Milliseconds of so many pictures through the image tower, in one call.
fn images(clip: &Clip, count: usize) -> Result<f64, Box<dyn Error>> {
    let side = u32::try_from(clip.config().vision_config.image_size)?;
    let rgba = (0..side * side * 4).map(|i| (i * 7919 % 251) as u8).collect();
    let pixels = clip.preprocess(&Picture::from_rgba(rgba, side, side)?)?;
    let pixels = vec![pixels; count];
    let start = now();
    let vectors = clip.embed_pixels(&pixels)?;
    assert_eq!(vectors.len(), count);
    Ok(now() - start)
}

fn say(line: &str) -> std::io::Result<()> {
    println!("{line}");
    std::io::stdout().flush()
}
