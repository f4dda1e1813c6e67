//! Questions, and what is made of them.

#![allow(clippy::unwrap_used)]

use semblance_describe::judgement::judge;
use semblance_describe::question::{Answer, Asked, Caution, Kind, Own, read};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// A question, its kind, the first statement, and one that speaks for another answer.
struct Case(&'static str, Kind, &'static str, &'static str);

const CASES: [Case; 51] = [
    Case("Is it a cat?", Kind::YesNo, "a photo of a cat", "a photo of a dog"),
    Case("Isn't it a cat?", Kind::YesNo, "a photo of a cat", "a photo of a dog"),
    Case("Is there an apple in the picture?", Kind::YesNo, "a photo of an apple", "a photo of a pear"),
    Case("Is it an animal?", Kind::YesNo, "a photo of an animal", "a photo of a car"),
    Case("Are there any people?", Kind::YesNo, "a photo of people", "a photo of a dog"),
    Case("Is the sky blue?", Kind::YesNo, "a photo of a blue sky", "a photo of a red sky"),
    Case("Are the flowers yellow?", Kind::YesNo, "a photo of yellow flowers", "a photo of red flowers"),
    Case("Is it a red car?", Kind::YesNo, "a photo of a red car", "a photo of a car"),
    Case("Is the dog sleeping?", Kind::YesNo, "a photo of a dog sleeping", "a photo of a dog playing"),
    Case("Is the man wearing a hat?", Kind::YesNo, "a photo of a man wearing a hat", "a photo of a man"),
    Case("Does the man wear a hat?", Kind::YesNo, "a photo of a man wearing a hat", "a photo of a man"),
    Case("Does it have wings?", Kind::YesNo, "a photo of something with wings", "a photo of something"),
    Case("Do you see a car?", Kind::YesNo, "a photo of a car", "a photo of a van"),
    Case("Is this photo taken outdoors?", Kind::YesNo, "a photo taken outdoors", "a photo taken indoors"),
    Case("Was this taken at night?", Kind::YesNo, "a photo taken at night", "a photo taken during the day"),
    Case("Is it raining?", Kind::YesNo, "a photo of rainy weather", "a photo of sunny weather"),
    Case("Is anyone smiling?", Kind::YesNo, "a photo of a person smiling", "a photo of a person crying"),
    Case("Is it a painting?", Kind::YesNo, "a painting", "a drawing"),
    Case("Is the bus full?", Kind::YesNo, "a photo of a bus full", "a photo of a bus empty"),
    Case(
        "Is the cat left of the dog?",
        Kind::YesNo,
        "a photo of a cat left of the dog",
        "a photo of a cat right of the dog",
    ),
    Case("Is it an animal or a vehicle?", Kind::EitherOr, "a photo of an animal", "a photo of a vehicle"),
    Case("Cat or dog?", Kind::EitherOr, "a photo of a cat", "a photo of a dog"),
    Case("cats, dogs or birds?", Kind::EitherOr, "a photo of cats", "a photo of birds"),
    Case("What is it: a cup or a bowl?", Kind::EitherOr, "a photo of a cup", "a photo of a bowl"),
    Case("Is it red or blue?", Kind::EitherOr, "a photo of something red", "a photo of something blue"),
    Case("Is the car red, blue or green?", Kind::EitherOr, "a photo of a red car", "a photo of a green car"),
    Case(
        "Is the man sitting or standing?",
        Kind::EitherOr,
        "a photo of a man sitting",
        "a photo of a man standing",
    ),
    Case(
        "Is the cat on the table or under the table?",
        Kind::EitherOr,
        "a photo of a cat on the table",
        "a photo of a cat under the table",
    ),
    Case("Is it a photo or a painting?", Kind::EitherOr, "a photo", "a painting"),
    Case("Is the person a man or a woman?", Kind::EitherOr, "a photo of a man", "a photo of a woman"),
    Case("What colour is the car?", Kind::Colour, "a photo of a red car", "a photo of a blue car"),
    Case("What color is it?", Kind::Colour, "a photo of something red", "a photo of something blue"),
    Case(
        "What is the colour of the flowers?",
        Kind::Colour,
        "a photo of red flowers",
        "a photo of blue flowers",
    ),
    Case("Which animal is it?", Kind::Which, "a photo of a dog", "a photo of a cat"),
    Case("What kind of bird is this?", Kind::Which, "a photo of a sparrow", "a photo of a robin"),
    Case(
        "What breed of dog is this?",
        Kind::Which,
        "a photo of a Labrador retriever",
        "a photo of a golden retriever",
    ),
    Case(
        "What animal is on the sofa?",
        Kind::Which,
        "a photo of a dog on the sofa",
        "a photo of a cat on the sofa",
    ),
    Case("What's the weather like?", Kind::Which, "a photo of sunny weather", "a photo of foggy weather"),
    Case("What season is it?", Kind::Which, "a photo taken in spring", "a photo taken in winter"),
    Case(
        "What's the table made of?",
        Kind::Which,
        "a photo of a table made of wood",
        "a photo of a table made of metal",
    ),
    Case(
        "What is the woman holding?",
        Kind::Which,
        "a photo of a woman holding a dog",
        "a photo of a woman holding a cat",
    ),
    Case("What is in the picture?", Kind::Which, "a photo of an aardvark", "a photo of a zebra"),
    Case("What emotion does she show?", Kind::Which, "a photo of someone happy", "a photo of someone calm"),
    Case("Where is it?", Kind::Where, "above the clouds", "at a concert"),
    Case(
        "Where is the dog?",
        Kind::Where,
        "a photo of a dog above the clouds",
        "a photo of a dog at a concert",
    ),
    Case("How many birds are there?", Kind::HowMany, "a photo of one bird", "a photo of two birds"),
    Case(
        "How many wheels does it have?",
        Kind::HowMany,
        "a photo of something with one wheel",
        "a photo of something with four wheels",
    ),
    Case(
        "How many people are on the bench?",
        Kind::HowMany,
        "a photo of one person on the bench",
        "a photo of two people on the bench",
    ),
    Case(
        "Who is riding the horse?",
        Kind::Who,
        "a photo of a man riding the horse",
        "a photo of a woman riding the horse",
    ),
    Case(
        "Who rides the horse?",
        Kind::Who,
        "a photo of a man riding the horse",
        "a photo of a woman riding the horse",
    ),
    Case("What is the man doing?", Kind::Doing, "a photo of a man abseiling", "a photo of a man swimming"),
];

fn asked(question: &str) -> Asked {
    read(question, Own::default(), None).unwrap_or_else(|error| panic!("{question}: {error}"))
}

#[test]
fn questions_become_statements() {
    let mut wrong = Vec::new();
    for Case(question, kind, first, other) in CASES {
        let asked = asked(question);
        let of_others: Vec<&String> =
            asked.answers[1..].iter().flat_map(|answer| &answer.statements).collect();
        let said = &asked.answers[0].statements[0];
        if asked.kind != kind || said != first || !of_others.iter().any(|one| *one == other) {
            wrong.push(format!(
                "{question}: {:?}, “{said}”, {:?}",
                asked.kind,
                &of_others[..of_others.len().min(4)]
            ));
        }
        let tidy = |one: &&str| !one.contains("{}") && !one.contains("  ") && one.trim() == *one;
        assert!(asked.statements().iter().all(tidy), "{question}: {:?}", asked.statements());
        assert!(!asked.neutral.is_empty() && asked.answers.len() > 1, "{question}");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_kind_brings_its_members() {
    let asked = asked("Is it an animal or a vehicle?");
    let [animal, vehicle] = &asked.answers[..] else { panic!("two answers") };
    assert_eq!((animal.answer.as_str(), vehicle.answer.as_str()), ("animal", "vehicle"));
    assert!(animal.statements.contains(&"a photo of an elephant".to_owned()));
    assert!(vehicle.statements.contains(&"a photo of a car".to_owned()));
    let pocket = read("What kind of bird is it?", Own::default(), Some("pocket")).unwrap();
    let all = read("What kind of bird is it?", Own::default(), None).unwrap();
    assert!(pocket.answers.len() > 1 && pocket.answers.len() < all.answers.len());
}

#[test]
fn what_it_cannot_do_is_said() {
    for (question, caution) in [
        ("How many birds are there?", Some(Caution::Counting)),
        ("Is a word written on it?", Some(Caution::Reading)),
        ("Is the cat to the left of the dog?", Some(Caution::Relations)),
        ("Is it a man without a hat?", Some(Caution::Negation)),
        ("What colour is the car?", None),
        ("Is it a cat?", None),
    ] {
        assert_eq!(asked(question).caution, caution, "{question}");
    }
    let error = read("What does the sign say?", Own::default(), None).unwrap_err().to_string();
    assert!(error.contains("reads"), "{error}");
}

#[test]
fn answers_and_statement_may_be_ones_own() {
    let answers = ["stop".to_owned(), "go".to_owned(), "stop".to_owned()];
    let own = Own { answers: &answers, template: Some("a sign that says {}") };
    let asked = read("What does the sign say?", own, None).unwrap();
    assert_eq!((asked.kind, asked.caution), (Kind::Open, Some(Caution::Reading)));
    let statements: Vec<&str> = asked.answers.iter().map(|answer| answer.statements[0].as_str()).collect();
    assert_eq!(statements, ["a sign that says stop", "a sign that says go"]);
    let own = Own { answers: &answers, template: None };
    let answers: Vec<String> =
        read("Is it a sign?", own, None).unwrap().answers.into_iter().map(|answer| answer.answer).collect();
    assert_eq!(answers, ["stop", "go"], "yes and no are replaced");
}

#[test]
fn what_is_no_question_is_refused() {
    let one = ["one".to_owned()];
    for (question, own) in [
        ("", Own::default()),
        ("  ?", Own::default()),
        ("hello", Own::default()),
        ("or", Own::default()),
        ("is", Own::default()),
        ("Is it a cat?", Own { answers: &one, template: None }),
        ("Is it a cat?", Own { answers: &[], template: Some("no place") }),
        ("Is it a cat?", Own { answers: &[], template: Some("{} and {}") }),
    ] {
        let asked = read(question, own, None).map(|asked| asked.template);
        assert!(asked.is_err(), "{question}: {asked:?}");
    }
}

/// Pieces of questions in any order: whatever comes of them, nothing panics.
#[test]
fn no_question_panics() {
    const PIECES: [&str; 40] = [
        "is", "are", "does", "do", "what", "which", "who", "where", "how", "many", "or", ",", "the", "a",
        "it", "this", "car", "red", "in", "on", "of", "kind", "colour", "made", "doing", "have", "wears",
        "or", "?", "é", "🐱", "'", "’s", "can", "you", "see", "not", "taken", "cats", "people",
    ];
    let mut state = 7_u64;
    for _ in 0..300 {
        let mut question = String::new();
        for _ in 0..8 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            question += PIECES[(state >> 33) as usize % PIECES.len()];
            if state >> 60 != 0 {
                question.push(' ');
            }
            if let Ok(asked) = read(&question, Own::default(), Some("pocket")) {
                assert!(asked.answers.iter().all(|answer| !answer.statements.is_empty()), "{question}");
            }
        }
    }
}

fn simple(kind: Kind) -> Asked {
    let answer = |answer: &str, statements: usize| Answer {
        answer: answer.into(),
        statements: (0..statements).map(|i| format!("{answer} {i}")).collect(),
    };
    Asked {
        kind,
        template: "{}".into(),
        answers: vec![answer("yes", 2), answer("no", 1)],
        neutral: vec!["nothing".into()],
        caution: None,
    }
}

#[test]
fn probabilities_are_a_softmax_over_the_best_statements() {
    let asked = simple(Kind::EitherOr);
    let judged = judge(&asked, &[0.1, 0.3, 0.2, 0.0], 10.0).unwrap();
    assert_eq!((judged.answers[0].answer.as_str(), judged.answers[0].statement.as_str()), ("yes", "yes 1"));
    let expected = 1.0 / (1.0 + (-1.0_f32).exp());
    assert!((judged.answers[0].probability - expected).abs() < 1e-6);
    assert!((judged.answers[0].probability + judged.answers[1].probability - 1.0).abs() < 1e-6);
    assert!(!judged.cant_tell);
    assert!(judge(&asked, &[0.1, 0.3, 0.2, 0.31], 10.0).unwrap().cant_tell, "what says nothing fits better");
}

#[test]
fn what_says_nothing_speaks_for_no() {
    let judged = judge(&simple(Kind::YesNo), &[0.1, 0.2, 0.0, 0.5], 10.0).unwrap();
    assert_eq!((judged.answers[0].answer.as_str(), judged.answers[0].statement.as_str()), ("no", "nothing"));
    assert!(!judged.cant_tell);
    assert!(judge(&simple(Kind::YesNo), &[0.1, 0.2, 0.0, 0.2], 10.0).unwrap().cant_tell, "even");
    assert!(judge(&simple(Kind::YesNo), &[0.1, 0.2, 0.0], 10.0).is_err(), "one is missing");
}
