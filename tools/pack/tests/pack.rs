//! Small models → bundles, read back by the engine and compared with what Hugging Face computed.

// A test that cannot read its golden has failed.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};

use safetensors::SafeTensors;
use semblance::captioner::{Ability, CaptionOptions, Captioner, Limits, Teller};
use semblance::model::generator::Next;
use semblance::{Bundle, Clip, Compute, Picture, bundle, model::Towers};
use semblance_pack::encoding::Dtype;
use semblance_pack::fidelity::{Cosines, cosines, load};
use semblance_pack::manifest::{self, Manifest};
use semblance_pack::pack::{Packed, Wish, pack};
use semblance_pack::pieces::sha256_of;
use semblance_pack::repository::Fetched;
use semblance_pack::source::{self, Source};

fn golden(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden").join(path)
}

fn wish(dtype: Dtype) -> Wish {
    Wish {
        name: "small".into(),
        title: "A small model".into(),
        licence: "MIT".into(),
        dtype,
        single: false,
        logit_scale: None,
    }
}

fn source(path: &Path) -> Source {
    source::find(path.to_str().unwrap(), Path::new("nowhere")).unwrap()
}

fn packed(path: &Path, dtype: Dtype, out: &Path) -> Packed {
    pack(&source(path), &wish(dtype), out).unwrap_or_else(|e| panic!("{}: {e:#}", path.display()))
}

type Vectors = Vec<Vec<f32>>;

/// The golden's pictures and texts through the model: (found, expected), images first.
fn embeddings(clip: &mut Clip, folder: &Path) -> [(Vectors, Vectors); 2] {
    let bytes = fs::read(folder.join("golden.safetensors")).unwrap();
    let tensors = SafeTensors::deserialize(&bytes).unwrap();
    let rows = |name: &str| {
        let view = tensors.tensor(name).unwrap();
        let numbers: Vec<f32> =
            view.data().as_chunks::<4>().0.iter().map(|b| f32::from_le_bytes(*b)).collect();
        numbers.chunks(view.shape()[1]).map(<[f32]>::to_vec).collect::<Vec<_>>()
    };
    let prefix = if tensors.tensor("f32/image_embeds").is_ok() { "f32/" } else { "" };
    let view = tensors.tensor("pixels").unwrap();
    let &[_, height, width, 3] = view.shape() else { panic!("{:?}", view.shape()) };
    let picture = |rgb: &[u8]| {
        let rgba = rgb.as_chunks::<3>().0.iter().flat_map(|&[r, g, b]| [r, g, b, 255]).collect();
        Picture::from_rgba(rgba, width as u32, height as u32).unwrap()
    };
    let pictures: Vec<_> = view.data().chunks_exact(3 * width * height).map(picture).collect();
    let about: serde_json::Value =
        serde_json::from_slice(&fs::read(folder.join("golden.json")).unwrap()).unwrap();
    let texts: Vec<&str> =
        about["texts"].as_array().unwrap().iter().map(|text| text["text"].as_str().unwrap()).collect();
    [
        (clip.embed_images(&pictures).unwrap(), rows(&format!("{prefix}image_embeds"))),
        (clip.embed_texts(&texts).unwrap(), rows(&format!("{prefix}text_embeds"))),
    ]
}

fn worst(clip: &mut Clip, folder: &Path) -> f32 {
    let worst = |(a, b): (Vectors, Vectors)| cosines(&a, &b).unwrap().worst;
    embeddings(clip, folder).map(worst).into_iter().fold(1.0, f32::min)
}

/// The manifest says of the folder what is there, and nothing else is there.
fn adds_up(folder: &Path) -> Manifest {
    let manifest = manifest::read(folder).unwrap();
    let mut whole = Vec::new();
    for piece in &manifest.pieces {
        let path = folder.join(&piece.url);
        let bytes = fs::read(&path).unwrap();
        assert_eq!((bytes.len() as u64, sha256_of(&path).unwrap()), (piece.bytes, piece.sha256.clone()));
        assert!(piece.bytes <= 4 << 20);
        whole.extend(bytes);
    }
    assert_eq!(whole.len() as u64, manifest.bytes);
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), &whole).unwrap();
    assert_eq!(sha256_of(file.path()).unwrap(), manifest.sha256);
    let mut there: Vec<_> =
        fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    let mut named: Vec<_> = manifest.pieces.iter().map(|piece| piece.url.clone()).collect();
    named.push("manifest.json".into());
    there.sort();
    named.sort();
    named.dedup();
    assert_eq!(there, named);
    manifest
}

#[test]
fn every_encoding_is_read_back() {
    let out = tempfile::tempdir().unwrap();
    // Rows of whole blocks of 32, and not; in f16, bf16 and f32; and of 256 nowhere.
    for model in ["b-32", "h-14", "gelu-p14", "quick-gelu-p32", "one-patch"] {
        let folder = golden(&format!("models/{model}"));
        for dtype in Dtype::ALL {
            let out = out.path().join(dtype.name());
            packed(&folder, dtype, &out);
            let manifest = adds_up(&out);
            assert_eq!(manifest.about.dtype, dtype.name());
            let cosine = worst(&mut Clip::load(&out).unwrap(), &folder);
            // Random weights in four bits: a rough bound, against gross mistakes.
            let least = match dtype {
                Dtype::F32 => 0.999_999,
                Dtype::F16 => 0.9999,
                Dtype::Q8_0 => 0.999,
                Dtype::Q4_0 | Dtype::Q4K => 0.75,
            };
            assert!(cosine > least, "{model} in {}: {cosine}", dtype.name());
        }
    }
}

#[test]
fn every_layout_makes_the_same_bundle() {
    let out = tempfile::tempdir().unwrap();
    for (layout, model) in [
        ("layouts/sharded", "models/quick-gelu-p32"),
        ("layouts/open-clip", "models/b-32"),
        ("layouts/clip-cpp/clip-cpp-f16.gguf", "models/b-16"),
    ] {
        let mut wish = wish(Dtype::Q8_0);
        if layout.ends_with(".gguf") {
            let error =
                pack(&source(&golden(layout)), &wish, out.path()).map(|_| ()).unwrap_err().to_string();
            assert!(error.contains("--logit-scale"), "{error}");
            wish.logit_scale = Some(100.0);
        }
        pack(&source(&golden(layout)), &wish, out.path()).unwrap();
        adds_up(out.path());
        let cosine = worst(&mut Clip::load(out.path()).unwrap(), &golden(model));
        assert!(cosine > 0.999, "{layout}: {cosine}");
        // Our own bundle is a layout, too: what was packed once is packed again without a change.
        let again = tempfile::tempdir().unwrap();
        packed(out.path(), Dtype::Q8_0, again.path());
        let [a, b] = [out.path(), again.path()].map(|folder| Bundle::open(folder).unwrap().weights);
        let (a, b) = (a.into_tensors().unwrap(), b.into_tensors().unwrap());
        assert_eq!(a.len(), b.len());
        for (name, tensor) in &a {
            let [x, y] = [tensor, &b[name]].map(|t| t.flatten_all().unwrap().to_vec1::<f32>().unwrap());
            let furthest = x.iter().zip(&y).map(|(x, y)| (x - y).abs()).fold(0.0, f32::max);
            assert!(furthest < 1e-3, "{layout}, {name}: {furthest}");
        }
    }
}

#[test]
fn the_manifest_says_what_the_model_is() {
    let out = tempfile::tempdir().unwrap();
    let folder = golden("models/h-14");
    let Packed { manifest, encodings, .. } = packed(&folder, Dtype::Q4K, out.path());
    let about = &manifest.about;
    assert_eq!((about.image_size, about.embedding), (80, 128));
    let config = bundle::head(&folder, &mut Bundle::open(&folder).unwrap().weights).unwrap().config;
    let [image, text] = semblance::model::parameters(&config).map(|n| n as usize);
    assert_eq!((about.image_parameters, about.text_parameters), (image, text));
    assert_eq!(about.parameters, image + text + 1, "and the logit scale");
    // No row here has 256 numbers: all that was to be Q4_K is Q4_0, and the projections keep 8 bits.
    assert!(!encodings.contains_key("Q4K") && encodings["Q4_0"].0 > 10, "{encodings:?}");
    assert_eq!(encodings["Q8_0"].0, 2);
    assert_eq!(encodings["F16"].0, 3, "two tables of positions and the patch convolution");
    assert_eq!((manifest.format, &about.id), (1, &None));
}

#[test]
fn pieces_are_named_after_what_is_in_them() {
    let out = tempfile::tempdir().unwrap();
    packed(&golden("models/b-32"), Dtype::F16, out.path());
    let before = adds_up(out.path());
    assert!(before.pieces.iter().all(|piece| piece.url == format!("{}.gguf-part", &piece.sha256[..16])));
    // Packed again it is the same; packed otherwise the old pieces go.
    packed(&golden("models/b-32"), Dtype::F16, out.path());
    assert_eq!(adds_up(out.path()).pieces, before.pieces);
    packed(&golden("models/b-32"), Dtype::Q8_0, out.path());
    assert_ne!(adds_up(out.path()).pieces, before.pieces);
    // In one file, to be opened by hand.
    let wish = Wish { single: true, ..wish(Dtype::Q8_0) };
    pack(&source(&golden("models/b-32")), &wish, out.path()).unwrap();
    assert_eq!(adds_up(out.path()).pieces[0].url, "small-q8_0.gguf");
    let file = out.path().join("small-q8_0.gguf");
    assert!(worst(&mut Clip::load(file).unwrap(), &golden("models/b-32")) > 0.999);
}

/// A file longer than a piece, whose tensors lie across the cuts: pocket in f32.
#[test]
fn a_model_of_several_pieces_is_whole() {
    let out = tempfile::tempdir().unwrap();
    let pocket = golden("../../models/pocket");
    packed(&pocket, Dtype::F32, out.path());
    assert!(adds_up(out.path()).pieces.len() > 1);
    let [a, b] = [pocket.as_path(), out.path()].map(|folder| Bundle::open(folder).unwrap().weights);
    let (a, b) = (a.into_tensors().unwrap(), b.into_tensors().unwrap());
    for (name, tensor) in a {
        let [x, y] = [&tensor, &b[&name]].map(|t| t.flatten_all().unwrap().to_vec1::<f32>().unwrap());
        assert_eq!(x, y, "{name}");
    }
}

/// Beside the weights as they were trained, which the goldens remember. Those are not in the repository: where
/// `SEMBLANCE_POCKET` names their folder they are packed, and else pocket's own bundle, so that four bits come after eight.
#[test]
fn pocket_keeps_its_directions() {
    let out = tempfile::tempdir().unwrap();
    let trained = std::env::var_os("SEMBLANCE_POCKET").map(PathBuf::from);
    // The bundle's own eight bits are in the way of sixteen.
    let sixteen = if trained.is_some() { 0.999_999 } else { 0.9998 };
    let from = trained.unwrap_or_else(|| golden("../../models/pocket"));
    for (dtype, least) in
        [(Dtype::F16, sixteen), (Dtype::Q8_0, 0.9998), (Dtype::Q4_0, 0.95), (Dtype::Q4K, 0.95)]
    {
        packed(&from, dtype, out.path());
        let mut clip = load(out.path(), Towers::Both, Compute::F32).unwrap();
        for ((found, expected), what) in
            embeddings(&mut clip, &golden("pocket")).into_iter().zip(["pictures", "texts"])
        {
            let Cosines { mean, worst } = cosines(&found, &expected).unwrap();
            println!("{} {what} ({}): mean {mean:.6}, worst {worst:.6}", dtype.name(), found.len());
            assert!(worst >= least, "{} {what}: mean {mean}, worst {worst}", dtype.name());
        }
    }
}

#[test]
fn the_list_of_models_begins_with_pocket() {
    let models = tempfile::tempdir().unwrap();
    for name in ["zebra", "pocket", "ant"] {
        packed(&golden("models/one-patch"), Dtype::Q8_0, &models.path().join(name));
    }
    fs::create_dir(models.path().join("no-model")).unwrap();
    manifest::write_index(models.path()).unwrap();
    let list: Vec<String> =
        serde_json::from_slice(&fs::read(models.path().join("index.json")).unwrap()).unwrap();
    assert_eq!(list, ["pocket", "ant", "zebra"]);
}

#[test]
fn what_a_folder_says_of_itself_is_taken_over() {
    let folder = tempfile::tempdir().unwrap();
    let model = folder.path().join("my-clip");
    fs::create_dir(&model).unwrap();
    let found = source(&model);
    assert_eq!((found.name.as_str(), &found.licence, &found.id), ("my-clip", &None, &None));
    fs::write(model.join("README.md"), "---\nlicense: apache-2.0\n---\n").unwrap();
    assert_eq!(source(&model).licence.as_deref(), Some("apache-2.0"));
    let fetched = Fetched { id: "org/my-clip".into(), revision: "abc".into(), licence: Some("mit".into()) };
    fetched.write(&model).unwrap();
    let found = source(&model);
    assert_eq!(
        (found.licence.as_deref(), found.id.as_deref(), found.revision.as_deref()),
        (Some("mit"), Some("org/my-clip"), Some("abc"))
    );
    for wrong in ["nothing-here", "a/b/c", "../x", "/nothing/here"] {
        assert!(source::find(wrong, Path::new("nowhere")).is_err(), "{wrong}");
    }
}

#[test]
fn what_is_no_model_leaves_a_sentence() {
    let out = tempfile::tempdir().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let error = pack(&source(folder.path()), &wish(Dtype::Q8_0), out.path()).map(|_| ()).unwrap_err();
    assert!(format!("{error:#}").contains("model.safetensors"), "{error:#}");
    // One number that is none: nothing of it may be offered.
    let model = folder.path().join("nan");
    fs::create_dir(&model).unwrap();
    for file in fs::read_dir(golden("models/one-patch")).unwrap() {
        let file = file.unwrap();
        fs::copy(file.path(), model.join(file.file_name())).unwrap();
    }
    let weights = model.join("model.safetensors");
    let mut bytes = fs::read(&weights).unwrap();
    let end = bytes.len();
    bytes[end - 4..].copy_from_slice(&f32::NAN.to_le_bytes());
    fs::write(&weights, bytes).unwrap();
    let error = pack(&source(&model), &wish(Dtype::Q8_0), out.path()).map(|_| ()).unwrap_err();
    assert!(error.to_string().contains("NaN"), "{error:#}");
    assert!(manifest::read(out.path()).is_none());
}

/// What a model that writes texts says of a picture, and the logits of its first token.
fn told(captioner: &Captioner) -> (Vec<u32>, Vec<f32>) {
    let picture = Picture::open(golden("blip/pictures/waves-32.png")).unwrap();
    let generator = captioner.generator();
    let image = generator.see(&captioner.preprocess(&picture).unwrap()).unwrap();
    let (asked, said) = match captioner.facts().ability {
        Ability::Captions => (None, captioner.caption(&picture, &CaptionOptions::default(), |_| ())),
        Ability::Answers => (
            Some(captioner.tokenizer().encode("where is it?").unwrap()),
            captioner.answer(&picture, "where is it?", Limits::default(), |_| ()),
        ),
    };
    let mut state = generator.look(&image, asked.as_deref()).unwrap();
    let first = Next { after: None, tokens: &[captioner.facts().begin] };
    (said.unwrap().tokens, generator.read(&mut state, &[first]).unwrap().remove(0).logits)
}

#[test]
fn models_that_write_texts_are_packed() {
    for kind in ["caption", "vqa"] {
        let folder = golden(&format!("blip/{kind}"));
        let (tokens, logits) = told(&Captioner::load(&folder).unwrap());
        for dtype in Dtype::ALL {
            let out = tempfile::tempdir().unwrap();
            let Packed { manifest, is_clip, .. } = packed(&folder, dtype, out.path());
            assert!(!is_clip && manifest.about.embedding == 0 && manifest.about.image_size == 32);
            assert!(manifest.about.text_parameters > manifest.about.image_parameters / 2);
            for compute in [Compute::F32, Compute::Int8] {
                let captioner = Captioner::load_computing(out.path(), compute).unwrap();
                let found = told(&captioner);
                let cosine = cosine(&found.1, &logits);
                let least = if matches!(dtype, Dtype::Q4_0 | Dtype::Q4K) { 0.8 } else { 0.99 };
                assert!(cosine > least, "{kind} {dtype:?} {compute:?}: {cosine}");
                // Numbers that are as they were say what they said.
                assert!(
                    dtype != Dtype::F32
                        || compute != Compute::F32
                        || found == (tokens.clone(), logits.clone())
                );
            }
            // Each says what it is where the other is looked for.
            let message = Clip::load(out.path()).map(|_| ()).unwrap_err().to_string();
            assert!(message.contains("blip") && message.contains("captioner"), "{message}");
        }
        let again = tempfile::tempdir().unwrap();
        let once = tempfile::tempdir().unwrap();
        packed(&folder, Dtype::F32, once.path());
        packed(once.path(), Dtype::F32, again.path());
        assert_eq!(told(&Captioner::load(again.path()).unwrap()), (tokens, logits));
        let wish = Wish { logit_scale: Some(1.0), ..wish(Dtype::F32) };
        let failed = pack(&source(&folder), &wish, again.path()).map(|_| ()).unwrap_err().to_string();
        assert!(failed.contains("no logit scale"), "{failed}");
    }
    let message = Captioner::load(golden("models/b-32")).map(|_| ()).unwrap_err().to_string();
    assert!(message.contains("compares pictures and texts"), "{message}");
}

fn cosine(a: &[f32], b: &[f32]) -> f32 {
    let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f32>();
    dot(a, b) / (dot(a, a) * dot(b, b)).sqrt()
}
