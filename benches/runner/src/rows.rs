//! The rows of the comparison with other libraries, and what the project has set itself for each.

use std::collections::BTreeMap;

use crate::table::{Table, digits};

pub(super) const ORT: &str = "ort";
pub(super) const TRANSFORMERS: &str = "transformers";
pub(super) const LITERT: &str = "litert";
/// Our build for every browser; the fastest one with so many threads is [`ours`].
pub(super) const SIMD: &str = "semblance-simd";

/// The engine that the library itself would choose.
pub(super) fn ours(threads: usize) -> &'static str {
    if threads == 1 { "semblance-relaxed" } else { "semblance-threads" }
}

/// An earlier version of that.
pub(super) fn before(threads: usize) -> &'static str {
    if threads == 1 { "before-relaxed" } else { "before-threads" }
}
const SIMD_BEFORE: &str = "before-simd";

/// By row and engine: milliseconds or megabytes.
#[derive(Default)]
pub(super) struct Figures(BTreeMap<(String, String), f64>);

impl Figures {
    pub(super) fn set(&mut self, row: &str, engine: &str, figure: f64) {
        self.0.insert((row.to_owned(), engine.to_owned()), figure);
    }

    fn get(&self, row: &str, engine: &str) -> Option<f64> {
        self.0.get(&(row.to_owned(), engine.to_owned())).copied()
    }
}

/// What we are compared by.
#[derive(Clone, Copy)]
enum Aim {
    /// So many times as fast, at least.
    Faster(f64),
    /// So many times the size, at most.
    Smaller(f64),
}

/// The aims with one thread, or with two: against the better of onnxruntime-web and transformers.js, and LiteRT.js.
type Aims = (Option<Aim>, Option<Aim>);

struct Row {
    name: &'static str,
    key: &'static str,
    /// Done at once.
    count: f64,
    /// In our plain build.
    plain: bool,
    /// A row without aims says by it how its ratio is meant.
    without: Aim,
    one: Aims,
    two: Aims,
}

const fn time(name: &'static str, key: &'static str, one: Aims, two: Aims) -> Row {
    Row { name, key, count: 1.0, plain: false, without: Aim::Faster(1.0), one, two }
}

const fn size(name: &'static str, key: &'static str, aims: Aims) -> Row {
    Row { name, key, count: 1.0, plain: false, without: Aim::Smaller(1.0), one: aims, two: aims }
}

const fn faster(than_runtime: f64, than_litert: f64) -> Aims {
    (Some(Aim::Faster(than_runtime)), Some(Aim::Faster(than_litert)))
}

const fn faster_than_runtime(times: f64) -> Aims {
    (Some(Aim::Faster(times)), None)
}

const NONE: Aims = (None, None);

const ROWS: &[Row] = &[
    time("image, batch 1", "image1", faster(2.4, 1.5), faster(2.2, 1.5)),
    Row { count: 8.0, ..time("image, batch 8, each", "image8", faster(2.4, 1.6), faster(2.3, 1.5)) },
    time("JPEG 1024 × 768 → embedding", "jpeg", faster_than_runtime(2.2), faster_than_runtime(2.0)),
    time("5 labels", "labels5", faster(3.0, 1.8), faster_than_runtime(2.5)),
    time("80 labels", "labels80", faster(2.8, 1.9), faster_than_runtime(2.5)),
    time("80 captions", "captions80", NONE, NONE),
    Row {
        plain: true,
        ..time("plain SIMD128 build: image, batch 1", "image1", faster_than_runtime(1.2), NONE)
    },
    Row { plain: true, ..time("plain SIMD128 build: 80 labels", "labels80", NONE, NONE) },
    time("load → image tower ready", "load image", NONE, NONE),
    time("load → both towers ready", "load both", NONE, NONE),
    time("first image", "first image", NONE, NONE),
    time("first 5 labels", "first labels", NONE, NONE),
    size("renderer memory, image tower, MB", "memory", (Some(Aim::Smaller(0.45)), None)),
    size("the same beyond an empty page's, MB", "memory beyond", NONE),
    size("the most there was while loading, MB", "most memory", NONE),
    size("engine download, gzip, MB", "engine", NONE),
    size("model download, both towers, MB", "model", NONE),
];

/// Every row that there are figures for, with so many threads.
pub(super) fn table(figures: &Figures, threads: usize) -> Table {
    let mut table = Table::new([
        "work (ms where nothing else is said)",
        "onnxruntime-web",
        "transformers.js",
        "LiteRT.js",
        "Semblance before",
        "Semblance",
        "against the better of the first two",
        "aim",
        "against LiteRT.js",
        "aim",
    ]);
    for row in ROWS {
        let get = |engine| figures.get(row.key, engine).map(|figure| figure / row.count);
        let Some(ours) = get(if row.plain { SIMD } else { ours(threads) }) else { continue };
        let [ort, transformers, litert] = [ORT, TRANSFORMERS, LITERT].map(get);
        let before = get(if row.plain { SIMD_BEFORE } else { before(threads) });
        let runtime = [ort, transformers].into_iter().flatten().reduce(f64::min);
        let (than_runtime, than_litert) = match threads {
            1 => row.one,
            2 => row.two,
            _ => NONE,
        };
        let cell = |figure: Option<f64>| figure.map(digits).unwrap_or_default();
        let [a, b] = compare(runtime, ours, than_runtime, row.without);
        let [c, d] = compare(litert, ours, than_litert, row.without);
        table.row([
            row.name.to_owned(),
            cell(ort),
            cell(transformers),
            cell(litert),
            cell(before),
            digits(ours),
            a,
            b,
            c,
            d,
        ]);
    }
    table
}

/// The ratio, and the aim with whether it is met.
fn compare(theirs: Option<f64>, ours: f64, aim: Option<Aim>, without: Aim) -> [String; 2] {
    let Some(theirs) = theirs else { return Default::default() };
    let (ratio, aimed) = match aim.unwrap_or(without) {
        Aim::Faster(least) => (theirs / ours, format!("≥ {least} × {}", mark(theirs / ours >= least))),
        Aim::Smaller(most) => (ours / theirs, format!("≤ {most} × {}", mark(ours / theirs <= most))),
    };
    [format!("{} ×", digits(ratio)), aim.map(|_| aimed).unwrap_or_default()]
}

fn mark(met: bool) -> &'static str {
    if met { "✓" } else { "✗" }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(table: &str, name: &str) -> Vec<String> {
        let line = table.lines().find(|line| line.contains(name)).unwrap();
        line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect()
    }

    #[test]
    fn ratios_stand_beside_their_aims() {
        let mut figures = Figures::default();
        for (row, engine, figure) in [
            ("image1", ORT, 120.0),
            ("image1", TRANSFORMERS, 130.0),
            ("image1", LITERT, 70.0),
            ("image1", "semblance-relaxed", 48.0),
            ("image1", before(1), 58.0),
            ("image1", SIMD, 110.0),
            ("jpeg", TRANSFORMERS, 133.0),
            ("jpeg", "semblance-relaxed", 50.0),
            ("memory", ORT, 500.0),
            ("memory", "semblance-relaxed", 200.0),
        ] {
            figures.set(row, engine, figure);
        }
        let markdown = table(&figures, 1).markdown();
        let cases = [
            (
                "| image, batch 1",
                [
                    "image, batch 1",
                    "120",
                    "130",
                    "70.0",
                    "58.0",
                    "48.0",
                    "2.50 ×",
                    "≥ 2.4 × ✓",
                    "1.46 ×",
                    "≥ 1.5 × ✗",
                ],
            ),
            (
                "| JPEG",
                ["JPEG 1024 × 768 → embedding", "", "133", "", "", "50.0", "2.66 ×", "≥ 2.2 × ✓", "", ""],
            ),
            (
                "renderer",
                [
                    "renderer memory, image tower, MB",
                    "500",
                    "",
                    "",
                    "",
                    "200",
                    "0.400 ×",
                    "≤ 0.45 × ✓",
                    "",
                    "",
                ],
            ),
            (
                "plain",
                [
                    "plain SIMD128 build: image, batch 1",
                    "120",
                    "130",
                    "70.0",
                    "",
                    "110",
                    "1.09 ×",
                    "≥ 1.2 × ✗",
                    "0.636 ×",
                    "",
                ],
            ),
        ];
        for (name, expected) in cases {
            assert_eq!(line(&markdown, name), expected);
        }
        // Without our own figure there is no row.
        assert!(!markdown.contains("80 labels"));
    }
}
