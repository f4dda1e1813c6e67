//! All rules on one set.

use std::collections::HashSet;

use crate::context::Context;
use crate::error::Result;
use crate::finding::{Finding, Fix, Kind};
use crate::rules;
use crate::set::Set;

/// What is wrong with `labels`, the worst first, then as the labels stand. A label may be several synonyms with `|` between
/// them, whose vectors are averaged. Blank labels are passed over.
///
/// A finding goes once one of its fixes is applied ([`crate::finding::apply`]); no fix makes a label blank, equal to another
/// one, or different though it is not about it.
///
/// Errors: tokens or cosines of another number of labels.
pub fn check(labels: &[impl AsRef<str>], context: &Context) -> Result<Vec<Finding>> {
    context.check(labels.len())?;
    let set = Set::new(labels.iter().map(AsRef::as_ref).collect(), context);
    let mut findings = rules::duplicate::find(&set);
    findings.extend(rules::template::find(&set));
    findings.extend(rules::background::find(&set));
    // Of a label that must be written anew nothing else is said.
    let mut anew: HashSet<usize> =
        rules::background::pair(&set).into_iter().flat_map(|(yes, no)| [yes, no]).collect();
    let negated = rules::negation::find(&set);
    findings.extend(negated.into_iter().filter(|one| one.labels.iter().all(|at| !anew.contains(at))));
    findings.extend(rules::vague::find(&set));
    findings.extend(rules::language::find(&set));
    for kind in [Kind::Negation, Kind::Vague, Kind::Language] {
        anew.extend(of(&findings, kind));
    }
    anew.extend(set.catch_alls());
    let repeated = rules::duplicate::repeated(&set);
    let left = |at: &usize| !anew.contains(at) && !repeated.contains(at);
    let senses = rules::senses::find(&set, &left);
    let doubtful = of(&senses, Kind::Senses);
    findings.extend(senses);
    let same = rules::synonyms::groups(&set, &left, &doubtful);
    findings.extend(rules::contained::find(&set, &left, &same, &doubtful));
    findings.extend(same.into_iter().map(|labels| rules::synonyms::finding(&set, labels)));
    findings.extend(rules::spelling::find(&set, &left));
    findings.extend(rules::long::find(&set));
    for finding in &mut findings {
        let kind = finding.kind;
        finding.fixes.retain(|fix| helps(kind, fix, context));
    }
    findings.sort_by_key(|finding| (finding.severity, finding.labels.first().copied(), finding.kind));
    Ok(findings)
}

/// Whether a label's new text is without what was wrong with the old one: rules put right one thing at a time.
fn helps(kind: Kind, fix: &Fix, context: &Context) -> bool {
    let rule: fn(&Set) -> Vec<Finding> = match kind {
        Kind::Negation => rules::negation::find,
        Kind::Vague => rules::vague::find,
        Kind::Language => rules::language::find,
        Kind::Long => rules::long::find,
        Kind::UnknownWord | Kind::Spelling => |set| rules::spelling::find(set, &|_| true),
        Kind::Senses => |set| rules::senses::find(set, &|_| true),
        _ => return true,
    };
    // Numbers of the old text say nothing of the new one.
    let context = Context { tokens: None, cosines: None, ..*context };
    let new = fix.edits.iter().filter_map(|edit| edit.to.as_deref());
    new.into_iter().all(|text| rule(&Set::new(vec![text], &context)).is_empty())
}

/// The labels that findings of a kind are about.
fn of(findings: &[Finding], kind: Kind) -> HashSet<usize> {
    findings
        .iter()
        .filter(|finding| finding.kind == kind)
        .flat_map(|finding| finding.labels.clone())
        .collect()
}
