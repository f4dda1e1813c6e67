//! The table: `table.csv` for programs, `table.md` for people.

use std::fmt::Write;

use anyhow::Result;
use semblance::measure::{Evaluation, Interval, Ranked};

pub const CSV: &str = "table.csv";
pub const MARKDOWN: &str = "table.md";

/// One system.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    pub name: String,
    pub about: String,
    pub evaluation: Evaluation,
    pub ranked: Ranked,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    pub rows: Vec<Row>,
    pub pictures: usize,
    /// Pictures that some model could not read.
    pub left_out: usize,
    pub classes: usize,
}

/// Shares from 0 to 1; empty where there is none.
const COLUMNS: [&str; 17] = [
    "system",
    "about",
    "pictures",
    "top1",
    "top1_low",
    "top1_high",
    "top5",
    "map",
    "map_low",
    "map_high",
    "balanced_accuracy",
    "ece",
    "difference",
    "difference_low",
    "difference_high",
    "mcnemar_p",
    "holm_p",
];

impl Table {
    /// Errors: it is no text.
    pub fn csv(&self) -> Result<String> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(COLUMNS)?;
        let number = |number: f64| format!("{number:.6}");
        let p = |p: Option<f64>| p.map_or(String::new(), |p| format!("{p:.6e}"));
        for Row { name, about, evaluation, ranked } in &self.rows {
            let Interval { low, high } = ranked.wilson;
            let mut row = vec![name.clone(), about.clone(), evaluation.pictures.to_string()];
            row.extend([evaluation.top1.share, low, high, evaluation.top5.share].map(number));
            row.extend(match evaluation.mean_average_precision {
                Some(map) => [map.value, map.interval.low, map.interval.high].map(number),
                None => Default::default(),
            });
            row.extend([evaluation.balanced_accuracy, evaluation.reliability.ece].map(number));
            row.extend(match ranked.comparison {
                Some(one) => [one.difference, one.interval.low, one.interval.high].map(number),
                None => Default::default(),
            });
            row.extend([p(ranked.comparison.map(|one| one.mcnemar.p)), p(ranked.holm)]);
            writer.write_record(row)?;
        }
        Ok(String::from_utf8(writer.into_inner()?)?)
    }

    /// In percent, with what the systems are and how the numbers were made.
    pub fn markdown(&self) -> String {
        let mut text = String::from(
            "| system | top-1 | top-5 | mAP | balanced accuracy | ECE | less than the best by | p |\n|---|---|---|---|---|---|---|---|\n",
        );
        for Row { name, evaluation, ranked, .. } in &self.rows {
            let map = evaluation
                .mean_average_precision
                .map_or("–".into(), |map| between(map.value, map.interval));
            let difference = ranked.comparison.map_or("the best".into(), |one| {
                let Interval { low, high } = one.interval;
                between(-one.difference, Interval { low: -high, high: -low })
            });
            let _ = writeln!(
                text,
                "| {name} | {} | {} | {map} | {} | {} | {difference} | {} |",
                between(evaluation.top1.share, ranked.wilson),
                percent(evaluation.top5.share),
                percent(evaluation.balanced_accuracy),
                percent(evaluation.reliability.ece),
                ranked.holm.map_or("–".into(), p_value)
            );
        }
        text.push('\n');
        for Row { name, about, .. } in &self.rows {
            let _ = writeln!(text, "- {name}: {about}");
        }
        let _ = write!(text, "\n{} pictures of {} classes", self.pictures, self.classes);
        if self.left_out > 0 {
            let _ = write!(text, "; {} more could not be read and are left out (failed.csv)", self.left_out);
        }
        text.push_str(
            ". All numbers but p in percent, in brackets 95 % intervals: Wilson's of top-1, the basic bootstrap over pictures of mAP, Newcombe's of the difference. p: McNemar's, adjusted by Holm over all comparisons.",
        );
        if let Some(k) = self.rows.first().map(|row| row.evaluation.top5.k).filter(|&k| k < 5) {
            let _ = write!(text, " There are {k} classes, so top-5 is all of them.");
        }
        text + "\n"
    }
}

fn percent(share: f64) -> String {
    // −0.0 would keep its sign.
    format!("{:.1}", 100.0 * share + 0.0)
}

fn between(value: f64, Interval { low, high }: Interval) -> String {
    format!("{} ({} to {})", percent(value), percent(low), percent(high))
}

fn p_value(p: f64) -> String {
    if p < 0.001 { "< 0.001".into() } else { format!("{p:.3}") }
}
