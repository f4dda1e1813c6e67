//! What the model says besides: each kind that needs it, with it, without it, and at its edges.

use semblance_labels::{Context, Error, Fit, Kind, Severity, Vocabulary, apply, check};

fn kinds(labels: &[&str], context: &Context) -> Vec<Kind> {
    check(labels, context).unwrap().into_iter().map(|finding| finding.kind).collect()
}

#[test]
fn a_prompt_is_cut_where_it_has_more_tokens_than_the_model_reads() {
    let labels = ["a street with many parked cars", "dog"];
    for (tokens, cut) in [([77, 3], false), ([78, 3], true)] {
        let context =
            Context { template: "{}", tokens: Some(&tokens), context_length: Some(77), ..Context::default() };
        assert_eq!(kinds(&labels, &context), if cut { vec![Kind::Long] } else { vec![] });
    }
}

#[test]
fn pictures_ask_for_something_else_from_three_on_and_a_fifth() {
    let missed = Fit { label: 0.2, neutral: 0.21 };
    let hit = Fit { label: 0.2, neutral: 0.2 };
    for (fits, asked) in [
        (vec![missed; 2], false),
        (vec![missed; 3], true),
        ([vec![missed], vec![hit; 4]].concat(), true),
        ([vec![missed], vec![hit; 5]].concat(), false),
        (vec![hit; 9], false),
    ] {
        let context = Context { fits: Some(&fits), ..Context::default() };
        let said = check(&["dog", "cat"], &context).unwrap();
        assert_eq!(!said.is_empty(), asked, "{fits:?}");
        if let Some(finding) = said.first() {
            assert_eq!((finding.kind, finding.severity), (Kind::Background, Severity::Hint));
            assert_eq!(apply(&["dog", "cat"], &finding.fixes[0]), ["dog", "cat", "something else"]);
        }
        assert!(kinds(&["dog", "cat", "background"], &context).is_empty());
    }
}

#[test]
fn prompts_above_the_threshold_mean_the_same() {
    let labels = ["grey squirrel in snow", "squirrel on a field", "fox"];
    let cosines = [1.0, 0.9, 0.5, 0.9, 1.0, 0.5, 0.5, 0.5, 1.0];
    let context = |threshold| Context { cosines: Some(&cosines), threshold, ..Context::default() };
    assert_eq!(kinds(&labels, &context(Some(0.89))), [Kind::Synonyms]);
    assert!(kinds(&labels, &context(Some(0.9))).is_empty());
    assert!(kinds(&labels, &context(None)).is_empty());
}

#[test]
fn a_model_that_knows_other_languages_is_asked_in_them() {
    let context = |english| Context { english, ..Context::default() };
    assert_eq!(kinds(&["Hund", "Katze"], &context(true)), [Kind::Language; 2]);
    assert!(kinds(&["Hund", "Katze"], &context(false)).is_empty());
}

#[test]
fn words_are_unknown_to_one_model_and_not_to_another() {
    let pocket = Vocabulary::of("pocket").unwrap();
    assert!(Vocabulary::of("another").is_none());
    assert!(pocket.knows("dogs") && pocket.knows("42") && !pocket.knows("xylophone"));
    let context = Context { vocabulary: Some(&pocket), ..Context::default() };
    assert_eq!(kinds(&["xylophone", "dog"], &context), [Kind::UnknownWord]);
    assert!(kinds(&["xylophone", "dog"], &Context::default()).is_empty());
}

#[test]
fn an_unknown_word_with_a_known_synonym_gets_it() {
    let vocabulary = Vocabulary::new(["car", "dog"].map(str::to_owned));
    let context = Context { vocabulary: Some(&vocabulary), ..Context::default() };
    let said = check(&["automobile", "dog"], &context).unwrap();
    assert_eq!(apply(&["automobile", "dog"], &said[0].fixes[0]), ["car", "dog"]);
}

#[test]
fn other_labels_say_which_sense_comes_first() {
    for (labels, first, severity) in [
        (["crane", "heron", "stork"], "crane bird", Severity::Hint),
        (["crane", "excavator", "bulldozer"], "construction crane", Severity::Hint),
        (["crane", "pizza", "sofa"], "crane bird", Severity::Problem),
    ] {
        let said = check(&labels, &Context::default()).unwrap();
        assert_eq!((said[0].kind, said[0].severity), (Kind::Senses, severity), "{labels:?}");
        assert_eq!(apply(&labels, &said[0].fixes[0])[0], first);
        assert_eq!(said[0].fixes.len(), 2);
    }
}

#[test]
fn translations_and_corrections_are_what_was_meant() {
    for (labels, kind, after) in [
        (["ein roter Apfel", "Hund"], Kind::Language, "red apple"),
        (["Hund", "Katze"], Kind::Language, "dog"),
        (["umbrela", "dog"], Kind::Spelling, "umbrella"),
        (["no people", "street"], Kind::Negation, "empty place"),
        (["not ripe banana", "dog"], Kind::Negation, "something else"),
    ] {
        let said = check(&labels, &Context { template: "{}", ..Context::default() }).unwrap();
        let of_first = said.iter().find(|finding| finding.labels == [0]).unwrap();
        assert_eq!(of_first.kind, kind, "{labels:?}");
        assert_eq!(apply(&labels, &of_first.fixes[0])[0], after);
    }
}

#[test]
fn numbers_of_another_set_are_refused() {
    let context = Context { tokens: Some(&[1]), ..Context::default() };
    let error = check(&["dog", "cat"], &context).unwrap_err();
    assert_eq!(error.to_string(), "The labels were checked in a wrong way: token counts of 1 labels for 2.");
    assert_eq!(error.name(), "EngineError");
    let context = Context { cosines: Some(&[1.0]), ..Context::default() };
    assert!(matches!(check(&["dog", "cat"], &context), Err(Error::Argument(_))));
}

#[test]
fn findings_cross_as_json() {
    let said = check(&["xylophone", "cat|kitten", "no dog"], &Context::default()).unwrap();
    let json = serde_json::to_value(&said).unwrap();
    assert_eq!(json[0]["kind"], "negation");
    assert_eq!(json[0]["severity"], "problem");
    assert_eq!(json[0]["labels"][0], 2);
    assert_eq!(json[0]["fixes"][0]["edits"][0]["to"], "something else");
    let back: Vec<semblance_labels::Finding> = serde_json::from_value(json).unwrap();
    assert_eq!(back, said);
}

#[test]
fn phrases_mean_the_same_word_by_word() {
    for labels in [
        ["red car", "red automobile", "bus"],
        ["joyful face", "cheerful face", "bus"],
        ["T-Shirts", "t shirt", "bus"],
    ] {
        assert_eq!(kinds(&labels, &Context::default()), [Kind::Synonyms], "{labels:?}");
    }
    for labels in [["red car", "blue car", "bus"], ["toy car", "car", "bus"], ["hot dog", "dog", "bus"]] {
        assert!(kinds(&labels, &Context::default()).is_empty(), "{labels:?}");
    }
}
