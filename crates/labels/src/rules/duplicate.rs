//! The same label twice, but for case and spaces. Their vectors are equal, so that each gets half of the probability.

use std::collections::{BTreeMap, HashSet};

use crate::finding::{Finding, Fix, Kind, Severity};
use crate::set::Set;

pub fn find(set: &Set) -> Vec<Finding> {
    let findings = groups(set).into_iter().map(|labels| Finding {
        kind: Kind::Duplicate,
        severity: Severity::Problem,
        message: format!(
            "{} is there {} times. The probability is divided among equal labels, so that each gets less than it deserves.",
            set.quoted(labels[0]),
            labels.len()
        ),
        fixes: vec![Fix::drop(&labels[1..], "Keep one".into())],
        labels,
    });
    findings.collect()
}

/// All but the first of each.
pub fn repeated(set: &Set) -> HashSet<usize> {
    groups(set).into_iter().flat_map(|labels| labels[1..].to_vec()).collect()
}

fn groups(set: &Set) -> Vec<Vec<usize>> {
    let mut by_text: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, label) in set.labels.iter().enumerate().filter(|(_, label)| !label.folded.is_empty()) {
        by_text.entry(&label.folded).or_default().push(at);
    }
    by_text.into_values().filter(|labels| labels.len() > 1).collect()
}
