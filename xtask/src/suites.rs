//! The suites of `cargo xtask test`.

use std::process::Command;
use std::sync::OnceLock;

use anyhow::{Context, Result};
use repository::args::Args;
use repository::count::{self, Count};
use repository::{paths, process, setup};

use crate::release::oldest;
use crate::test::Wish;
use crate::{build, cluster, package, programs};

/// One suite. A count of nothing says that no test has a name as it was wished.
pub(crate) struct Suite {
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    /// Only run with `--long`, or when it is named.
    pub(crate) long: bool,
    pub(crate) run: fn(&Wish) -> Result<Count>,
}

#[rustfmt::skip]
pub(crate) const SUITES: &[Suite] = &[
    Suite { name: "format", about: "cargo fmt", long: false, run: |wish| whole(wish, format) },
    Suite { name: "clippy", about: "no warnings, natively and for wasm", long: false, run: |wish| whole(wish, clippy) },
    Suite { name: "doc", about: "the documentation builds without warnings", long: false, run: |wish| whole(wish, doc) },
    Suite { name: "native", about: "tests on this machine", long: false, run: native },
    Suite { name: "wasm", about: "tests in WebAssembly, in headless Chromium", long: false, run: wasm },
    Suite { name: "types", about: "TypeScript over the page and the library", long: false, run: |wish| whole(wish, types) },
    Suite { name: "e2e", about: "the real page, in headless Chromium", long: false, run: e2e },
    Suite { name: "packages", about: "the packages for npm, from bundlers and without, and the web component", long: false, run: packages },
    Suite { name: "bench", about: "a short benchmark, for information: no time fails it", long: false, run: |wish| whole(wish, bench) },
    Suite { name: "cluster", about: "Spark on two executors, one of them killed; Ray, Dask and DataFusion; the same search in DuckDB, LanceDB and FAISS", long: true, run: |wish| whole(wish, cluster::suite) },
    Suite { name: "msrv", about: "what is published builds with the oldest compiler it names", long: true, run: |wish| whole(wish, msrv) },
];

/// The library for wasm, with everything that `wasm-pack test` would build as well.
const IN_WASM: &[&str] = &[
    "--package",
    "semblance",
    "--package",
    "semblance-index",
    "--package",
    "semblance-tables",
    "--package",
    "semblance-teach",
    "--package",
    "semblance-measure",
    "--package",
    "semblance-labels",
    "--package",
    "semblance-organise",
    "--package",
    "semblance-describe",
    "--target",
    setup::WASM,
];

/// A suite without tests that have names.
fn whole(wish: &Wish, suite: fn() -> Result<Count>) -> Result<Count> {
    match wish.only {
        None => suite(),
        Some(_) => Ok(Count::default()),
    }
}

fn format() -> Result<Count> {
    setup::lint_tools()?;
    Ok(check(process::cargo().args(["fmt", "--all", "--check"])))
}

fn clippy() -> Result<Count> {
    setup::lint_tools()?;
    setup::wasm_target()?;
    let deny = ["--", "-D", "warnings"];
    let mut count = check(process::cargo().args(["clippy", "--workspace", "--all-targets"]).args(deny));
    count += check(process::cargo().args(["clippy", "--all-targets"]).args(IN_WASM).args(deny));
    // The other of the two modules that the library is.
    let captioner = ["clippy", "--package", "semblance", "--features", "captioner", "--target", setup::WASM];
    count += check(process::cargo().args(captioner).args(deny));
    Ok(count)
}

fn doc() -> Result<Count> {
    Ok(check(process::cargo().env("RUSTDOCFLAGS", "-D warnings").args(["doc", "--workspace", "--no-deps"])))
}

fn native(wish: &Wish) -> Result<Count> {
    let mut cargo = process::cargo();
    // What `tests/fuzz` reads.
    cargo.env("SEMBLANCE_FUZZ_SEED", wish.seed.to_string());
    cargo.env("SEMBLANCE_FUZZ_SCALE", if wish.long { "4" } else { "1" });
    cargo.args(["test", "--workspace", "--no-fail-fast", "--"]).args(&wish.only);
    let mut count = count::cargo_test(&process::watch(&mut cargo)?);
    if wish.long {
        count += emulated(wish)?;
    }
    Ok(count)
}

/// The kernels of the architecture that this machine is not, in an emulator.
fn emulated(wish: &Wish) -> Result<Count> {
    const AARCH64: &str = "aarch64-unknown-linux-gnu";
    if cfg!(target_arch = "aarch64") {
        return Ok(Count::default()); // They were run as they are.
    }
    for tool in ["qemu-aarch64", "aarch64-linux-gnu-gcc"] {
        process::read(process::new(tool).arg("--version")).with_context(|| {
            format!("the kernels of aarch64 are tested with {tool}; type: apt-get install qemu-user gcc-aarch64-linux-gnu")
        })?;
    }
    setup::target(AARCH64)?;
    let mut cargo = process::cargo();
    cargo.env("CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER", "aarch64-linux-gnu-gcc");
    // All that the architecture has, and the C library that the compiler brings along.
    let emulator = "qemu-aarch64 -cpu max -L /usr/aarch64-linux-gnu";
    cargo.env("CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUNNER", emulator);
    // What an instruction set's test finds missing there is missing in the test.
    cargo.env("SEMBLANCE_ALL_KERNELS", "1");
    cargo.args(["test", "--package", "kernels-alone", "--lib", "--target", AARCH64, "--"]).args(&wish.only);
    Ok(count::cargo_test(&process::watch(&mut cargo)?))
}

fn wasm(wish: &Wish) -> Result<Count> {
    setup::wasm_target()?;
    // Compiled now, and not while the tests wait for it.
    process::run(process::cargo().args(["build", "--quiet", "--package", "wasm-runner"]))?;
    let mut cargo = process::cargo();
    cargo.arg("test").args(IN_WASM).args(["--no-fail-fast", "--"]).args(&wish.only);
    Ok(count::cargo_test(&process::watch(&mut cargo)?))
}

fn types() -> Result<Count> {
    Ok(count::cargo_test(&process::watch(&mut programs::run("types"))?))
}

/// With the environment variable `SEMBLANCE_SITE` the built site in that folder is tested, and nothing is built.
fn e2e(wish: &Wish) -> Result<Count> {
    let mut e2e = programs::run("e2e");
    match std::env::var_os("SEMBLANCE_SITE") {
        Some(folder) => {
            e2e.arg("--site").arg(folder);
        }
        None => site()?,
    }
    if let Some(only) = &wish.only {
        // Another suite may have it.
        e2e.args(["--only", only, "--or-none"]);
    }
    if wish.long {
        e2e.arg("--long");
    }
    e2e.args(["--seed", &wish.seed.to_string()]);
    Ok(count::cargo_test(&process::watch(&mut e2e)?))
}

/// The built site in `dist/`, made once for all suites.
fn site() -> Result<()> {
    static BUILT: OnceLock<()> = OnceLock::new();
    if BUILT.get().is_none() {
        build::build(&paths::root().join("dist"))?;
        BUILT.get_or_init(|| ());
    }
    Ok(())
}

/// `SEMBLANCE_SITE` as above. It needs npm, and its registry the first time.
fn packages(wish: &Wish) -> Result<Count> {
    let given = std::env::var_os("SEMBLANCE_SITE").map(|folder| paths::root().join(folder));
    let site = given.clone().unwrap_or_else(|| paths::root().join("dist"));
    if given.is_none() {
        self::site()?;
    }
    let folder = paths::work("packages");
    package::make(&site, &folder, None)?;
    let mut packages = programs::run("packages");
    packages.arg("--packages").arg(folder).arg("--site").arg(site);
    if let Some(only) = &wish.only {
        packages.args(["--only", only, "--or-none"]);
    }
    if wish.long {
        packages.arg("--long");
    }
    Ok(count::cargo_test(&process::watch(&mut packages)?))
}

fn bench() -> Result<Count> {
    site()?;
    let words = ["--quick", "--no-build"].map(Into::into);
    programs::bench_with(Args::new(words.into_iter()), |bench| Ok(count::cargo_test(&process::watch(bench)?)))
}

fn msrv() -> Result<Count> {
    Ok(one(oldest::check()))
}

/// A command that is one check.
fn check(command: &mut Command) -> Count {
    one(process::run(command))
}

fn one(result: Result<()>) -> Count {
    if let Err(error) = &result {
        println!("{error:#}");
    }
    Count::one(result.is_ok())
}
