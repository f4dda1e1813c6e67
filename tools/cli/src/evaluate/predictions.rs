//! `predictions-NAME.csv`: what a system said of each picture.
//!
//! | column | what |
//! |---|---|
//! | `path`, `class` | the picture, and its class |
//! | `answer`, `probability` | the most probable class, and its probability |
//! | `rank` | at which place its class stands; 1 where the answer is right |
//! | `top1` … `top5` | the most probable classes, as many as there are |

use std::path::Path;

use anyhow::Result;
use semblance::measure::Pictures;

use super::collection::Labelled;
use crate::written;

/// How the files' names begin.
pub const PREFIX: &str = "predictions-";

/// Errors: it cannot be written.
pub fn write(
    out: &Path,
    name: &str,
    pictures: &[&Labelled],
    classes: &[String],
    said: &Pictures,
) -> Result<()> {
    let class = |at: u32| classes[at as usize].as_str();
    let mut writer = csv::Writer::from_writer(Vec::new());
    let mut header: Vec<String> =
        ["path", "class", "answer", "probability", "rank"].map(str::to_owned).into();
    header.extend((1..=said.top_of).map(|place| format!("top{place}")));
    writer.write_record(header)?;
    let rows = said.answers.iter().zip(&said.probabilities).zip(&said.ranks);
    let rows = rows.zip(said.top.chunks(said.top_of)).zip(pictures);
    for ((((&answer, probability), rank), top), one) in rows {
        let (probability, rank) = (format!("{probability:.6}"), (rank + 1).to_string());
        let first = [one.path.as_str(), class(one.class), class(answer), &probability, &rank];
        writer.write_record(first.into_iter().chain(top.iter().map(|&at| class(at))))?;
    }
    written::whole(&out.join(format!("{PREFIX}{name}.csv")), &writer.into_inner()?)
}
