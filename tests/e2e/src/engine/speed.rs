//! What makes the engine fast, and that it stays right: the builds, threads, int8 beside f32, kept vectors, many pictures.

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::r#match::pictures::{BEE, CAT};
use crate::{Page, holds, same};

/// Each build by its name, both dtypes: int8 is the same to the last bit in every build, and close to f32.
pub(crate) fn builds(page: &Page) -> Result<()> {
    let answer = page.browser.run(
        r#"return (async () => {
          const { Semblance } = await import(new URL("semblance.js", location.href).href);
          const image = await (await fetch("assets/samples/cat.jpg")).blob();
          const found = [];
          for (const options of [
            { build: "simd" }, { build: "relaxed" }, { build: "threads", threads: 2 }, { threads: 1 },
            { build: "simd", dtype: "f32" }, { build: "threads", threads: 2, dtype: "f32" },
          ]) {
            const clip = await Semblance.load(options);
            const [picture] = await clip.embedImages([image]);
            const [text] = await clip.embedTexts(["a photo of a cat"]);
            const { build, threads, model, products } = clip.info();
            found.push({ build, threads, products, compute: model.compute, picture: [...picture], text: [...text] });
            clip.free();
          }
          const images = await Semblance.load({ towers: "image" });
          const both = await images.embedImages([image]);
          const noText = await images.embedTexts(["a text that nobody has asked for"]).then(() => "no error", (error) => error.name);
          images.free();
          const refused = await Semblance.load({ build: "fast" }).then(() => "no error", (error) => error.name);
          return { found, refused, noText, alone: [...both[0]] };
        })();"#,
        json!([]),
    )?;
    let found: Vec<Value> = serde_json::from_value(answer["found"].clone())?;
    let ran: Vec<(&str, u64, &str)> = found
        .iter()
        .map(|one| {
            let text = |field: &str| one[field].as_str().unwrap_or_default();
            (text("build"), one["threads"].as_u64().unwrap_or_default(), text("compute"))
        })
        .collect();
    let expected = [
        ("simd", 1, "int8"),
        ("relaxed", 1, "int8"),
        ("threads", 2, "int8"),
        ("relaxed", 1, "int8"),
        ("simd", 1, "f32"),
        ("threads", 2, "f32"),
    ];
    same("builds, threads and dtypes", ran, expected.to_vec())?;
    for one in &found {
        let products = &one["products"];
        let said = format!("{}, {}: {products}", one["build"], one["compute"]);
        if one["compute"] == "f32" {
            holds(&said, products.is_null())?;
            continue;
        }
        let routes: &[&str] = if one["build"] == "simd" { &["simd128"] } else { &["dot", "paired"] };
        let rate = products["route"].as_str().and_then(|route| products["rates"][route].as_f64());
        holds(&said, routes.iter().any(|route| products["route"] == *route) && rate > Some(0.0))?;
        holds(&said, products["reached"].as_f64() > Some(0.0) && products["share"].as_f64() > Some(0.0))?;
    }
    same("a build that is not there", &answer["refused"], &json!("TypeError"))?;
    same("a text without its tower", &answer["noText"], &json!("ModelError"))?;
    holds("the image tower alone computes the same", answer["alone"] == answer["found"][0]["picture"])?;
    for which in ["picture", "text"] {
        let vectors = found
            .iter()
            .map(|one| Ok(serde_json::from_value::<Vec<f64>>(one[which].clone())?))
            .collect::<Result<Vec<_>>>()?;
        for other in [1, 2, 3] {
            holds(
                &format!("the {which}'s vector of {} is simd's", expected[other].0),
                vectors[other] == vectors[0],
            )?;
        }
        holds(&format!("f32 is the same with threads ({which})"), vectors[5] == vectors[4])?;
        let cosine: f64 = vectors[0].iter().zip(&vectors[4]).map(|(a, b)| a * b).sum();
        holds(&format!("int8 is close to f32 ({which}: {cosine})"), cosine > 0.999 && cosine < 0.999_999_9)?;
    }
    Ok(())
}

/// The server isolates the page, so that the engine has threads, and the page says so.
pub(crate) fn threads(page: &Page) -> Result<()> {
    page.drop_and_wait(&[CAT], 1)?;
    has_threads(page)
}

pub(crate) fn has_threads(page: &Page) -> Result<()> {
    let cores = page.browser.value("navigator.hardwareConcurrency")?.as_u64().context("a number")?;
    let brief = page.text("#status-brief")?;
    holds(&format!("int8 is named ({brief:?})"), brief.contains("int8"))?;
    let expected = if cores > 1 { "threads" } else { "relaxed" };
    page.browser.click("#status summary")?;
    // What was reached is known once something ran, and shown a moment after the answer is.
    let reached =
        r##"document.querySelector("#engine-facts").textContent.includes("of what this machine can do")"##;
    page.browser.wait(reached).context("the integer products are not said")?;
    let facts = page.text("#engine-facts")?;
    holds(&format!("{expected} is named ({brief:?}, {facts:?})"), (brief + &facts).contains(expected))
}

const COUNT_TEXTS: &str = r#"new Promise((resolve, reject) => {
  const open = indexedDB.open("semblance-texts-v1");
  open.onerror = () => reject(open.error);
  open.onsuccess = () => {
    const db = open.result;
    const [name] = db.objectStoreNames;
    if (!name) return resolve(0);
    const count = db.transaction(name).objectStore(name).count();
    count.onsuccess = () => { db.close(); resolve(count.result); };
  };
})"#;

/// Labels' vectors outlive the page, and go when they are told to.
pub(crate) fn kept_texts(page: &Page) -> Result<()> {
    page.drop_and_wait(&[CAT], 1)?;
    page.type_labels(&["cat", "ship", "lemon"])?;
    page.scored(&["cat", "ship", "lemon"])?;
    let count = || page.browser.run(&format!("return {COUNT_TEXTS};"), json!([]));
    let mut kept = count()?;
    for _ in 0..50 {
        if kept.as_u64() >= Some(3) {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
        kept = count()?;
    }
    holds(&format!("three texts are kept ({kept})"), kept.as_u64() >= Some(3))?;
    page.open(&page.url(""))?;
    holds("they are there after a reload", count()?.as_u64() >= Some(3))?;
    page.drop_and_wait(&[CAT], 1)?;
    page.shows_a_cat()?;
    page.browser.click("#status summary")?;
    page.browser.click("#forget-texts")?;
    for _ in 0..50 {
        if count()? == json!(0) {
            return Ok(());
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    same("texts after they were forgotten", count()?, json!(0))
}

/// The page compares int8 with f32 on its own pictures.
pub(crate) fn fidelity(page: &Page) -> Result<()> {
    page.drop_and_wait(&[CAT, BEE], 2)?;
    page.browser.click("#status summary")?;
    page.browser.click("#fidelity-start")?;
    page.browser.wait(
        r##"(() => {
          const { state } = document.querySelector("#fidelity").dataset;
          if (state === "error") throw new Error(document.querySelector("#fidelity").textContent);
          return state === "done";
        })()"##,
    )?;
    let facts = page.text("#fidelity-facts")?;
    holds(
        &format!("both pictures were compared ({facts:?})"),
        page.text("#fidelity")?.contains("2 pictures"),
    )?;
    holds(&format!("a cosine is shown ({facts:?})"), facts.contains("0.99"))
}

/// Memory stays flat over many pictures: WebAssembly's never shrinks, so it must not grow.
pub(crate) fn many_pictures(page: &Page) -> Result<()> {
    // A round. Even a few kilobytes a picture would be another page of memory after each.
    let each: u32 = if page.chance.long { 75 } else { 25 };
    let answer = page.browser.run(
        r#"return (async ([each]) => {
          const { Semblance } = await import(new URL("semblance.js", location.href).href);
          const clip = await Semblance.load();
          const image = await (await fetch("assets/samples/cat.jpg")).blob();
          const memory = [];
          let done = 0;
          // How much is in use at once depends on how threads happen to meet; it settles, and a leak does not.
          const settled = () => memory.length > 2 && new Set(memory.slice(-3)).size === 1;
          while (!settled() && memory.length < 12) {
            const vectors = await clip.embedImages(Array(each).fill(image));
            done += vectors.filter((vector) => Math.abs(Math.hypot(...vector) - 1) < 1e-4).length;
            memory.push(clip.info().memory);
          }
          clip.free();
          return { memory, done, settled: settled() };
        })(arguments);"#,
        json!([each]),
    )?;
    let memory: Vec<u64> = serde_json::from_value(answer["memory"].clone())?;
    same("vectors of length 1", &answer["done"], &json!(each as usize * memory.len()))?;
    holds(&format!("memory settles ({memory:?})"), answer["settled"] == true)
}
