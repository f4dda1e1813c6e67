//! `semblance embed` from end to end: killed and gone on with, brought up to date, the same bytes however it was run, and what
//! `search` finds in it.

// A test that cannot run the program has failed.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::thread::sleep;
use std::time::{Duration, Instant};

use arrow_array::cast::AsArray;
use arrow_array::types::Float32Type;
use arrow_array::{Array, BinaryArray, RecordBatch, StringArray};
use arrow_ipc::reader::StreamReader;
use arrow_ipc::writer::StreamWriter;
use arrow_schema::{DataType, Field, Schema};
use safetensors::SafeTensors;
use semblance::{Clip, Picture};
use semblance_cli::vectors::{About, Reader, Row, Wanted};
use serde_json::Value;
use tempfile::TempDir;

const SAMPLES: [&str; 5] = ["bee", "bridge", "cat", "dandelion", "moose"];
const PICTURES: usize = 60;

fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path).canonicalize().unwrap()
}

/// A folder of `count` pictures in three folders, each with a content of its own, in `pictures/`.
fn pictures(count: usize) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for at in 0..count {
        let inside = folder.path().join(format!("pictures/{}", at % 3));
        fs::create_dir_all(&inside).unwrap();
        let mut bytes = fs::read(repository(&format!("assets/samples/{}.jpg", SAMPLES[at % 5]))).unwrap();
        // What follows a JPEG's end is none of it.
        bytes.extend(at.to_le_bytes());
        fs::write(inside.join(format!("{at:03}.jpg")), bytes).unwrap();
    }
    folder
}

fn program(folder: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_semblance"));
    command.current_dir(folder).args(words).env("SEMBLANCE_MODEL", repository("models/pocket"));
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// What it says, in JSON, and how it ends.
fn embed(folder: &Path, out: &str, more: &[&str]) -> (Option<i32>, Value, String) {
    let words = [&["embed", "pictures", "--out", out, "--json"], more].concat();
    let output = program(folder, &words).output().unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    let last = said.lines().last().map_or(Value::Null, |line| serde_json::from_str(line).unwrap());
    (output.status.code(), last, errors)
}

fn rows(file: &Path) -> (About, Vec<Row>) {
    let (about, count) = Reader::about(file).unwrap();
    let mut reader = Reader::open([file.to_owned()], &about, Wanted::All).unwrap();
    let mut rows = Vec::new();
    while let Some(row) = reader.next_row().unwrap() {
        rows.push(row);
    }
    assert_eq!(rows.len(), count);
    (about, rows)
}

#[test]
fn rows_are_the_pictures_and_the_bytes_are_the_same_however_it_runs() {
    let folder = pictures(7);
    let (code, said, errors) = embed(folder.path(), "a.parquet", &["--dtype", "f32"]);
    assert_eq!((code, &said["rows"], &said["added"]), (Some(0), &7.into(), &7.into()), "{errors}");
    let (about, found) = rows(&folder.path().join("a.parquet"));
    assert_eq!((about.compute.as_str(), about.model.as_str()), ("f32", "pocket"));
    let clip = Clip::load(repository("models/pocket")).unwrap();
    for row in &found {
        let file = folder.path().join("pictures").join(&row.path);
        let picture = Picture::open(&file).unwrap();
        let (width, height) = picture.size();
        assert_eq!((row.width, row.height), (width as i32, height as i32));
        assert_eq!(row.size as u64, file.metadata().unwrap().len());
        let expected = clip.embed_images(&[picture]).unwrap().remove(0);
        assert_eq!(row.vector, expected, "{}", row.path);
    }
    let paths: Vec<&str> = found.iter().map(|row| row.path.as_str()).collect();
    assert_eq!(
        paths,
        ["0/000.jpg", "0/003.jpg", "0/006.jpg", "1/001.jpg", "1/004.jpg", "2/002.jpg", "2/005.jpg"]
    );
    for (out, more) in [
        ("b.parquet", &["--jobs", "1", "--batch", "1", "--threads", "1"][..]),
        ("c.parquet", &["--jobs", "3", "--batch", "5", "--threads", "2"]),
    ] {
        embed(folder.path(), out, &[more, &["--dtype", "f32"]].concat());
        let same =
            fs::read(folder.path().join(out)).unwrap() == fs::read(folder.path().join("a.parquet")).unwrap();
        assert!(same, "{more:?} writes another file");
    }
}

/// Wait until a part is written, and a little more.
fn wait_for_part(folder: &Path, child: &mut Child, more: Duration) -> bool {
    let begun = Instant::now();
    loop {
        let parts = fs::read_dir(folder.join(".index.parquet.parts")).map_or(0, |all| {
            all.flatten().filter(|one| one.path().extension().is_some_and(|end| end == "parquet")).count()
        });
        if child.try_wait().unwrap().is_some() {
            return false;
        }
        if parts > 0 {
            sleep(more);
            return true;
        }
        assert!(begun.elapsed() < Duration::from_secs(120), "no part is written");
        sleep(Duration::from_millis(5));
    }
}

#[test]
fn killed_at_any_point_nothing_is_lost_and_nothing_is_there_twice() {
    let folder = pictures(PICTURES);
    let (code, ..) = embed(folder.path(), "whole.parquet", &[]);
    assert_eq!(code, Some(0));
    let words = ["embed", "pictures", "--out", "index.parquet", "--batch", "4", "--part", "8"];
    let (mut kills, mut kept) = (0, 0);
    // Killed again and again, each time a little later, until one gets to the end.
    for round in 0..20 {
        let mut child = program(folder.path(), &words).spawn().unwrap();
        let alive = match round {
            // Before anything is there.
            0 => {
                sleep(Duration::from_millis(30));
                true
            }
            _ => wait_for_part(folder.path(), &mut child, Duration::from_millis(40 * round)),
        };
        let ended = !alive || child.try_wait().unwrap().is_some();
        child.kill().unwrap();
        let code = child.wait().unwrap().code();
        if ended {
            assert_eq!(code, Some(0));
            break;
        }
        kills += 1;
        let parts = folder.path().join(".index.parquet.parts");
        let now = fs::read_dir(&parts).map_or(0, |all| {
            all.flatten().filter(|one| one.path().extension().is_some_and(|end| end == "parquet")).count()
        });
        assert!(now >= kept, "a part that was written is gone: {now} after {kept}");
        kept = now;
    }
    assert!(kills > 1, "it was killed {kills} times");
    let (code, said, errors) = embed(folder.path(), "index.parquet", &[]);
    assert_eq!((code, &said["rows"], &said["failed"]), (Some(0), &PICTURES.into(), &0.into()), "{errors}");
    let same = fs::read(folder.path().join("index.parquet")).unwrap()
        == fs::read(folder.path().join("whole.parquet")).unwrap();
    assert!(same, "what was killed {kills} times is another file than what was not");
    assert!(!folder.path().join(".index.parquet.parts").exists());
}

#[test]
fn a_file_is_brought_up_to_date() {
    let folder = pictures(6);
    embed(folder.path(), "index.parquet", &[]);
    let before = fs::read(folder.path().join("index.parquet")).unwrap();
    let (code, said, _) = embed(folder.path(), "index.parquet", &[]);
    assert_eq!((code, &said["added"], &said["unchanged"]), (Some(0), &0.into(), &6.into()));
    assert!(before == fs::read(folder.path().join("index.parquet")).unwrap(), "nothing has changed");
    let inside = folder.path().join("pictures");
    fs::remove_file(inside.join("0/000.jpg")).unwrap();
    fs::copy(repository("assets/samples/moose.jpg"), inside.join("1/001.jpg")).unwrap();
    fs::copy(repository("assets/samples/cat.jpg"), inside.join("new.jpg")).unwrap();
    fs::write(inside.join("2/broken.png"), "no picture").unwrap();
    let (code, said, errors) = embed(folder.path(), "index.parquet", &[]);
    assert_eq!(code, Some(3), "{errors}");
    assert!(errors.contains("2/broken.png is left out"), "{errors}");
    let counts = ["added", "unchanged", "removed", "failed", "rows"].map(|name| said[name].as_u64().unwrap());
    assert_eq!(counts, [2, 4, 1, 1, 6], "{said}");
    embed(folder.path(), "anew.parquet", &[]);
    let same = fs::read(folder.path().join("index.parquet")).unwrap()
        == fs::read(folder.path().join("anew.parquet")).unwrap();
    assert!(same, "brought up to date it is what it would be anew");
    // Other vectors are not mixed with these.
    let (code, _, errors) = embed(folder.path(), "index.parquet", &["--dtype", "f32"]);
    assert!(code == Some(1) && errors.contains("--dtype"), "{errors}");
    let (code, _, errors) = embed(folder.path(), "index.parquet", &["--vectors", "f16"]);
    assert!(code == Some(1) && errors.contains("--vectors"), "{errors}");
}

#[test]
fn one_process_at_a_time_writes_a_file() {
    let folder = pictures(PICTURES);
    let words = ["embed", "pictures", "--out", "index.parquet", "--batch", "1", "--part", "1"];
    let mut first = program(folder.path(), &words).spawn().unwrap();
    assert!(wait_for_part(folder.path(), &mut first, Duration::ZERO));
    let (code, _, errors) = embed(folder.path(), "index.parquet", &[]);
    assert!(code == Some(1) && errors.contains("another process"), "{code:?} {errors}");
    assert_eq!(first.wait().unwrap().code(), Some(0));
}

#[test]
fn arrays_have_the_same_rows() {
    let folder = pictures(5);
    embed(folder.path(), "index.parquet", &[]);
    let (_, expected) = rows(&folder.path().join("index.parquet"));
    for (out, vectors) in
        [("x.npy", "f32"), ("y.safetensors", "f32"), ("z.safetensors", "f16"), ("h.parquet", "f16")]
    {
        let (code, said, errors) = embed(folder.path(), out, &["--vectors", vectors]);
        assert_eq!((code, &said["rows"]), (Some(0), &5.into()), "{errors}");
        let bytes = fs::read(folder.path().join(out)).unwrap();
        let dim = expected[0].vector.len();
        let found: Vec<f32> = match out {
            "x.npy" => {
                let header = String::from_utf8_lossy(&bytes[10..1024]).into_owned();
                let shape = format!("{{'descr': '<f4', 'fortran_order': False, 'shape': (5, {dim}), }}");
                assert!(header.starts_with(&shape) && header.ends_with('\n'), "{header}");
                assert_eq!(&bytes[..10], b"\x93NUMPY\x01\x00\xf6\x03");
                bytes[1024..]
                    .chunks_exact(4)
                    .map(|four| f32::from_le_bytes(four.try_into().unwrap()))
                    .collect()
            }
            "h.parquet" => rows(&folder.path().join(out)).1.into_iter().flat_map(|row| row.vector).collect(),
            _ => {
                let tensors = SafeTensors::deserialize(&bytes).unwrap();
                let tensor = tensors.tensor("vectors").unwrap();
                assert_eq!(tensor.shape(), [5, dim]);
                match vectors {
                    "f32" => tensor
                        .data()
                        .as_chunks::<4>()
                        .0
                        .iter()
                        .map(|four| f32::from_le_bytes(*four))
                        .collect(),
                    _ => {
                        let halves = tensor.data().as_chunks::<2>().0;
                        halves.iter().map(|two| half::f16::from_le_bytes(*two).to_f32()).collect()
                    }
                }
            }
        };
        let most = if vectors == "f32" { 0.0 } else { 0.000_5 };
        let expected_numbers = expected.iter().flat_map(|row| &row.vector);
        assert_eq!(found.len(), 5 * dim);
        assert!(found.iter().zip(expected_numbers).all(|(a, b)| (a - b).abs() <= most), "{out}");
        if out.ends_with(".parquet") {
            continue;
        }
        let table = fs::read_to_string(folder.path().join(out).with_extension("csv")).unwrap();
        let paths: Vec<&str> = table.lines().skip(1).map(|line| line.split(',').next().unwrap()).collect();
        assert!(paths.iter().eq(expected.iter().map(|row| &row.path)), "{table}");
        let (code, _, errors) = embed(folder.path(), out, &[]);
        assert!(code == Some(1) && errors.contains("is there already"), "{errors}");
    }
}

#[test]
fn search_finds_what_every_comparison_finds() {
    let folder = pictures(10);
    embed(folder.path(), "index.parquet", &["--dtype", "f32"]);
    let (_, all) = rows(&folder.path().join("index.parquet"));
    let search = |words: &[&str]| -> Vec<(String, f64)> {
        let words = [&["search", "index.parquet", "--json", "--dtype", "f32"], words].concat();
        let output = program(folder.path(), &words).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let said = String::from_utf8(output.stdout).unwrap();
        let line = |line: &str| -> Value { serde_json::from_str(line).unwrap() };
        said.lines()
            .map(line)
            .map(|one| (one["path"].as_str().unwrap().into(), one["cosine"].as_f64().unwrap()))
            .collect()
    };
    let mut clip = Clip::load(repository("models/pocket")).unwrap();
    let query = clip.embed_texts(&["a photo of a cat"]).unwrap().remove(0);
    let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum::<f64>();
    let mut expected: Vec<(&str, f64)> =
        all.iter().map(|row| (row.path.as_str(), dot(&row.vector, &query))).collect();
    expected.sort_by(|a, b| b.1.total_cmp(&a.1));
    let found = search(&["a photo of a cat", "--top", "10"]);
    assert_eq!(found.len(), 10);
    for ((_, cosine), (path, expected)) in found.iter().zip(&expected) {
        assert!((cosine - expected).abs() < 1e-6, "{path}: {cosine} instead of {expected}");
    }
    // The cats are pictures 2 and 7.
    let cats = |found: &[(String, f64)]| {
        found[..2].iter().all(|(path, _)| ["2/002.jpg", "1/007.jpg"].contains(&path.as_str()))
    };
    assert!(cats(&found), "{found:?}");
    assert!(cats(&search(&["--picture", repository("assets/samples/cat.jpg").to_str().unwrap()])));
    let like = search(&["--like", "2/002.jpg", "--top", "3"]);
    assert_eq!((like[0].0.as_str(), like.len()), ("1/007.jpg", 3), "itself is not among them");
    let without = search(&["a photo of an animal", "--without", "a photo of a cat", "--top", "10"]);
    let place = |path: &str| without.iter().position(|(found, _)| found == path).unwrap();
    assert!(place("2/002.jpg") > 2, "{without:?}");
    let output =
        program(folder.path(), &["search", "index.parquet", "--like", "no/such.jpg"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn a_stream_of_pictures_becomes_a_stream_of_vectors() {
    let folder = pictures(5);
    embed(folder.path(), "index.parquet", &[]);
    let (_, expected) = rows(&folder.path().join("index.parquet"));
    let path = |row: &Row| folder.path().join("pictures").join(&row.path).display().to_string();
    let text = |name: &str| Field::new(name, DataType::Utf8, true);
    let bytes: Vec<Option<Vec<u8>>> = expected.iter().map(|row| fs::read(path(row)).ok()).collect();
    // Two batches: pictures themselves with keys, the last a broken one and one that is missing.
    let schema = Arc::new(Schema::new(vec![text("key"), Field::new("bytes", DataType::Binary, true)]));
    let one = |keys: Vec<&str>, bytes: Vec<Option<&[u8]>>| {
        let columns: Vec<Arc<dyn Array>> =
            vec![Arc::new(StringArray::from(keys)), Arc::new(BinaryArray::from(bytes))];
        RecordBatch::try_new(schema.clone(), columns).unwrap()
    };
    let all: Vec<Option<&[u8]>> = bytes.iter().map(Option::as_deref).collect();
    let first = one(expected.iter().map(|row| row.path.as_str()).collect(), all);
    let second = one(vec!["broken", "missing"], vec![Some(b"no picture"), None]);
    let mut child =
        program(folder.path(), &["embed", "--arrow", "--batch", "2"]).stdin(Stdio::piped()).spawn().unwrap();
    let mut writer = StreamWriter::try_new(child.stdin.take().unwrap(), &schema).unwrap();
    // The first is answered before the second is sent.
    writer.write(&first).unwrap();
    writer.flush().unwrap();
    let mut reader = StreamReader::try_new(child.stdout.take().unwrap(), None).unwrap();
    let answer = reader.next().unwrap().unwrap();
    let keys = answer.column_by_name("key").unwrap().as_string::<i32>();
    let vectors = answer.column_by_name("vector").unwrap().as_list::<i32>();
    assert_eq!(answer.num_rows(), 5);
    for (at, row) in expected.iter().enumerate() {
        assert_eq!(keys.value(at), row.path);
        assert_eq!(vectors.value(at).as_primitive::<Float32Type>().values(), &row.vector[..]);
    }
    assert_eq!(answer.column_by_name("error").unwrap().null_count(), 5);
    writer.write(&second).unwrap();
    writer.finish().unwrap();
    drop(writer);
    let answer = reader.next().unwrap().unwrap();
    assert_eq!(answer.column_by_name("vector").unwrap().null_count(), 2);
    let errors = answer.column_by_name("error").unwrap().as_string::<i32>();
    assert!(errors.value(0).contains("no picture") && errors.value(1).contains("neither"), "{errors:?}");
    assert!(reader.next().is_none());
    assert_eq!(child.wait().unwrap().code(), Some(3));

    // Paths alone, as Spark names them.
    let schema = Arc::new(Schema::new(vec![text("path")]));
    let paths = StringArray::from_iter_values(expected.iter().map(|row| format!("file:{}", path(row))));
    let batch = RecordBatch::try_new(schema.clone(), vec![Arc::new(paths)]).unwrap();
    let mut stream = Vec::new();
    let mut writer = StreamWriter::try_new(&mut stream, &schema).unwrap();
    writer.write(&batch).unwrap();
    writer.finish().unwrap();
    drop(writer);
    let mut child = program(folder.path(), &["embed", "--arrow"]).stdin(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(&stream).unwrap();
    let mut reader = StreamReader::try_new(child.stdout.take().unwrap(), None).unwrap();
    let answer = reader.next().unwrap().unwrap();
    assert!(reader.next().is_none());
    let vectors = answer.column_by_name("vector").unwrap().as_list::<i32>();
    for (at, row) in expected.iter().enumerate() {
        assert_eq!(vectors.value(at).as_primitive::<Float32Type>().values(), &row.vector[..]);
    }
    assert_eq!(child.wait().unwrap().code(), Some(0));

    // What is no stream, and one that ends in the middle.
    for (input, expected) in
        [(&b"no stream"[..], "no Arrow IPC stream"), (&stream[..stream.len() / 2], "standard input")]
    {
        let mut child = program(folder.path(), &["embed", "--arrow"]).stdin(Stdio::piped()).spawn().unwrap();
        // It may have ended before all is written.
        let _ = child.stdin.take().unwrap().write_all(input);
        let output = child.wait_with_output().unwrap();
        let errors = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.code() == Some(1) && errors.contains(expected), "{errors}");
    }
}

#[test]
fn what_is_no_whole_picture_is_said() {
    let folder = pictures(2);
    let bad = repository("tests/pictures/bad");
    let mut names = Vec::new();
    for entry in fs::read_dir(bad).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        fs::copy(entry.path(), folder.path().join("pictures").join(&name)).unwrap();
        names.push(name);
    }
    let (code, said, errors) = embed(folder.path(), "index.parquet", &[]);
    assert_eq!(code, Some(3), "{errors}");
    assert_eq!((&said["rows"], &said["failed"]), (&2.into(), &10.into()), "{errors}");
    for name in names {
        assert!(errors.contains(&format!("{name} is left out: ")), "{name}: {errors}");
    }
    assert!(errors.contains("400 megapixels") && errors.contains("ends too early"), "{errors}");
}

#[test]
fn what_is_there_is_not_lost() {
    let folder = pictures(6);
    let (index, inside) = (folder.path().join("index.parquet"), folder.path().join("pictures"));
    embed(folder.path(), "index.parquet", &[]);
    let before = fs::read(&index).unwrap();
    // A folder that is not mounted.
    fs::rename(&inside, folder.path().join("away")).unwrap();
    fs::create_dir(&inside).unwrap();
    let (code, _, errors) = embed(folder.path(), "index.parquet", &[]);
    assert!(code == Some(1) && errors.contains("there is no picture in"), "{errors}");
    assert!(before == fs::read(&index).unwrap());
    fs::remove_dir(&inside).unwrap();
    fs::rename(folder.path().join("away"), &inside).unwrap();

    // Somebody's own table where an array's would be.
    fs::write(folder.path().join("x.csv"), "my own").unwrap();
    let (code, _, errors) = embed(folder.path(), "x.npy", &[]);
    assert!(code == Some(1) && errors.contains("x.csv is there already"), "{errors}");
    assert_eq!(fs::read(folder.path().join("x.csv")).unwrap(), b"my own");
    assert!(!folder.path().join(".x.npy.parts").exists());

    // A link to nowhere is one picture's, and what is gone goes all the same.
    std::os::unix::fs::symlink("/no/such", inside.join("1/nowhere.jpg")).unwrap();
    fs::remove_file(inside.join("0/000.jpg")).unwrap();
    let (code, said, errors) = embed(folder.path(), "index.parquet", &[]);
    assert_eq!((code, &said["removed"], &said["rows"]), (Some(3), &1.into(), &5.into()), "{errors}");
    // Of a folder that turns in a circle rows stay, though they are not seen.
    fs::remove_dir_all(inside.join("2")).unwrap();
    std::os::unix::fs::symlink(".", inside.join("2")).unwrap();
    let (code, said, errors) = embed(folder.path(), "index.parquet", &[]);
    assert_eq!((code, &said["removed"], &said["rows"]), (Some(3), &0.into(), &5.into()), "{errors}");

    // A link stays a link.
    fs::rename(&index, folder.path().join("true.parquet")).unwrap();
    std::os::unix::fs::symlink("true.parquet", &index).unwrap();
    fs::copy(repository("assets/samples/cat.jpg"), inside.join("new.jpg")).unwrap();
    let (code, ..) = embed(folder.path(), "index.parquet", &[]);
    assert_eq!(code, Some(3));
    assert!(index.is_symlink());
    assert_eq!(rows(&folder.path().join("true.parquet")).1.len(), 6);
}

#[test]
fn what_an_interrupted_run_left_outlives_an_empty_folder() {
    let folder = pictures(PICTURES);
    let words = ["embed", "pictures", "--out", "index.parquet", "--batch", "1", "--part", "1"];
    let mut child = program(folder.path(), &words).spawn().unwrap();
    assert!(wait_for_part(folder.path(), &mut child, Duration::ZERO));
    child.kill().unwrap();
    child.wait().unwrap();
    let (inside, away) = (folder.path().join("pictures"), folder.path().join("away"));
    fs::rename(&inside, &away).unwrap();
    fs::create_dir(&inside).unwrap();
    let (code, _, errors) = embed(folder.path(), "index.parquet", &[]);
    assert!(code == Some(1) && errors.contains("there is no picture in"), "{errors}");
    fs::remove_dir(&inside).unwrap();
    fs::rename(&away, &inside).unwrap();
    let (code, said, errors) = embed(folder.path(), "index.parquet", &[]);
    assert_eq!((code, &said["rows"]), (Some(0), &PICTURES.into()), "{errors}");
    assert!(said["unchanged"].as_u64().unwrap() > 0, "nothing was kept: {said}");
}
