//! Nothing to be where it is none of the labels.
//!
//! A softmax over one label is 1 whatever the picture shows; over “X” and “no X” it says little more, since both prompts name X.
//! Where pictures are there it is asked directly: how often a caption that names nothing fits better than every label.

use crate::context::Fit;
use crate::finding::{Finding, Fix, Kind, Severity};
use crate::rules::negation::negated;
use crate::set::{CATCH_ALL, Set};

/// So many pictures tell something, and so many of them show none of the labels. Ours.
const PICTURES: usize = 3;
const SHARE: f64 = 0.2;

pub fn find(set: &Set) -> Vec<Finding> {
    let catch_all = set.catch_alls();
    let written: Vec<usize> = (0..set.len()).filter(|&at| !set.labels[at].folded.is_empty()).collect();
    if let [only] = written[..] {
        let fixes = if catch_all.is_empty() { vec![Fix::add(CATCH_ALL)] } else { Vec::new() };
        let message = format!(
            "There is only {}, so every picture gets it with 100 %. Probabilities compare labels with one another.",
            set.quoted(only)
        );
        return vec![finding(Severity::Problem, vec![only], message, fixes)];
    }
    if let Some((yes, no)) = pair(set) {
        let message = format!(
            "{} and {} name the same thing, and a CLIP hardly reads a negation: both fit the same pictures.",
            set.quoted(yes),
            set.quoted(no)
        );
        let fixes = set.rename(no, CATCH_ALL).into_iter().collect();
        return vec![finding(Severity::Problem, written, message, fixes)];
    }
    let fits = set.context.fits.unwrap_or(&[]);
    let missed = fits.iter().filter(|Fit { label, neutral }| neutral > label).count();
    if fits.len() < PICTURES
        || (missed as f64) < SHARE * fits.len() as f64
        || !catch_all.is_empty()
        || written.is_empty()
    {
        return Vec::new();
    }
    let message = format!(
        "A caption that names nothing fits {missed} of the {} pictures better than every label. Each of them gets a label all the same.",
        fits.len()
    );
    vec![finding(Severity::Hint, written, message, vec![Fix::add(CATCH_ALL)])]
}

fn finding(severity: Severity, labels: Vec<usize>, message: String, fixes: Vec<Fix>) -> Finding {
    Finding { kind: Kind::Background, severity, labels, message, fixes }
}

/// Of a set that is “X” and “no X”, where each stands.
pub fn pair(set: &Set) -> Option<(usize, usize)> {
    let mut written = (0..set.len()).filter(|&at| !set.labels[at].folded.is_empty());
    let (one, other) = (written.next()?, written.next()?);
    if written.next().is_some() {
        return None;
    }
    [(one, other), (other, one)].into_iter().find(|&(yes, no)| denies(set, yes, no))
}

/// Whether `no` is a negation of `yes`, word by word.
fn denies(set: &Set, yes: usize, no: usize) -> bool {
    let (yes, no) = (&set.labels[yes].parts, &set.labels[no].parts);
    let denied = no.iter().filter_map(|part| negated(&part.folded));
    denied.into_iter().any(|denied| yes.iter().any(|part| part.bare == denied))
}
