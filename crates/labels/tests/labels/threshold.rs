//! The threshold of cosines, worked out by hand.

use std::collections::HashSet;

use semblance_labels::threshold::{reference_pairs, threshold};
use semblance_labels::{Context, Kind, check};

#[test]
fn it_lies_between_what_it_separates() {
    assert_eq!(threshold(&[0.9, 0.8], &[0.4, 0.2]), Some(0.6));
    // One same pair below all others: J is 2/3 at 0.8 and above it less.
    assert_eq!(threshold(&[0.1, 0.875, 1.0], &[0.75, 0.5]), Some(0.8125));
}

#[test]
fn there_is_none_where_they_do_not_separate() {
    for (same, different) in [
        (&[][..], &[0.5][..]),
        (&[0.5], &[]),
        (&[0.9, f32::NAN], &[0.1]),
        (&[0.5, 0.5], &[0.5, 0.5]),
        (&[0.1, 0.2], &[0.8, 0.9]),
        // A third above all different ones: J is 1/3.
        (&[0.1, 0.2, 0.9], &[0.5, 0.6, 0.7]),
    ] {
        assert_eq!(threshold(same, different), None, "{same:?} {different:?}");
    }
}

#[test]
fn false_alarms_are_few_even_where_more_would_find_more() {
    // 10 of 100 different pairs lie above half of the same ones.
    let different: Vec<f32> = (0..100).map(|at| if at < 90 { 0.125 } else { 0.625 }).collect();
    assert_eq!(threshold(&[0.5, 0.5, 0.5, 0.875, 0.875, 0.875, 0.875], &different), Some(0.75));
}

#[test]
fn the_reference_pairs_are_what_they_are_said_to_be() {
    let (same, different) = reference_pairs();
    assert!(same.len() >= 60 && different.len() >= 150);
    let all: HashSet<_> = same.iter().chain(different).collect();
    assert_eq!(all.len(), same.len() + different.len());
    for (one, other) in different {
        let said = check(&[one, other], &Context::default()).unwrap();
        assert!(!said.iter().any(|finding| finding.kind == Kind::Synonyms), "{one}, {other}");
    }
}
