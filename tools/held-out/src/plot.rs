//! Accuracy against examples a class as a picture: two panels, with and without words, a line for each method with bars of one
//! standard deviation. Colours follow the reader's light or dark; shapes tell the lines apart without them.

use std::fmt::Write;

use anyhow::Result;
use semblance_teach::Method;

use crate::runs::{Runs, methods, name};
use crate::spread::Spread;
use crate::task::{SEEDS, SHOTS, Wording};

const WIDTH: f64 = 900.0;
const HEIGHT: f64 = 470.0;
const TOP: f64 = 52.0;
const PANEL_WIDTH: f64 = 375.0;
const PANEL_HEIGHT: f64 = 300.0;
const LEFTS: [f64; 2] = [62.0, 497.0];
/// From one line's points to the next one's, so that their bars don't cover each other; little, as a line that rises seems higher
/// when it stands further left.
const ASIDE: f64 = 4.0;

const STYLE: &str = "
    .paper { fill: #ffffff } text { fill: #1b1d1f; font: 13px system-ui, sans-serif } .title { font-weight: 650; font-size: 15px }
    .soft { fill: #5b5e62 } .grid { stroke: #e2dfd8 } .line, .bar { fill: none } .line { stroke-width: 2 }
    .words { stroke-dasharray: 6 4 }
    .m0 { stroke: #0b6b66; color: #0b6b66 } .m1 { stroke: #5b5e62; color: #5b5e62 } .m2 { stroke: #a8501a; color: #a8501a }
    .m3 { stroke: #6a4fb3; color: #6a4fb3 } .m4 { stroke: #1f6fb5; color: #1f6fb5 } .m5 { stroke: #a8326e; color: #a8326e }
    .mark { fill: currentColor }
    @media (prefers-color-scheme: dark) {
      .paper { fill: #1c1d1f } text { fill: #ededeb } .soft { fill: #a7aaae } .grid { stroke: #3c4044 }
      .m0 { stroke: #63d2c8; color: #63d2c8 } .m1 { stroke: #a7aaae; color: #a7aaae } .m2 { stroke: #f0a070; color: #f0a070 }
      .m3 { stroke: #b9a5f2; color: #b9a5f2 } .m4 { stroke: #7db8ee; color: #7db8ee } .m5 { stroke: #f08dbb; color: #f08dbb }
    }
  ";

/// A method's line: its place among all methods, and accuracy by [`SHOTS`].
struct Line {
    method: usize,
    points: [Spread; SHOTS.len()],
}

pub fn svg(runs: &Runs) -> Result<String> {
    let all = methods(Wording::Right);
    let panel = |wording: Wording| -> Vec<Line> {
        let own = methods(wording);
        let lines = all.iter().enumerate().filter(|(_, method)| own.contains(method));
        let points = |method| SHOTS.map(|shots| runs.accuracy(wording, method, shots));
        lines.map(|(place, &method)| Line { method: place, points: points(method) }).collect()
    };
    draw(
        &all,
        &[("With the classes’ words", panel(Wording::Right)), ("Without words", panel(Wording::Absent))],
    )
}

fn draw(all: &[Option<Method>], panels: &[(&str, Vec<Line>); 2]) -> Result<String> {
    let ends = panels.iter().flat_map(|(_, lines)| lines).flat_map(|line| &line.points);
    let lowest = ends.clone().map(|one| one.mean - one.deviation).fold(1.0, f64::min);
    let highest = ends.map(|one| one.mean + one.deviation).fold(0.0, f64::max);
    let scale = Scale {
        low: ((10.0 * lowest).floor() / 10.0).max(0.0),
        high: ((10.0 * highest).ceil() / 10.0).min(1.0),
    };
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-labelledby=\"title desc\">\n  <title id=\"title\">Accuracy by examples a class</title>\n  <desc id=\"desc\">Two panels, with and without the classes’ words; the numbers are those of the tables beside it. Mean of {SEEDS} tasks, bars of one standard deviation.</desc>\n  <style>{STYLE}</style>\n  <rect class=\"paper\" width=\"{WIDTH}\" height=\"{HEIGHT}\" rx=\"8\"/>\n"
    );
    for ((title, lines), left) in panels.iter().zip(LEFTS) {
        axes(&mut svg, title, left, &scale)?;
        for line in lines {
            curve(&mut svg, line, all, left, &scale)?;
        }
    }
    legend(&mut svg, all)?;
    svg.push_str("</svg>\n");
    Ok(svg)
}

/// Shares from the bottom of a panel to its top.
struct Scale {
    low: f64,
    high: f64,
}

impl Scale {
    fn y(&self, share: f64) -> f64 {
        TOP + PANEL_HEIGHT * (self.high - share) / (self.high - self.low)
    }
}

/// The logarithm's axis: each number of examples is twice the one before it.
fn x(left: f64, place: usize) -> f64 {
    left + PANEL_WIDTH * (place as f64 + 0.5) / SHOTS.len() as f64
}

fn axes(svg: &mut String, title: &str, left: f64, scale: &Scale) -> Result<()> {
    let (right, bottom) = (left + PANEL_WIDTH, TOP + PANEL_HEIGHT);
    writeln!(svg, "  <text class=\"title\" x=\"{left}\" y=\"30\">{title}</text>")?;
    let steps = (10.0 * (scale.high - scale.low)).round() as usize;
    for step in 0..=steps {
        let share = scale.low + step as f64 / 10.0;
        let y = scale.y(share);
        writeln!(svg, "  <line class=\"grid\" x1=\"{left}\" x2=\"{right}\" y1=\"{y:.1}\" y2=\"{y:.1}\"/>")?;
        writeln!(
            svg,
            "  <text class=\"soft\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{:.0} %</text>",
            left - 8.0,
            y + 4.5,
            100.0 * share
        )?;
    }
    for (place, shots) in SHOTS.iter().enumerate() {
        let x = x(left, place);
        writeln!(
            svg,
            "  <text class=\"soft\" x=\"{x:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{shots}</text>",
            bottom + 20.0
        )?;
    }
    writeln!(
        svg,
        "  <text class=\"soft\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">examples a class</text>",
        left + PANEL_WIDTH / 2.0,
        bottom + 40.0
    )?;
    Ok(())
}

fn curve(svg: &mut String, line: &Line, all: &[Option<Method>], left: f64, scale: &Scale) -> Result<()> {
    let aside = ASIDE * (line.method as f64 - (all.len() - 1) as f64 / 2.0);
    let places: Vec<(f64, f64)> =
        (0..).zip(&line.points).map(|(place, one)| (x(left, place) + aside, scale.y(one.mean))).collect();
    let way: Vec<String> = places.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
    writeln!(svg, "  <g class=\"m{}\">", line.method)?;
    writeln!(svg, "    <polyline class=\"{}\" points=\"{}\"/>", kind(all[line.method]), way.join(" "))?;
    for ((x, y), one) in places.into_iter().zip(&line.points) {
        let (from, to) = (scale.y(one.mean + one.deviation), scale.y(one.mean - one.deviation));
        writeln!(
            svg,
            "    <path class=\"bar\" d=\"M{x:.1} {from:.1}V{to:.1}M{:.1} {from:.1}h4M{:.1} {to:.1}h4\"/>",
            x - 2.0,
            x - 2.0
        )?;
        writeln!(svg, "    {}", mark(line.method, x, y))?;
    }
    svg.push_str("  </g>\n");
    Ok(())
}

fn kind(method: Option<Method>) -> &'static str {
    if method == Some(Method::ZeroShot) { "line words" } else { "line" }
}

/// Of each method a shape of its own.
fn mark(method: usize, x: f64, y: f64) -> String {
    let path = match method {
        0 => return format!("<circle class=\"mark\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4.5\"/>"),
        1 => "m-4 0h8",
        2 => "m-3.5 -3.5h7v7h-7z",
        3 => "m0 -4.5l4.5 8h-9z",
        4 => "m0 -5l5 5l-5 5l-5 -5z",
        _ => "m0 4.5l4.5 -8h-9z",
    };
    format!("<path class=\"mark\" d=\"M{x:.1} {y:.1}{path}\"/>")
}

fn legend(svg: &mut String, all: &[Option<Method>]) -> Result<()> {
    for (place, &method) in all.iter().enumerate() {
        let (x, y) = (LEFTS[0] + 280.0 * (place % 3) as f64, 425.0 + 24.0 * (place / 3) as f64);
        writeln!(svg, "  <g class=\"m{place}\">")?;
        writeln!(
            svg,
            "    <path class=\"{}\" d=\"M{x} {y}h32\"/>{}",
            kind(method),
            mark(place, x + 16.0, y)
        )?;
        svg.push_str("  </g>\n");
        writeln!(svg, "  <text x=\"{}\" y=\"{}\">{}</text>", x + 40.0, y + 4.5, name(method))?;
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn points_lie_where_the_axes_say() {
        let points = |mean| [Spread { mean, deviation: 0.05 }; SHOTS.len()];
        let line = |mean| vec![Line { method: 0, points: points(mean) }];
        let svg = draw(&[None], &[("one", line(0.75)), ("two", line(0.55))]).unwrap();
        // 50 % to 80 %: 300 units, so that 75 % is 50 below the top.
        assert!(svg.contains(">50 %<") && svg.contains(">80 %<") && !svg.contains(">90 %<"), "{svg}");
        assert_eq!(svg.matches(&format!("cy=\"{:.1}\"", TOP + 50.0)).count(), SHOTS.len());
        // One deviation up is 80 %, one down 70 %.
        assert_eq!(svg.matches(&format!("{:.1}V{:.1}M", TOP, TOP + 100.0)).count(), SHOTS.len());
        assert_eq!(svg.matches("<g ").count(), svg.matches("</g>").count());
    }
}
