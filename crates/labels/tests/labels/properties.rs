//! Of every fix of every set: its finding goes, no other label changes, none is blank or equal to another. And of anything at
//! all: nothing panics, and a thousand labels are checked at once.

use std::collections::HashSet;
use std::time::Instant;

use semblance_labels::{Context, Finding, Fix, Vocabulary, apply, check};

use crate::sets::cases;

fn fold(label: &str) -> String {
    label.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What the model would say of the labels after a fix: of new ones that they are short, and like none.
struct Measured {
    tokens: Option<Vec<usize>>,
    cosines: Option<Vec<f32>>,
}

impl Measured {
    fn after(context: &Context, before: &[String], after: &[String]) -> Self {
        let at: Vec<Option<usize>> =
            after.iter().map(|label| before.iter().position(|one| one == label)).collect();
        let tokens = context.tokens.map(|tokens| at.iter().map(|at| at.map_or(8, |at| tokens[at])).collect());
        let cosine = |cosines: &[f32], one: Option<usize>, other: Option<usize>| match (one, other) {
            (Some(one), Some(other)) => cosines[one * before.len() + other],
            _ => 0.0,
        };
        let cosines = context.cosines.map(|cosines| {
            at.iter().flat_map(|&one| at.iter().map(move |&other| cosine(cosines, one, other))).collect()
        });
        Self { tokens, cosines }
    }
}

/// Why a fix is none.
fn wrong(labels: &[String], context: &Context, finding: &Finding, fix: &Fix) -> Option<String> {
    let after = apply(labels, fix);
    let touched: HashSet<usize> = fix.edits.iter().map(|edit| edit.label).collect();
    let kept: Vec<&String> =
        (0..labels.len()).filter(|at| !touched.contains(at)).map(|at| &labels[at]).collect();
    if !touched.iter().all(|at| finding.labels.contains(at)) {
        return Some("edits a label that the finding is not about".into());
    }
    if kept.iter().any(|label| !after.contains(label)) {
        return Some("changes another label".into());
    }
    let new: Vec<&String> = fix.edits.iter().filter_map(|edit| edit.to.as_ref()).chain(&fix.add).collect();
    if new.iter().any(|label| label.trim().is_empty()) {
        return Some("makes a blank label".into());
    }
    for label in new {
        if after.iter().filter(|other| fold(other) == fold(label)).count() > 1 {
            return Some(format!("makes {label:?} twice"));
        }
    }
    let Measured { tokens, cosines } = Measured::after(context, labels, &after);
    let changed = Context { tokens: tokens.as_deref(), cosines: cosines.as_deref(), ..*context };
    // Where a label was before; new ones come last.
    let dropped = |at: usize| fix.edits.iter().any(|edit| edit.label == at && edit.to.is_none());
    let was: Vec<usize> = (0..labels.len()).filter(|&at| !dropped(at)).collect();
    let about = |at: &usize| was.get(*at).is_none_or(|at| finding.labels.contains(at));
    for left in check(&after, &changed).unwrap() {
        if left.kind == finding.kind && left.labels.iter().all(about) {
            return Some(format!("leaves {left:?}"));
        }
    }
    None
}

fn hold(labels: &[String], context: &Context) -> Vec<String> {
    let mut failed = Vec::new();
    for finding in check(labels, context).unwrap() {
        assert!(!finding.message.is_empty() && !finding.labels.is_empty());
        for fix in &finding.fixes {
            if let Some(why) = wrong(labels, context, &finding, fix) {
                let failure = format!("{:?}: {:?} {why}: {labels:?}", finding.kind, fix.title);
                failed.push(failure.chars().take(600).collect());
            }
        }
    }
    failed
}

#[test]
fn every_fix_makes_its_finding_go() {
    let mut failed = Vec::new();
    let mut fixes = 0;
    for case in cases() {
        let vocabulary = case.vocabulary();
        let context = case.context(vocabulary.as_ref());
        failed.extend(hold(&case.labels, &context));
        let findings = check(&case.labels, &context).unwrap();
        fixes += findings.iter().map(|finding| finding.fixes.len()).sum::<usize>();
    }
    assert!(fixes > 200, "{fixes} fixes");
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

/// SplitMix64 (Steele, Lea and Flood, “Fast Splittable Pseudorandom Number Generators”, 2014).
struct Random(u64);

impl Random {
    fn next(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % below as u64) as usize
    }
}

/// Words that rules look for, and what breaks careless code.
const PIECES: &str = "a an the no not without non- dog Dog dogs poodle cat kitten animal crane bass mouse bird car cars automobile thing \
    other background none of these else something | || ( ) [ ] - -- _ ' ’ \" “ , . ; : & / and or with in on that a photo of Hund Katze chat \
    der une перо 猫 ßß İ ŉ ﬁ é é \u{200d} 👩‍👩‍👧 \u{feff} 0 1e9 x xx xxxxxxxxxxxxxxxxxxxxxxxxxx elefent umbrela bycicle running toy red ing ings \
    s 's es ies men people mice non-dog isn't anything but everything kind type";

fn label(random: &mut Random) -> String {
    let pieces: Vec<&str> = PIECES.split(' ').collect();
    let mut text = String::new();
    let many = if random.next(50) == 0 { 400 } else { 7 };
    for _ in 0..random.next(many) {
        if random.next(8) == 0 {
            text.extend(char::from_u32(random.next(0x11_0000) as u32));
        } else {
            text += pieces[random.next(pieces.len())];
        }
        if random.next(4) > 0 {
            text += [" ", "  ", "\t", "\u{a0}"][random.next(12).saturating_sub(8)];
        }
    }
    text
}

#[test]
fn nothing_panics_whatever_the_labels_are_and_fixes_hold() {
    let mut random = Random(1);
    let vocabulary = Vocabulary::of("pocket").unwrap();
    let templates = ["a photo of a {}", "{}", "", "the {} of a {}", "ein {}", "{} {}"];
    let mut failed = Vec::new();
    for _ in 0..3000 {
        let mut labels: Vec<String> = (0..random.next(7)).map(|_| label(&mut random)).collect();
        if random.next(3) == 0 && !labels.is_empty() {
            labels.push(labels[0].to_uppercase());
        }
        let template = templates[random.next(templates.len())];
        let vocabulary = (random.next(4) == 0).then_some(&vocabulary);
        let context = Context { template, vocabulary, english: random.next(5) > 0, ..Context::default() };
        failed.extend(hold(&labels, &context));
    }
    assert!(failed.is_empty(), "{} fail:\n{}", failed.len(), failed[..failed.len().min(8)].join("\n"));
}

#[test]
fn a_thousand_labels_are_checked_at_once() {
    let mut random = Random(2);
    let mut labels: Vec<String> =
        include_str!("../../data/pocket.txt").lines().take(900).map(str::to_owned).collect();
    labels.extend((0..100).map(|_| label(&mut random)));
    check(&labels, &Context::default()).unwrap();
    let start = Instant::now();
    let findings = check(&labels, &Context::default()).unwrap();
    let took = start.elapsed();
    println!("1000 labels: {} findings in {took:?}", findings.len());
    assert!(findings.len() > 50 && took.as_secs_f64() < 1.0, "{took:?}");
}
