//! Labels that name nothing to be seen, and more than one for all the rest. A vector for “thing” lies near all pictures and fits
//! none.

use crate::finding::{Finding, Fix, Kind, Severity};
use crate::language::inflection::singulars;
use crate::language::lexicon::lexicon;
use crate::set::{Part, Set, quoted};

/// By hand, beside the top of WordNet.
const VAGUE: [&str; 46] = [
    "thing",
    "stuff",
    "object",
    "item",
    "good",
    "bad",
    "nice",
    "great",
    "ok",
    "okay",
    "fine",
    "misc",
    "miscellaneous",
    "other",
    "others",
    "unknown",
    "various",
    "random",
    "etc",
    "anything",
    "something",
    "everything",
    "whatever",
    "n/a",
    "na",
    "tbd",
    "undefined",
    "null",
    "general",
    "normal",
    "default",
    "class",
    "category",
    "type",
    "kind",
    "label",
    "test",
    "entity",
    "matter",
    "stuff like that",
    "some thing",
    "unclassified",
    "uncategorized",
    "unlabeled",
    "interesting",
    "important",
];

/// The deepest synsets that are nothing to be seen: “entity” is 0, “physical entity” 1, “object” and “thing” 2.
const TOP: u8 = 2;

pub fn find(set: &Set) -> Vec<Finding> {
    let vague = set.parts().filter(|(at, part)| !set.labels[*at].catch_all && is_vague(part));
    let mut findings: Vec<Finding> = vague
        .map(|(at, part)| Finding {
            kind: Kind::Vague,
            severity: Severity::Hint,
            labels: vec![at],
            message: format!(
                "{} names nothing that can be seen, so that it fits every picture a little and none well.",
                quoted(&part.text)
            ),
            fixes: set.give_up(at, is_vague).into_iter().collect(),
        })
        .collect();
    findings.dedup_by(|later, first| later.labels == first.labels);
    let catch_alls = set.catch_alls();
    if let [first, rest @ ..] = &catch_alls[..]
        && !rest.is_empty()
    {
        let message =
            format!("{} are for the same pictures: one is enough for all the rest.", set.listed(&catch_alls));
        let title = format!("Keep only {}", set.quoted(*first));
        let fixes = vec![Fix::drop(rest, title)];
        findings.push(Finding {
            kind: Kind::Vague,
            severity: Severity::Problem,
            labels: catch_alls,
            message,
            fixes,
        });
    }
    findings
}

fn is_vague(part: &Part) -> bool {
    let bare = part.bare.as_str();
    if VAGUE.contains(&bare) || singulars(bare).iter().any(|one| VAGUE.contains(&one.as_str())) {
        return true;
    }
    let top =
        part.meaning.as_ref().filter(|meaning| meaning.whole).and_then(|meaning| meaning.synsets.first());
    top.is_some_and(|&synset| lexicon().depth(synset) <= TOP)
}
