//! What is said, piece by piece: of a label and its kinds each pair, of synonyms each pair, of the others each label.

use semblance_labels::{Finding, Kind};

pub fn name(kind: Kind) -> String {
    serde_json::to_string(&kind).unwrap().trim_matches('"').to_owned()
}

pub fn pieces(kind: &str, labels: &[usize]) -> Vec<(String, Vec<usize>)> {
    let pairs: Vec<Vec<usize>> = match kind {
        "contained" => labels[1..].iter().map(|&specific| vec![labels[0], specific]).collect(),
        "synonyms" | "duplicate" => {
            let later = |at: usize| labels[at + 1..].iter().map(move |&other| vec![labels[at], other]);
            (0..labels.len()).flat_map(later).collect()
        }
        "background" => vec![labels.to_vec()],
        _ => labels.iter().map(|&label| vec![label]).collect(),
    };
    pairs.into_iter().map(|labels| (kind.to_owned(), labels)).collect()
}

pub fn of(findings: &[Finding]) -> Vec<(String, Vec<usize>)> {
    findings.iter().flat_map(|finding| pieces(&name(finding.kind), &finding.labels)).collect()
}
