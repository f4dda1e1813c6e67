//! The commands on the sample pictures with pocket: what they say, in words and in JSON, and how they end.

// A test that cannot run the program has failed.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use semblance::{Clip, Picture, prompt};
use serde_json::Value;
use tempfile::TempDir;

fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path).canonicalize().unwrap()
}

fn sample(name: &str) -> String {
    repository(&format!("assets/samples/{name}.jpg")).display().to_string()
}

/// How it ended, and what it said on both ways out. The model is pocket.
fn run(words: &[&str]) -> (Option<i32>, String, String) {
    let mut program = Command::new(env!("CARGO_BIN_EXE_semblance"));
    let output = program.args(words).env("SEMBLANCE_MODEL", repository("models/pocket")).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

/// The lines of a command that ends well, as JSON.
fn lines(words: &[&str]) -> Vec<Value> {
    let (code, said, errors) = run(words);
    assert_eq!(code, Some(0), "{words:?}: {errors}");
    said.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// A folder with a class a sub-folder, and a file that is no picture.
fn classes() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (class, names) in
        [("animal", &["bee", "cat", "moose"][..]), ("bridge", &["bridge"]), ("flower", &["dandelion"])]
    {
        fs::create_dir(folder.path().join(class)).unwrap();
        for name in names {
            fs::copy(sample(name), folder.path().join(class).join(format!("{name}.jpg"))).unwrap();
        }
    }
    folder
}

#[test]
fn classify_says_what_the_library_says() {
    let (cat, bee) = (sample("cat"), sample("bee"));
    let said = lines(&["classify", &cat, &bee, "--labels", "cat,bee,bridge", "--dtype", "f32", "--json"]);
    assert_eq!(said.len(), 2);
    let mut clip = Clip::load(repository("models/pocket")).unwrap();
    for (said, file) in said.iter().zip([&cat, &bee]) {
        assert_eq!(said["path"], file.as_str());
        let picture = Picture::open(file).unwrap();
        let scores =
            clip.classify_with_template(&picture, &["cat", "bee", "bridge"], "a photo of a {}").unwrap();
        let found = said["scores"].as_array().unwrap();
        assert!(found.is_sorted_by(|a, b| a["probability"].as_f64() >= b["probability"].as_f64()));
        for score in scores {
            let found = found.iter().find(|one| one["label"] == score.label.as_str()).unwrap();
            let probability = found["probability"].as_f64().unwrap();
            assert!(
                (probability - f64::from(score.probability)).abs() < 1e-6,
                "{found} instead of {score:?}"
            );
        }
    }
    let (code, text, _) = run(&["classify", &cat, "--labels", "cat,bridge", "--top", "1"]);
    assert_eq!(code, Some(0));
    assert!(text.starts_with(&format!("{cat}\n")) && text.trim_end().ends_with("%  cat"), "{text}");
    assert_eq!(text.lines().count(), 2, "{text}");
}

#[test]
fn similarity_is_the_cosine() {
    let said = lines(&[
        "similarity",
        &sample("cat"),
        "--text",
        "a cat",
        "--text",
        "a bridge",
        "--dtype",
        "f32",
        "--json",
    ]);
    let mut clip = Clip::load(repository("models/pocket")).unwrap();
    let images = clip.embed_images(&[Picture::open(sample("cat")).unwrap()]).unwrap();
    let images: Vec<&[f32]> = images.iter().map(Vec::as_slice).collect();
    let expected = clip.similarity(&images, &["a cat", "a bridge"], prompt::PLAIN).unwrap();
    for (at, cosine) in expected.cosine.iter().enumerate() {
        let found = said[0]["texts"][at]["cosine"].as_f64().unwrap();
        assert!((found - f64::from(*cosine)).abs() < 1e-6, "{found} instead of {cosine}");
    }
}

#[test]
fn a_file_that_is_no_picture_is_said_and_the_others_go_on() {
    let folder = classes();
    let broken = folder.path().join("animal/broken.jpg");
    fs::write(&broken, "no picture").unwrap();
    let name = folder.path().display().to_string();
    let (code, said, errors) = run(&["classify", &name, "--labels", "cat,bridge", "--json"]);
    assert_eq!(code, Some(3), "{errors}");
    assert_eq!(said.lines().count(), 6, "{said}");
    assert!(errors.contains("animal/broken.jpg: "), "{errors}");
    let broken: Vec<&str> = said.lines().filter(|line| line.contains("\"error\"")).collect();
    assert!(broken.len() == 1 && broken[0].contains("broken.jpg"), "{said}");
}

#[test]
fn words_that_cannot_be_used_are_said_before_any_picture() {
    let cat = sample("cat");
    for (words, code, expected) in [
        (vec!["classify", "/no/such.jpg", "--labels", "a,b"], 1, "/no/such.jpg cannot be read"),
        (vec!["classify", &cat], 2, "--labels"),
        (vec!["classify", &cat, "--labels", "a,b", "--template", "none"], 1, "{}"),
        (vec!["classify", &cat, "--labels", "a,b", "--model", "/no/such"], 1, "neither a file or folder"),
        (vec!["ask", "why?", &cat], 1, ""),
        (vec!["embed"], 2, "--out"),
        (vec!["embed", "/no/such", "--out", "x.parquet"], 1, "there is no folder /no/such"),
        (vec!["embed", ".", "--out", "x.csv"], 1, ".parquet, .npy or .safetensors"),
        (vec!["search", "/no/such.parquet", "cat"], 1, "/no/such.parquet cannot be read"),
        (vec!["search", &cat, "cat"], 1, "no Parquet file"),
        (vec!["search", &cat, " "], 1, "say nothing"),
        (vec!["describe", &cat, "--most", "0"], 2, "--most"),
        (vec!["teach", "/no/such", "--out", "x"], 1, "there is no folder /no/such"),
        (vec!["info", "/no/such.parquet"], 1, "cannot be read"),
    ] {
        let (ended, said, errors) = run(&words);
        assert_eq!(ended, Some(code), "{words:?}: {errors}");
        assert!(said.is_empty() && errors.contains(expected), "{words:?}: {errors}");
        assert!(!errors.contains("panicked"), "{words:?}: {errors}");
    }
}

#[test]
fn a_taught_classifier_classifies() {
    let folder = classes();
    let (name, file) =
        (folder.path().display().to_string(), folder.path().join("own.classifier.safetensors"));
    let file = file.display().to_string();
    let said = lines(&["teach", &name, "--out", &file, "--test", &name, "--json"]);
    assert_eq!(said[0]["tested"]["of"], 5);
    assert_eq!(said[0]["about"]["classes"], serde_json::json!(["animal", "bridge", "flower"]));
    assert_eq!(said[0]["about"]["examples"], 5);
    let said = lines(&["classify", &sample("bridge"), "--classifier", &file, "--json"]);
    assert_eq!(said[0]["scores"][0]["label"], "bridge");
    let (code, text, _) = run(&["info", &file]);
    assert!(code == Some(0) && text.contains("animal, bridge, flower"), "{text}");
    // Another model's vectors mean nothing to it, and a picture is no classifier.
    let (code, _, errors) = run(&["classify", &sample("cat"), "--classifier", &sample("cat")]);
    assert_eq!(code, Some(1), "{errors}");
}

#[test]
fn pictures_are_described_and_asked_about() {
    let cat = sample("cat");
    let said = lines(&["describe", &cat, "--json", "--most", "3"]);
    let phrases = said[0]["phrases"].as_array().unwrap();
    assert!(
        (1..=3).contains(&phrases.len()) && said[0]["description"].as_str().unwrap().len() > 3,
        "{said:?}"
    );
    let said = lines(&["ask", "Is it an animal or a vehicle?", &cat, "--json"]);
    assert_eq!(said[0]["answers"][0]["answer"], "animal", "{said:?}");
    let said = lines(&["ask", "What is it?", &cat, "--answer", "bridge", "--answer", "cat", "--json"]);
    assert_eq!(said[0]["answers"][0]["answer"], "cat", "{said:?}");
}

#[test]
fn completions_and_man_pages_have_every_command() {
    let folder = tempfile::tempdir().unwrap();
    let (code, script, _) = run(&["completions", "bash"]);
    assert_eq!(code, Some(0));
    let (code, _, errors) = run(&["man", folder.path().to_str().unwrap()]);
    assert_eq!(code, Some(0), "{errors}");
    let whole = fs::read_to_string(folder.path().join("semblance.1")).unwrap();
    assert!(whole.starts_with(".ie") || whole.contains(".TH"), "{whole}");
    for command in
        ["classify", "similarity", "embed", "search", "describe", "ask", "teach", "evaluate", "pack", "info"]
    {
        assert!(script.contains(&format!("semblance__{command}")) || script.contains(command), "{command}");
        let page = fs::read_to_string(folder.path().join(format!("semblance-{command}.1"))).unwrap();
        assert!(page.contains(".SH") && page.len() > 300, "{command}: {page}");
    }
}

#[test]
fn that_nobody_reads_on_is_no_fault() {
    for words in [&["info"][..], &["completions", "bash"], &["classify", &sample("cat"), "--labels", "a,b"]] {
        let mut program = Command::new(env!("CARGO_BIN_EXE_semblance"));
        program.args(words).env("SEMBLANCE_MODEL", repository("models/pocket"));
        let mut child = program.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        let errors = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), errors.as_str()), (Some(141), ""), "{words:?}");
    }
}
