//! A library's files: written natively and searched in the browser, damaged in its storage, written anew when most of them
//! says nothing any more.

use std::fs::{self, File};
use std::io::Write;

use anyhow::{Context, Result};
use semblance_index::{Facts, Filter, Header, Index, Ranking};
use serde_json::{Value, json};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::models::loaded::choose;
use crate::search::random::Random;
use crate::search::view::{self, holds_pictures};
use crate::{Page, holds, near, same, scratch};

const PICTURES: u32 = 6000;
const DIM: usize = 128;
/// Of these the library is left with.
const KEPT: u32 = 500;
const DAMAGES: u32 = 20;

pub(crate) fn same_everywhere(page: &Page) -> Result<()> {
    let mut random = Random(u64::from(page.chance.seed));
    let model = model_of_page(page)?;
    let mut index = Index::new(Header { dim: DIM as u32, exact: false, model });
    let mut records = Vec::new();
    for number in 0..PICTURES {
        let mut hash = [0; 32];
        hash[..4].copy_from_slice(&number.to_le_bytes());
        let path = format!("native/{}/{number}.jpg", number % 7);
        let facts = Facts { path: path.into(), size: 5, width: 40, height: 30, hash, ..Facts::default() };
        let record = index.picture(&facts, &random.unit(DIM))?;
        index.apply(&record, records.len() as u64);
        records.extend(record);
    }
    let file = scratch("library")?.join("native.semblance.zip");
    let mut zip = ZipWriter::new(File::create(&file)?);
    zip.start_file("records", SimpleFileOptions::default().compression_method(CompressionMethod::Stored))?;
    zip.write_all(&records)?;
    zip.finish()?;

    view::open(page)?;
    page.browser.click("library-bar .manage")?;
    choose(page, "library-dialog [type=file]", &file)?;
    holds_pictures(page, PICTURES as usize)?;
    fs::remove_file(&file)?;
    // The view lets it go.
    page.open(&page.url(""))?;
    let queries: Vec<Vec<f32>> = (0..5).map(|_| random.unit(DIM)).collect();
    let rankings = |index: &Index| -> Result<Vec<Ranking>> {
        queries.iter().map(|query| Ok(index.rank(query, &[], 100, &Filter::default())?)).collect()
    };
    let found = run(page, "return { rankings: await ranked(index) };", &queries)?;
    compare("in the browser", &found["rankings"], &rankings(&index)?)?;

    // Damaged in its storage: all but those there are good.
    let places: Vec<u64> = (0..DAMAGES).map(|_| random.next() % records.len() as u64).collect();
    damage(page, &places)?;
    let found =
        run(page, "return { stats: await index.stats(), there: Array.from(await index.ids()) };", &[])?;
    let there: Vec<u32> = serde_json::from_value(found["there"].clone())?;
    let gone = PICTURES as usize - there.len();
    println!("  {DAMAGES} places damaged: {gone} of {PICTURES} pictures lost, {}", found["stats"]["notes"]);
    holds(&format!("{gone} are lost"), gone > 0 && gone <= DAMAGES as usize)?;
    holds("it is said", found["stats"]["notes"].to_string().contains("were damaged"))?;
    let lost: Vec<u32> = index.ids().into_iter().filter(|id| !there.contains(id)).collect();
    remove(&mut index, &mut records, &lost)?;
    let found = run(page, "return { rankings: await ranked(index) };", &queries)?;
    compare("of those that are left", &found["rankings"], &rankings(&index)?)?;

    // Most of it removed: a new file is written when nobody asks for anything.
    let unwanted: Vec<u32> = there.into_iter().skip(KEPT as usize).collect();
    remove(&mut index, &mut records, &unwanted)?;
    let script = format!(
        "const before = await index.stats();
        await index.remove({});
        const full = await index.stats();
        let now = full;
        for (let tries = 0; tries < 60 && now.waste > 1000; tries++) {{
          await new Promise((resolve) => setTimeout(resolve, 2500));
          now = await index.stats();
        }}
        return {{ before, full, now, rankings: await ranked(index) }};",
        json!(unwanted)
    );
    let found = run(page, &script, &queries)?;
    println!(
        "  bytes of waste: {} after removing, {} when idle",
        found["full"]["waste"], found["now"]["waste"]
    );
    same("pictures", &found["now"]["pictures"], &json!(KEPT))?;
    holds(
        "it was mostly waste",
        found["full"]["waste"].as_u64() > found["before"]["bytes"].as_u64().map(|all| all / 2),
    )?;
    holds("next to no waste", found["now"]["waste"].as_u64().is_some_and(|waste| waste <= 72))?;
    compare("in the new file", &found["rankings"], &rankings(&index)?)?;
    let again = run(page, "return { stats: await index.stats(), rankings: await ranked(index) };", &queries)?;
    same("pictures, opened again", &again["stats"]["pictures"], &json!(KEPT))?;
    same("nothing to say", &again["stats"]["notes"], &json!([]))?;
    compare("opened again", &again["rankings"], &rankings(&index)?)
}

fn remove(index: &mut Index, records: &mut Vec<u8>, ids: &[u32]) -> Result<()> {
    for &id in ids {
        let record = index.removal(id)?;
        index.apply(&record, records.len() as u64);
        records.extend(record);
    }
    Ok(())
}

/// SHA-256 of the model that the page has.
fn model_of_page(page: &Page) -> Result<[u8; 32]> {
    let hash = page.browser.run(
        r#"return import(new URL("semblance.js", location.href).href).then(async ({ Semblance }) => {
          const clip = await Semblance.load();
          const { hash } = clip.info().model;
          clip.free();
          return hash;
        });"#,
        json!([]),
    )?;
    let digits = hash.as_str().context("a hash is text")?;
    let mut bytes = [0; 32];
    for (byte, at) in bytes.iter_mut().zip((0..).step_by(2)) {
        *byte = u8::from_str_radix(digits.get(at..at + 2).context("a hash has 64 digits")?, 16)?;
    }
    Ok(bytes)
}

/// A script with the library open, and `ranked`, which ranks all queries.
fn run(page: &Page, body: &str, queries: &[Vec<f32>]) -> Result<Value> {
    let script = format!(
        r#"return (async (queries) => {{
          const {{ Semblance }} = await import(new URL("semblance.js", location.href).href);
          const index = await Semblance.openIndex("native");
          const ranked = (index) => Promise.all(queries.map(async (query) => {{
            const {{ ids, cosines, standsOut, line, threshold }} = await index.rank({{ image: Float32Array.from(query), k: 100 }});
            return {{ ids: [...ids], cosines: [...cosines], standsOut: [...standsOut], line, threshold }};
          }}));
          try {{ {body} }} finally {{ await index.close(); }}
        }})(arguments[0]);"#
    );
    page.browser.run(&script, json!([queries]))
}

/// Cosines are the same to the last bit.
fn compare(what: &str, found: &Value, expected: &[Ranking]) -> Result<()> {
    for (at, ranking) in expected.iter().enumerate() {
        let ids: Vec<u32> = ranking.hits.iter().map(|hit| hit.id).collect();
        let cosines: Vec<f32> = ranking.hits.iter().map(|hit| hit.cosine).collect();
        // On its way as text a number may lose the last bit of an f64, none of an f32.
        let here: Vec<f32> = serde_json::from_value(found[at]["cosines"].clone())?;
        same(&format!("{what}: numbers"), &found[at]["ids"], &json!(ids))?;
        same(&format!("{what}: cosines"), here, cosines)?;
        same(&format!("{what}: the line"), &found[at]["line"], &json!(ranking.line))?;
        let number = |value: &Value| value.as_f64().context("a number");
        near(&format!("{what}: the threshold"), number(&found[at]["threshold"])?, ranking.threshold, 1e-9)?;
        let first = ranking.hits.first().context("a hit")?;
        near(
            &format!("{what}: how far the first stands out"),
            number(&found[at]["standsOut"][0])?,
            ranking.stands_out(first.cosine),
            1e-5,
        )?;
    }
    Ok(())
}

/// Flip a byte in each of these places of the file of records.
fn damage(page: &Page, places: &[u64]) -> Result<()> {
    page.browser
        .run(
            r#"return (async (places) => {
              const root = await navigator.storage.getDirectory();
              const folder = await (await root.getDirectoryHandle("semblance-indexes-v1")).getDirectoryHandle("_native");
              const handle = await folder.getFileHandle("0.records");
              const bytes = new Uint8Array(await (await handle.getFile()).arrayBuffer());
              for (const place of places) bytes[place] ^= 255;
              const writable = await handle.createWritable();
              await writable.write(bytes);
              await writable.close();
            })(arguments[0]);"#,
            json!([places]),
        )
        .map(drop)
}
