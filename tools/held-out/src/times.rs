//! What teaching and classifying takes, natively and for information: a browser takes longer.

use std::fmt::Write;
use std::time::{Duration, Instant};

use anyhow::Result;
use semblance_teach::random::Random;
use semblance_teach::report::conclude;
use semblance_teach::teaching::Teaching;
use semblance_teach::{Background, Examples, Method, Words};

const DIM: usize = 512;
const LOGIT_SCALE: f32 = 100.0;
const CLASSES: usize = 10;
const EXAMPLES: usize = 50;
const MANY: usize = 1000;
const TIMES: usize = 5;
const STEPS: usize = 2001;

pub fn report() -> Result<String> {
    let mut text = format!(
        "## What it takes\n\nMedian of {TIMES}, one thread{}, random vectors of {DIM} numbers, words and examples. A browser takes longer.\n\n| what | seconds |\n|---|--:|\n",
        processor().map_or(String::new(), |name| format!(" of an {name}"))
    );
    let mut random = Random(512);
    let labels: Vec<u32> = (0..CLASSES * EXAMPLES).map(|place| (place % CLASSES) as u32).collect();
    let examples = Examples::new(vectors(&mut random, labels.len()), DIM, labels, CLASSES)?;
    let words = Words::new(vectors(&mut random, CLASSES), DIM, CLASSES, LOGIT_SCALE)?;
    for (what, method) in [
        ("linear-probe with its setting chosen by cross-validation", Some(Method::LinearProbe)),
        ("every method tried, one chosen, judged and calibrated", None),
    ] {
        let time = median(|| {
            let teaching = Teaching::new(examples.clone(), Some(words.clone()), method, &[])?;
            let taught = teaching.finish(method)?;
            match method {
                Some(_) => drop(taught.setting.fit(&taught.examples, taught.words.as_ref())?),
                None => {
                    drop(conclude(&taught, Background::default(), names(CLASSES), Vec::new(), String::new())?)
                }
            }
            Ok(())
        })?;
        writeln!(text, "| {CLASSES} classes of {EXAMPLES} examples: {what} | {:.2} |", time.as_secs_f64())?;
    }
    let words = Words::new(vectors(&mut random, MANY), DIM, MANY, LOGIT_SCALE)?;
    let nothing = Examples::new(Vec::new(), DIM, Vec::new(), MANY)?;
    let taught =
        Teaching::new(nothing, Some(words), Some(Method::ZeroShot), &[])?.finish(Some(Method::ZeroShot))?;
    let (classifier, _) = conclude(&taught, Background::default(), names(MANY), Vec::new(), String::new())?;
    let pictures = vectors(&mut random, MANY);
    let time = median(|| classifier.classify(pictures.clone()).map(drop).map_err(Into::into))?;
    writeln!(text, "| {MANY} pictures classified by {MANY} classes | {:.3} |", time.as_secs_f64())?;
    Ok(text)
}

fn vectors(random: &mut Random, count: usize) -> Vec<f32> {
    let middle = (STEPS / 2) as f32;
    (0..count * DIM).map(|_| (random.below(STEPS) as f32 - middle) / middle).collect()
}

fn names(count: usize) -> Vec<String> {
    (0..count).map(|class| class.to_string()).collect()
}

fn median(mut work: impl FnMut() -> Result<()>) -> Result<Duration> {
    let mut times = Vec::new();
    for _ in 0..TIMES {
        let start = Instant::now();
        work()?;
        times.push(start.elapsed());
    }
    times.sort_unstable();
    Ok(times[TIMES / 2])
}

/// As Linux names it; a time says little without.
fn processor() -> Option<String> {
    let text = std::fs::read_to_string("/proc/cpuinfo").ok()?;
    let line = text.lines().find(|line| line.starts_with("model name"))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}
