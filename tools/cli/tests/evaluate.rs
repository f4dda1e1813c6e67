//! `semblance evaluate` from end to end, with pocket on the sample pictures: stopped and gone on with, done again, refused.

// A test that cannot run the program has failed.
#![allow(clippy::unwrap_used)]

#[path = "drawn/mod.rs"]
#[allow(dead_code, reason = "the baselines' own tests use all of it")]
mod drawn;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use semblance::classifier::{ClassExamples, Classifier, Images, TeachOptions};
use semblance::index::model_hash;
use semblance::{Clip, Picture};
use semblance_cli::evaluate::resnet::{Depth, ResNet, preprocess};
use semblance_cli::evaluate::settings::Settings;
use tempfile::TempDir;

/// In the order of their names.
const CLASSES: [(&str, &[&str]); 3] =
    [("a_flower", &["dandelion"]), ("an_animal", &["bee", "cat", "moose"]), ("water", &["bridge"])];
const PICTURES: usize = 5;

fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

/// A folder with the sample pictures in `pictures/`, a sub-folder a class.
fn samples() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (class, names) in CLASSES {
        let inside = folder.path().join("pictures").join(class);
        fs::create_dir_all(&inside).unwrap();
        for name in names {
            fs::copy(repository(&format!("assets/samples/{name}.jpg")), inside.join(format!("{name}.jpg")))
                .unwrap();
        }
    }
    folder
}

/// The program in a folder, where `pictures` and files have short names.
fn program(folder: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_semblance"));
    command.current_dir(folder).arg("evaluate").args(words).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn pocket() -> String {
    repository("models/pocket").canonicalize().unwrap().display().to_string()
}

/// What it says on both ways out; it ends well.
fn run(folder: &Path, words: &[&str]) -> String {
    let (code, said) = ends(folder, words);
    assert_eq!(code, Some(0), "{words:?}: {said}");
    said
}

fn ends(folder: &Path, words: &[&str]) -> (Option<i32>, String) {
    let output = program(folder, words).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout) + &text(output.stderr))
}

fn read(path: PathBuf) -> String {
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn records(folder: &Path, out: &str) -> PathBuf {
    folder.join(out).join("vectors/pocket/0.records")
}

#[test]
fn a_run_that_was_killed_goes_on_and_comes_to_the_same_table() {
    let folder = samples();
    let at = folder.path();
    let model = pocket();
    let words =
        ["pictures", "--model", &model, "--batch", "1", "--template", "a photo of {}", "--template", "{}"];
    let whole = run(at, &[&words[..], &["--out", "whole"]].concat());
    assert!(!whole.contains("there already"), "{whole}");
    let table = read(at.join("whole/table.csv"));
    assert_eq!(table.lines().count(), 3, "{table}");

    // Killed by the system as soon as there are some vectors.
    let parts = [&words[..], &["--out", "parts"]].concat();
    let mut process = program(at, &parts).spawn().unwrap();
    let one = fs::metadata(records(at, "whole")).unwrap().len() / PICTURES as u64;
    while fs::metadata(records(at, "parts")).map_or(0, |about| about.len()) < 2 * one {
        assert!(process.try_wait().unwrap().is_none(), "it ended without vectors");
        sleep(Duration::from_millis(2));
    }
    process.kill().unwrap();
    process.wait().unwrap();
    // And in the middle of a record.
    let kept = fs::metadata(records(at, "parts")).unwrap().len();
    let file = fs::OpenOptions::new().write(true).open(records(at, "parts")).unwrap();
    file.set_len((kept / one).min(PICTURES as u64 - 1) * one - 20).unwrap();
    let said = run(at, &parts);
    assert!(said.contains(&format!("of {PICTURES} pictures are there already")), "{said}");
    for name in ["table.csv", "table.md", "predictions-pocket-a-photo-of.csv"] {
        assert_eq!(read(at.join("parts").join(name)), read(at.join("whole").join(name)), "{name}");
    }
    // Nothing is there twice: it is as long as the one that was written at once, but for a copy of its header.
    let [whole, parts_length] = ["whole", "parts"].map(|out| fs::metadata(records(at, out)).unwrap().len());
    assert_eq!(parts_length - whole, 72);
    // Cut within the first record, it begins anew.
    file.set_len(40).unwrap();
    run(at, &parts);
    assert_eq!(read(at.join("parts/table.csv")), table);
}

#[test]
fn two_templates_are_compared_as_the_library_compares_them() {
    let folder = samples();
    let at = folder.path();
    run(
        at,
        &[
            "pictures",
            "--model",
            &pocket(),
            "--template",
            "a photo of {}",
            "--templates",
            "imagenet",
            "--out",
            "out",
        ],
    );
    let mut clip = Clip::load(repository("models/pocket")).unwrap();
    let (mut pictures, mut truths) = (Vec::new(), Vec::new());
    for (class, (_, names)) in CLASSES.iter().enumerate() {
        for name in *names {
            pictures.push(Picture::open(repository(&format!("assets/samples/{name}.jpg"))).unwrap());
            truths.push(class as u32);
        }
    }
    let labels: Vec<String> = CLASSES.iter().map(|(name, _)| name.replace('_', " ")).collect();
    let vectors = clip.embed_images(&pictures).unwrap();
    let templates = semblance_prompts::imagenet_templates();
    let systems = [
        (
            "pocket-a-photo-of",
            semblance::measure::evaluate(&mut clip, &vectors, &truths, &labels, "a photo of {}", 0),
        ),
        (
            "pocket-imagenet-80",
            semblance::measure::evaluate(&mut clip, &vectors, &truths, &labels, &templates, 0),
        ),
    ];
    let mut table = csv::Reader::from_path(at.join("out/table.csv")).unwrap();
    let rows: Vec<csv::StringRecord> = table.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 2);
    for ((name, expected), row) in systems.into_iter().zip(&rows) {
        let expected = expected.unwrap();
        assert_eq!((&row[0], &row[2]), (name, "5"));
        let share = |share: f64| format!("{share:.6}");
        assert_eq!(row[3], share(expected.evaluation.top1.share), "{name}");
        assert_eq!(row[7], share(expected.evaluation.mean_average_precision.unwrap().value), "{name}");
        assert_eq!(row[11], share(expected.evaluation.reliability.ece), "{name}");
        let mut said = csv::Reader::from_path(at.join(format!("out/predictions-{name}.csv"))).unwrap();
        for (at, one) in said.records().map(Result::unwrap).enumerate() {
            let answer = CLASSES[expected.pictures.answers[at] as usize].0;
            let rank = (expected.pictures.ranks[at] + 1).to_string();
            assert_eq!((&one[2], &one[4], &one[5]), (answer, rank.as_str(), answer), "{name}, {at}");
            let probability: f32 = one[3].parse().unwrap();
            assert!((probability - expected.pictures.probabilities[at]).abs() < 1e-4, "{name}, {at}");
        }
    }
    // One is the best, and the other one is compared with it.
    let compared: Vec<bool> = rows.iter().map(|row| !row[12].is_empty() && !row[16].is_empty()).collect();
    assert!(compared == [true, false] || compared == [false, true], "{rows:?}");
}

#[test]
fn a_run_is_done_again_and_another_table_is_noticed() {
    let folder = samples();
    let at = folder.path();
    run(
        at,
        &["pictures", "--model", &pocket(), "--dtype", "int8", "--labels", "labels.txt", "--out", "out"].map(
            |word| {
                fs::write(at.join("labels.txt"), "flower | blossom\nanimal\nwater\n").unwrap();
                word
            },
        ),
    );
    // Labels are in the settings; the pictures may have moved.
    fs::remove_file(at.join("labels.txt")).unwrap();
    fs::rename(at.join("pictures"), at.join("moved")).unwrap();
    let again = ["--again", "out/settings.json"];
    let (code, said) = ends(at, &again);
    assert!(code == Some(1) && said.contains("there is no folder"), "{said}");
    let said = run(at, &[&["moved"], &again[..]].concat());
    assert!(said.contains("The table is the same."), "{said}");
    assert!(!at.join("out/again").exists());
    let table = read(at.join("out/table.csv"));
    assert!(table.contains("pocket-int8-a-photo-of-a"), "{table}");
    let other = table.replace(",5,", ",6,");
    assert_ne!(other, table);
    fs::write(at.join("out/table.csv"), other).unwrap();
    let (code, said) = ends(at, &[&["moved"], &again[..]].concat());
    assert!(code == Some(1) && said.contains("the table is another one"), "{said}");
}

#[test]
fn a_picture_that_cannot_be_read_is_named_and_the_rest_goes_on() {
    let folder = samples();
    let at = folder.path();
    fs::write(at.join("pictures/water/broken, \"one\".jpg"), "no picture").unwrap();
    let (code, said) = ends(at, &["pictures", "--model", &pocket(), "--out", "out"]);
    assert_eq!(code, Some(3), "{said}");
    assert!(said.contains("water/broken, \"one\".jpg is left out"), "{said}");
    assert!(said.contains("5 pictures of 3 classes; 1 more could not be read"), "{said}");
    let failed = read(at.join("out/failed.csv"));
    assert!(failed.starts_with("path,reason\n\"water/broken, \"\"one\"\".jpg\","), "{failed}");
    assert_eq!(failed.lines().count(), 2);
    assert_eq!(read(at.join("out/predictions-pocket-a-photo-of-a.csv")).lines().count(), 6);

    // The same pictures by a list, whose order and folders are others.
    let mut rows = vec![vec!["class".to_owned(), "note".into(), "path".into()]];
    for (class, names) in CLASSES {
        rows.extend(
            names
                .iter()
                .map(|name| vec![class.into(), "a, b".into(), format!("pictures/{class}/{name}.jpg")]),
        );
    }
    let mut writer = csv::Writer::from_path(at.join("list.csv")).unwrap();
    rows.iter().for_each(|row| writer.write_record(row).unwrap());
    drop(writer);
    run(at, &["--csv", "list.csv", "--model", &pocket(), "--out", "listed"]);
    let top1 = |out: &str| read(at.join(out).join("table.csv")).lines().nth(1).unwrap().to_owned();
    let of = |row: String| row.split(',').rev().skip(5).take(3).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(of(top1("listed")), of(top1("out")), "balanced accuracy, and mAP's interval");
}

#[test]
fn one_process_at_a_time_works_in_a_folder() {
    let folder = samples();
    let at = folder.path();
    let words = ["pictures", "--model", &pocket(), "--out", "out"];
    let mut first = program(at, &words).spawn().unwrap();
    // The model is found, and the lock is held until the end.
    while !at.join("out/settings.json").exists() {
        assert!(first.try_wait().unwrap().is_none());
        sleep(Duration::from_millis(1));
    }
    let lock = fs::File::open(at.join("out/.lock")).unwrap();
    assert!(lock.try_lock().is_err() || first.try_wait().unwrap().is_some(), "nobody holds the lock");
    drop(lock);
    assert_eq!(first.wait().unwrap().code(), Some(0));
    let held = fs::File::open(at.join("out/.lock")).unwrap();
    held.lock().unwrap();
    let before = read(at.join("out/settings.json"));
    let (code, said) = ends(at, &[&words[..], &["--reuse", "--template", "a drawing of a {}"]].concat());
    assert!(code == Some(1) && said.contains("another process"), "{said}");
    assert_eq!(read(at.join("out/settings.json")), before);
}

#[test]
fn a_head_that_was_taught_is_a_system() {
    let folder = samples();
    let at = folder.path();
    let mut clip = Clip::load(repository("models/pocket")).unwrap();
    let hash = model_hash(repository("models/pocket/pocket-q8_0.gguf")).unwrap();
    let open = |name: &&str| Picture::open(repository(&format!("assets/samples/{name}.jpg"))).unwrap();
    let pictures: Vec<Vec<Picture>> =
        CLASSES.iter().map(|(_, names)| names.iter().map(open).collect()).collect();
    let classes: Vec<ClassExamples> = CLASSES
        .iter()
        .zip(&pictures)
        .map(|((name, _), some)| ClassExamples { name, prompt: None, images: Images::Pictures(some) })
        .collect();
    let (classifier, _) = Classifier::teach(&mut clip, hash, &classes, &TeachOptions::default()).unwrap();
    classifier.save(at.join("mine.classifier.safetensors")).unwrap();
    let head = "mine.classifier.safetensors";
    run(at, &["pictures", "--model", &pocket(), "--classifier", head, "--out", "out"]);
    let mut said = csv::Reader::from_path(at.join("out/predictions-pocket-mine.csv")).unwrap();
    for row in said.records().map(Result::unwrap) {
        let answers =
            classifier.classify(&clip, &[Picture::open(at.join("pictures").join(&row[0])).unwrap()]).unwrap();
        let best = answers[0].scores[0];
        assert_eq!(&row[2], best.label);
        assert!((row[3].parse::<f32>().unwrap() - best.probability).abs() < 1e-4, "{row:?}");
    }
    // One of other classes.
    fs::rename(at.join("pictures/water"), at.join("pictures/sea")).unwrap();
    let (code, said) = ends(at, &["pictures", "--model", &pocket(), "--classifier", head, "--out", "sea"]);
    assert!(code == Some(1) && said.contains("none of the pictures' classes is its “water”"), "{said}");
}

#[test]
fn a_baseline_is_a_system_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    // ImageNet's folders, nearly all of them empty.
    let class = |number: usize| format!("pictures/n{:08}", 10_000 + number);
    (0..1000).for_each(|number| fs::create_dir_all(at.join(class(number))).unwrap());
    for (number, name) in [(3, "cat"), (999, "coffee")] {
        fs::copy(repository(&format!("assets/samples/{name}.jpg")), at.join(class(number)).join("one.jpg"))
            .unwrap();
    }
    let weights = at.join("resnet50.safetensors");
    candle_core::safetensors::save(&drawn::tensors(Depth::ResNet50), &weights).unwrap();
    let words = ["--labels", "imagenet", "--baseline", "resnet50=resnet50.safetensors", "--out", "out"];
    run(at, &[&["pictures", "--model", &pocket()], &words[..]].concat());
    let resnet = ResNet::open(Depth::ResNet50, &weights).unwrap();
    let mut said = csv::Reader::from_path(at.join("out/predictions-resnet50.csv")).unwrap();
    let mut rows = 0;
    for row in said.records().map(Result::unwrap) {
        let pixels = preprocess(&Picture::open(at.join("pictures").join(&row[0])).unwrap()).unwrap();
        let logits = resnet.logits(&[pixels]).unwrap().remove(0);
        let best = (0..1000).max_by(|&one, &other| logits[one].total_cmp(&logits[other])).unwrap();
        assert_eq!(row[2], class(best)["pictures/".len()..], "{row:?}");
        rows += 1;
    }
    assert_eq!(rows, 2);
    let table = read(at.join("out/table.csv"));
    assert_eq!(table.lines().nth(2).unwrap().split(',').next(), Some("resnet50"), "{table}");
}

#[test]
fn other_pictures_and_settings_are_refused() {
    let folder = samples();
    let at = folder.path();
    let model = pocket();
    let words = ["pictures", "--model", &model, "--out", "out"];
    run(at, &words);
    let refused = |more: &[&str], parts: &[&str]| {
        let (code, said) = ends(at, &[&words[..], more].concat());
        assert_eq!(code, Some(1), "{said}");
        parts.iter().for_each(|part| assert!(said.contains(part), "{more:?}: {said}"));
    };
    refused(&["--seed", "1"], &["other settings (--seed)", "--reuse"]);
    refused(&["--batch", "3", "--reuse"], &["other settings (--batch)", "take another --out"]);
    let said = run(at, &[&words[..], &["--template", "{}", "--reuse"]].concat());
    assert!(said.contains("5 of 5 pictures are there already"), "{said}");
    // The settings are now those.
    refused(&[], &["(--template)"]);
    let settings = Settings::read(&at.join("out/settings.json")).unwrap();
    assert_eq!((settings.templates[0].name.as_str(), settings.pictures.count), ("{}", 5));

    let more = ["--template", "{}"];
    let (moose, cat) = (at.join("pictures/an_animal/moose.jpg"), at.join("pictures/an_animal/cat.jpg"));
    // One byte is another: a length that stays, and a date that does not.
    let mut bytes = fs::read(&cat).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    sleep(Duration::from_millis(20));
    fs::write(&cat, &bytes).unwrap();
    refused(&more, &["an_animal/cat.jpg is another picture"]);
    bytes[middle] ^= 1;
    fs::write(&cat, &bytes).unwrap();
    run(at, &[&words[..], &more].concat());
    fs::remove_file(moose).unwrap();
    refused(&more, &["other settings (the pictures)", "take another --out"]);
}

#[test]
fn what_cannot_be_used_gets_a_sentence_and_one() {
    let folder = samples();
    let at = folder.path();
    fs::create_dir_all(at.join("one/class")).unwrap();
    fs::create_dir_all(at.join("none/a")).unwrap();
    fs::create_dir_all(at.join("none/b")).unwrap();
    fs::write(at.join("no-class.csv"), "path,label\na.jpg,cat\n").unwrap();
    fs::write(at.join("twice.csv"), "path,class\na.jpg,cat\na.jpg,dog\n").unwrap();
    fs::write(at.join("short.txt"), "a\nb\n").unwrap();
    fs::write(at.join("blank.txt"), "a\n\nb\n").unwrap();
    fs::write(at.join("text"), "no weights").unwrap();
    let cases: [(&[&str], &str); 21] = [
        (&["pictures"], "Name a folder with --out"),
        (&["--out", "o"], "which pictures?"),
        (&["pictures", "--out", "pictures/o"], "lies among the pictures"),
        (&["nowhere", "--out", "o"], "there is no folder"),
        (&["one", "--out", "o"], "has one class only, “class”"),
        (&["none", "--out", "o"], "has no pictures"),
        (&["pictures/water", "--out", "o"], "has no sub-folders"),
        (&["--csv", "nowhere.csv", "--out", "o"], "nowhere.csv could not be read"),
        (&["--csv", "no-class.csv", "--out", "o"], "has no column “class”"),
        (&["--csv", "twice.csv", "--out", "o"], "has a.jpg twice"),
        (&["pictures", "--out", "o"], "there is no models/pocket here"),
        (&["pictures", "--out", "o", "--model", "./nowhere"], "is neither a file or folder"),
        (&["pictures", "--out", "o", "--template", "a photo"], "has no {}"),
        (&["pictures", "--out", "o", "--templates", "cifar"], "there is a set named imagenet alone"),
        (&["pictures", "--out", "o", "--labels", "none.txt"], "--labels none.txt could not be read"),
        (&["pictures", "--out", "o", "--labels", "short.txt"], "has 2 lines for 3 classes"),
        (&["pictures", "--out", "o", "--labels", "blank.txt"], "line 2 is blank"),
        (&["pictures", "--out", "o", "--labels", "imagenet"], "needs ImageNet's 1000 classes"),
        (&["pictures", "--out", "o", "--baseline", "resnet50"], "write NAME=FILE"),
        (
            &["pictures", "--out", "o", "--baseline", "vgg=text"],
            "--baseline vgg: it is resnet50 or resnet101",
        ),
        (&["pictures", "--out", "o", "--baseline", "resnet50=text"], "needs ImageNet's 1000 classes"),
    ];
    let mut wrong = Vec::new();
    for (words, part) in cases {
        let (code, said) = ends(at, words);
        if code != Some(1) || !said.contains(part) || said.lines().count() != 1 {
            wrong.push(format!("{words:?}: {code:?}, {said}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(!at.join("o").exists(), "nothing was begun");
}

#[test]
fn the_version_of_candle_is_the_one_that_is_built() {
    let lock = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../Cargo.lock")).unwrap();
    let built =
        format!("name = \"candle-core\"\nversion = \"{}\"\n", semblance_cli::evaluate::settings::CANDLE);
    assert!(lock.contains(&built), "{built}");
}
