//! From the command line's words to files, and sentences for what cannot be used.

use std::fs;
use std::path::Path;

use clap::Parser;
use finetune::command::{Args, command};
use finetune::report::Run;
use semblance::Clip;

use crate::example::{draw, model};

#[derive(Parser)]
struct Words {
    #[command(flatten)]
    args: Args,
}

fn run(words: &[&str]) -> anyhow::Result<()> {
    command(&Words::parse_from([&["finetune"], words].concat()).args)
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn a_run_leaves_a_model_and_its_figures() {
    let folder = tempfile::tempdir().unwrap();
    let [pictures, test] = ["pictures", "test"].map(|name| folder.path().join(name));
    draw(&pictures, 8);
    draw(&test, 3);
    fs::write(pictures.join("red/broken.jpg"), b"no picture").unwrap();
    let model = model("quick-gelu-p8");
    let words = [text(&pictures), "--model", text(&model), "--test", text(&test), "--name", "colours"];
    let more = ["--lr", "0.003", "--batch", "8", "--epochs", "8", "--template", "{}"];
    run(&[&words[..], &more].concat()).unwrap();

    let out = folder.path().join("finetuned");
    let read = || serde_json::from_str::<Run>(&fs::read_to_string(out.join("run.json")).unwrap()).unwrap();
    let found = read();
    assert_eq!(found.classes, ["blue", "dark green", "red"]);
    assert_eq!((found.skipped, found.epochs.len()), (1, 8));
    let [validation, test] = &found.figures[..] else { panic!("two sets: {:?}", found.figures) };
    assert_eq!((validation.set.as_str(), test.set.as_str(), test.before.pictures), ("validation", "test", 9));
    assert!(test.after.loss < 0.8 * test.before.loss, "{test:?}");
    assert!(test.after.accuracy > test.before.accuracy && test.after.accuracy > 0.9, "{test:?}");
    assert!((test.written - test.after.accuracy).abs() < 0.12, "one of nine at most: {test:?}");
    Clip::load(out.join("huggingface")).unwrap();
    assert!(out.join("bundle/manifest.json").is_file() && out.join("colours-q8_0.gguf").is_file());
    let card = fs::read_to_string(out.join("huggingface/README.md")).unwrap();
    let figures = format!("| {:.1} % | {:.1} % |", 100.0 * test.before.accuracy, 100.0 * test.after.accuracy);
    assert!(card.starts_with("---\nlicense: unknown\n") && card.contains(&figures), "{card}");

    // It is finished: going on changes nothing.
    run(&[&words[..], &more, &["--resume"]].concat()).unwrap();
    assert_eq!(read(), found);
    let message = run(&[&words[..], &["--resume"]].concat()).unwrap_err().to_string();
    assert!(message.contains("another batch, epochs, learning rate, template"), "{message}");
}

#[test]
fn what_cannot_be_used_gets_a_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    draw(&at("fine"), 2);
    for (name, files) in
        [("empty", &[] as &[&str]), ("one", &["a/1.jpg"]), ("broken", &["a/1.jpg", "a/2.jpg", "b/1.jpg"])]
    {
        fs::create_dir_all(at(name)).unwrap();
        for file in files {
            fs::create_dir_all(at(name).join(file).parent().unwrap()).unwrap();
            fs::write(at(name).join(file), b"no picture").unwrap();
        }
    }
    draw(&at("half"), 2);
    fs::create_dir(at("half/grey")).unwrap();
    fs::write(at("half/grey/1.png"), b"no picture").unwrap();
    let model = model("quick-gelu-p8");
    let (model, one) = (text(&model), at("one"));
    let cases: [(&str, &[&str], &str); 10] = [
        ("none", &["--model", model], "there is no folder"),
        ("empty", &["--model", model], "no sub-folders with pictures"),
        ("one", &["--model", model], "one class only, “a”"),
        (
            "broken",
            &["--model", model],
            "the training pictures cannot be used: none of 2 pictures can be read",
        ),
        ("half", &["--model", model], "none of the pictures of “grey” can be trained on"),
        ("fine", &["--model", "/no/such/model"], "/no/such/model is neither a file or folder"),
        ("fine", &["--model", model, "--blocks", "9"], "--blocks 9: the image tower has 2"),
        ("fine", &["--model", model, "--val", text(&one)], "a class “a”, of which there are no pictures"),
        ("fine", &["--model", model, "--template", "a photo"], "has no {}"),
        ("fine", &["--model", model, "--lr", "0"], "--lr 0: it is a number above 0"),
    ];
    let mut wrong = Vec::new();
    for (name, words, part) in cases {
        match run(&[&[text(&at(name))], words].concat()) {
            Ok(()) => wrong.push(format!("{name} {words:?}: no error")),
            Err(error) => {
                let message = format!("{error:#}");
                if !message.contains(part) {
                    wrong.push(format!("{name} {words:?}: {message}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
