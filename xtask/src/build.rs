//! `cargo xtask build`: Rust → WebAssembly → a folder for any static host.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result};
use repository::args::Args;
use repository::{paths, process, setup};
use ring::digest;
use site::esbuild::Esbuild;
use site::{compressed, files, scripts, version};
use wasm_bindgen_cli_support::Bindgen;

use crate::bundle_size;

/// One WebAssembly build of the same source. The page chooses by what the browser can do.
struct Wasm {
    /// Its folder below `wasm/`, and what `clip.info().build` says.
    name: &'static str,
    /// More arguments for cargo, and more environment.
    cargo: &'static [&'static str],
    environment: &'static [(&'static str, &'static str)],
    /// Compiler flags that take the place of those in `.cargo/config.toml`, and the folder below `target/` that then
    /// keeps what they compile; none: those are used.
    rustflags: Option<(&'static str, &'static str)>,
}

const WASM: &[Wasm] = &[
    Wasm { name: "simd", cargo: &[], environment: &[], rustflags: None },
    Wasm { name: "relaxed", cargo: &["--features", "relaxed"], environment: &[], rustflags: None },
    Wasm {
        name: "threads",
        // Rust's own library must be compiled for shared memory too, which is not stable yet.
        cargo: &["--features", "threads", "-Z", "build-std=std,panic_abort"],
        environment: &[("RUSTC_BOOTSTRAP", "1")],
        rustflags: Some((THREADS_FLAGS, "threads")),
    },
];

/// The module of models that write texts, of each build: the same library, fetched with the first such model. Its folder is
/// this and the build's name.
const CAPTIONER: &str = "captioner-";

/// What today's browsers take where a page is isolated, as `cargo xtask serve` has it.
const FIRST: &str = "threads";

const THREADS_FLAGS: &str = "-Ctarget-feature=+simd128,+atomics,+bulk-memory,+mutable-globals \
    --cfg getrandom_backend=\"wasm_js\" \
    -Clink-arg=--shared-memory -Clink-arg=--max-memory=4294967296 -Clink-arg=--import-memory \
    -Clink-arg=--export=__wasm_init_tls -Clink-arg=--export=__tls_size \
    -Clink-arg=--export=__tls_align -Clink-arg=--export=__tls_base";

/// The decoder of TIFF pictures, which browsers fetch when such a file comes.
const TIFF: &str = "tiff.wasm";

/// Modules that browsers fetch later, each a crate of its own: the index of pictures, when the first library is opened, its
/// other formats, when one is exported, what teaches classifiers, what measures models, what is wrong with labels, what brings order into libraries, and what describes pictures. The folder, which is the files' stem, the package, and what of it is only for browsers.
const LATER: [(&str, &str, &[&str]); 7] = [
    ("index", "semblance-index", &[]),
    ("tables", "semblance-tables", &[]),
    ("teach", "semblance-teach", EXPORTS),
    ("measure", "semblance-measure", EXPORTS),
    ("labels", "semblance-labels", EXPORTS),
    ("organise", "semblance-organise", EXPORTS),
    ("describe", "semblance-describe", EXPORTS),
];

/// What a crate exports where it is a module of its own, and not where another one is made of it.
const EXPORTS: &[&str] = &["--features", "exports"];

/// Files of one build have this stem: `semblance.js`, `semblance_bg.wasm`.
const STEM: &str = "semblance";

/// Starts the engine's threads.
const THREADS: &str = "www/engine/running/threads.js";

pub(crate) fn command(mut args: Args) -> Result<()> {
    // Trunk calls this as a hook and says in the environment where its site grows.
    let staging = std::env::var("TRUNK_STAGING_DIR").ok();
    let out: PathBuf = args.value("--out")?.or(staging).unwrap_or_else(|| "dist".into()).into();
    let only: Option<String> = args.value("--only")?;
    args.none()?;
    let wanted = |name: &str| only.as_deref().is_none_or(|only| only == name);
    build_some(&std::path::absolute(out)?, wanted, wanted)
}

/// Build everything into `folder`, which then works on any static host under any path.
pub(crate) fn build(folder: &Path) -> Result<()> {
    build_some(folder, |_| true, |_| true)
}

/// Where the site has never been built, build what today's browsers take of it, so that it can be served soon. True: the
/// rest is to be built.
pub(crate) fn build_first(folder: &Path) -> Result<bool> {
    if WASM.iter().any(|wasm| paths::work("wasm").join(wasm.name).is_dir()) {
        build(folder)?;
        return Ok(false);
    }
    println!(
        "Nothing has been built here yet. The engine comes in {} builds; the site is served as soon as the one that today's browsers take is there, in some minutes.",
        WASM.len()
    );
    build_some(folder, |name| name == FIRST, |_| false)?;
    Ok(true)
}

/// Build the site with those of the WebAssembly builds that are `wanted`, and those of them for models that write texts; the
/// others stay as they are.
fn build_some(folder: &Path, wanted: impl Fn(&str) -> bool, captioners: impl Fn(&str) -> bool) -> Result<()> {
    let start = Instant::now();
    setup::wasm_target()?;
    setup::rust_source()?;
    let esbuild = Esbuild::find()?;
    let wanted: Vec<&Wasm> = WASM.iter().filter(|wasm| wanted(wasm.name)).collect();
    for (place, wasm) in wanted.iter().enumerate() {
        println!(
            "{} of {}: the engine's build “{}”, {:.0} s so far.",
            place + 1,
            wanted.len(),
            wasm.name,
            start.elapsed().as_secs_f32()
        );
        bindings(wasm.name, STEM, &compile(wasm, None)?, &esbuild)?;
    }
    tiff()?;
    for (name, package, more) in LATER {
        bindings(name, name, &part(package, more)?, &esbuild)?;
    }
    for wasm in WASM.iter().filter(|wasm| captioners(wasm.name)) {
        bindings(&format!("{CAPTIONER}{}", wasm.name), STEM, &compile(wasm, Some("captioner"))?, &esbuild)?;
    }
    let files = put_together(folder, &esbuild)?;
    println!("Built {} in {:.1} s.", folder.display(), start.elapsed().as_secs_f32());
    bundle_size::print(&files)
}

/// The site of the builds that are there; its files.
fn put_together(folder: &Path, esbuild: &Esbuild) -> Result<files::Files> {
    let mut files = files::unchanged(paths::root())?;
    let there: Vec<&str> =
        WASM.iter().map(|wasm| wasm.name).filter(|name| paths::work("wasm").join(name).is_dir()).collect();
    let bundles = setup::fresh_folder("bundles")?;
    scripts::bundle(esbuild, paths::root(), &bundles, &there)?;
    files::add(&mut files, &bundles, Path::new(""))?;
    let captioners = there.iter().map(|name| format!("{CAPTIONER}{name}"));
    let captioners = captioners.filter(|name| paths::work("wasm").join(name).is_dir());
    let parts = LATER.map(|(name, ..)| name.to_owned());
    for name in there.iter().map(|name| (*name).to_owned()).chain(captioners).chain(parts) {
        let mut made = files::Files::new();
        files::add(&mut made, &paths::work("wasm").join(&name), Path::new(""))?;
        files.extend(made.into_iter().map(|(file, from)| (Path::new("wasm").join(&name).join(file), from)));
    }
    files.insert(Path::new("wasm").join(TIFF), paths::work("wasm").join(TIFF));
    let worker = scripts::service_worker(esbuild, &files, &setup::fresh_folder("service-worker")?)?;
    files.insert(format!("{}.map", version::WORKER).into(), worker.with_extension("js.map"));
    files.insert(version::WORKER.into(), worker);
    compressed::add(&mut files, &paths::work("compressed"))?;
    files::write(&files, folder)?;
    files::list_models(&folder.join("models"))?;
    Ok(files)
}

/// Compile the library, with one more feature or none; the path of its `.wasm`.
fn compile(wasm: &Wasm, feature: Option<&str>) -> Result<PathBuf> {
    let mut cargo = process::cargo();
    cargo.args(["build", "--release", "--lib", "--package", "semblance", "--target", setup::WASM]);
    cargo.args(feature.map(|feature| ["--features", feature]).into_iter().flatten());
    cargo.args(wasm.cargo).envs(wasm.environment.iter().copied());
    let mut target = paths::target();
    if let Some((flags, folder)) = wasm.rustflags {
        target.push(folder);
        cargo.env("CARGO_ENCODED_RUSTFLAGS", flags.split_whitespace().collect::<Vec<_>>().join("\x1f"));
        cargo.arg("--target-dir").arg(&target);
    }
    process::run(&mut cargo)?;
    Ok(target.join(setup::WASM).join("release/semblance.wasm"))
}

/// Compile the decoder of TIFF pictures. It needs no script.
fn tiff() -> Result<()> {
    let made = part("semblance-tiff", EXPORTS)?;
    let to = paths::work("wasm").join(TIFF);
    fs::create_dir_all(to.parent().context("it lies in a folder")?)?;
    fs::copy(&made, &to).with_context(|| format!("{} could not be copied", made.display()))?;
    Ok(())
}

/// Compile a crate that is a WebAssembly module of its own; the path of that.
///
/// The crate itself is a plain library: as a dynamic one its files would have the same names whatever their features, and
/// each build would have to make them anew.
fn part(package: &str, more: &[&str]) -> Result<PathBuf> {
    let mut cargo = process::cargo();
    cargo.args(["rustc", "--release", "--lib", "--package", package, "--crate-type", "cdylib"]).args(more);
    process::run(cargo.args(["--target", setup::WASM]))?;
    Ok(paths::target().join(setup::WASM).join("release").join(format!("{}.wasm", package.replace('-', "_"))))
}

/// Write the script and the stripped module, unless those of these very bytes are there.
fn bindings(name: &str, stem: &str, module: &Path, esbuild: &Esbuild) -> Result<()> {
    let bytes = fs::read(module).with_context(|| format!("{} could not be read", module.display()))?;
    let folder = paths::work("wasm").join(name);
    let stamp = paths::work("wasm").join(format!("{name}.stamp"));
    // This file is part of the key: it holds the options. wasm-bindgen's version is in the module itself.
    let threads = fs::read(paths::root().join(THREADS))?;
    let key = [&bytes, &threads, &include_bytes!("build.rs")[..]].concat();
    let key = format!("{:?}", digest::digest(&digest::SHA256, &key));
    let there = folder.join(format!("{stem}_bg.wasm")).is_file();
    if there && fs::read_to_string(&stamp).is_ok_and(|made| made == key) {
        return Ok(());
    }
    // From here until the new one is written there are no bindings that could be taken for good.
    let _ = fs::remove_file(&stamp);
    let folder = setup::fresh_folder(&format!("wasm/{name}"))?;
    let raw = setup::fresh_folder(&format!("bindings/{name}"))?;
    Bindgen::new()
        .input_bytes(stem, bytes)
        .web(true)?
        .typescript(false)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate(&raw)
        .context("wasm-bindgen could not make the JavaScript side")?;
    replace_thread_starter(&raw)?;
    let script = format!("{stem}.js");
    scripts::bundle_glue(esbuild, &raw.join(&script), &folder.join(&script))?;
    fs::rename(raw.join(format!("{stem}_bg.wasm")), folder.join(format!("{stem}_bg.wasm")))?;
    Ok(fs::write(stamp, key)?)
}

/// wasm-bindgen-rayon starts its workers from `blob:` addresses, which the site's policy does not allow: the site's
/// own script, of the same interface, takes that one's place.
fn replace_thread_starter(bindings: &Path) -> Result<()> {
    let snippets = bindings.join("snippets");
    if !snippets.is_dir() {
        return Ok(());
    }
    let ours = paths::root().join(THREADS);
    let ours = ours.to_str().context("the repository's path is readable text")?;
    for snippet in fs::read_dir(&snippets)? {
        let script = snippet?.path().join("src/workerHelpers.no-bundler.js");
        if script.is_file() {
            fs::write(script, format!("export {{ startWorkers }} from {ours:?};\n"))?;
        }
    }
    Ok(())
}
