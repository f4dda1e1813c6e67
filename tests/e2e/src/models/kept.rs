//! What the library keeps of models, and what it fetches for that: two tabs, damage, a full disk, the hub, the panel.

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::loaded::{SLIM, library, manifest, stored, weights, with_args};
use crate::{Page, holds, near, same};
use harness::faults::{Fault, Plan};
use harness::random_model::{self, gguf::Encoding};

/// Two tabs want the same model at once: each piece is sent to one of them.
pub(crate) fn two_tabs(page: &Page) -> Result<()> {
    let target = manifest(page, &random_model::bundle(&SLIM, Encoding::Q8_0)?)?;
    page.faults.take_sent();
    page.faults.plan(Some(Plan::All(Fault::Drip)));
    let begin = |page: &Page| {
        let load = "window.loading = Semblance.load({ model }).then((clip) => clip.embedImages([image])).then(([vector]) => [...vector]);";
        library(page, &target, &format!("{load} return true;"))
    };
    let first = page.browser.tab()?;
    begin(page)?;
    let second = page.browser.new_tab()?;
    page.browser.switch_to(&second)?;
    page.open(&page.url(""))?;
    begin(page)?;
    let ours = page.browser.value("window.loading")?;
    page.browser.close_tab(&second)?;
    page.browser.switch_to(&first)?;
    let theirs = page.browser.value("window.loading")?;
    page.faults.plan(None);
    holds("both tabs have the same model", ours == theirs && ours.is_array())?;
    let sent = page.faults.take_sent();
    same("bytes that were sent", weights(&sent), bytes(page, "vit-b-32-2-layers-q8_0")?)
        .with_context(|| format!("{sent:#?}"))
}

/// What is damaged on disk is fetched again, and nothing else.
pub(crate) fn repaired(page: &Page) -> Result<()> {
    let target = manifest(page, &random_model::bundle(&SLIM, Encoding::Q8_0)?)?;
    let load = "const clip = await Semblance.load({ model });
        const [vector] = await clip.embedImages([image]);
        const { source, stored, verified } = clip.info().model;
        clip.free();
        return { vector: [...vector], source, stored, verified };";
    let before = library(page, &target, load)?;
    page.faults.take_sent();

    let damage = "const { stored, damage } = await import('/packed/page.js');
        const pieces = (await stored()).filter(({ bytes }) => bytes === 4 * 2 ** 20).map(({ name }) => name);
        await damage(['pieces', pieces[0], 'flip', 0.5], ['pieces', pieces[1], 'cut', 0.9]);
        return pieces.slice(0, 2);";
    let damaged: Vec<String> = serde_json::from_value(library(page, &target, damage)?)?;
    let after = library(page, &target, load)?;
    same("the vector", &after["vector"], &before["vector"])?;
    same("it is kept", &after["stored"], &json!(true))?;
    let sent = page.faults.take_sent();
    same("bytes that were sent", weights(&sent), 2 * (4 << 20)).with_context(|| format!("{sent:#?}"))?;
    for piece in &damaged {
        let name = &piece[..16];
        same(
            &format!("requests for {name}"),
            sent.iter().filter(|sent| sent.target.contains(name)).count(),
            1,
        )?;
    }

    let verify =
        "const [one] = (await Semblance.storedModels()).filter(({ name }) => name.startsWith('vit'));
        const { damage } = await import('/packed/page.js');
        const good = await Semblance.verifyModel(one.id);
        await damage(['pieces', args[0], 'flip', 0.1]);
        return [good, await Semblance.verifyModel(one.id), await Semblance.verifyModel(one.id)];";
    let verified = with_args(page, &target, verify, json!([damaged[0]]))?;
    let said = |i: usize| (verified[i]["ok"].clone(), verified[i]["bad"].clone());
    same("a good model", said(0), (json!(true), json!(0)))?;
    same("a damaged one", said(1), (json!(false), json!(1)))?;
    library(page, &target, load)?;
    same("bytes that were sent then", weights(&page.faults.take_sent()), 4 << 20)
}

/// A full disk: the model runs all the same, and it is said that it isn't kept.
pub(crate) fn full_disk(page: &Page) -> Result<()> {
    let target = manifest(page, &random_model::bundle(&SLIM, Encoding::Q8_0)?)?;
    let load = "const clip = await Semblance.load({ model, onProgress: (now) => (window.now = now) });
        const [vector] = await clip.embedImages([image]);
        const { model: { stored }, notes } = clip.info();
        clip.free();
        return { length: Math.hypot(...vector), stored, notes };";
    // Full from the start, and then while it is downloaded: the browser has said that there is room.
    let result = [Some(20_000_000), None].map(|before| {
        page.limit_storage(before)?;
        page.faults.plan(Some(Plan::All(Fault::Drip)));
        page.browser.run("window.now = null;", json!([]))?;
        library(page, &target, &format!("window.loading = (async () => {{ {load} }})(); return true;"))?;
        if before.is_none() {
            page.browser.wait("window.now?.loaded > 5e6")?;
            page.limit_storage(Some(1_000_000))?;
        }
        page.browser.value("window.loading")
    });
    page.faults.plan(None);
    page.limit_storage(None)?;
    for answer in result {
        let answer = answer?;
        near("the vector's length", answer["length"].as_f64().context("a number")?, 1.0, 1e-4)?;
        same("it is kept", &answer["stored"], &json!(false))?;
        let notes = answer["notes"].to_string();
        holds(
            &format!("it says so ({notes})"),
            notes.contains("not kept") || notes.contains("could not keep"),
        )?;
    }
    // Room again: then it is kept.
    let answer = library(page, &target, load)?;
    same("it is kept with room", &answer["stored"], &json!(true))
}

/// Repositories of the hub: one file, several, and only the converter's pull request has safetensors.
pub(crate) fn repositories(page: &Page) -> Result<()> {
    let (single, sharded) = (random_model::repository(&SLIM, 1)?, random_model::repository(&SLIM, 3)?);
    page.faults.hub.add("tests/single", &single)?;
    page.faults.hub.add("tests/sharded", &sharded)?;
    page.faults.hub.add_unconverted("tests/unconverted", &single)?;
    let bundle = manifest(page, &random_model::bundle(&SLIM, Encoding::F16)?)?;
    let load = "const offer = await Semblance.describe(model, { hub: '/hub' });
        const clip = await Semblance.load({ model, hub: '/hub' });
        const [vector] = await clip.embedImages([image]);
        const [text] = await clip.embedTexts(['a photo of a cat']);
        const { model: { source, stored, verified, name }, notes } = clip.info();
        clip.free();
        return { vector: [...vector], text: [...text], source, stored, verified, name, notes, offer };";
    let expected = library(page, &bundle, load)?;
    for (id, missing_in_the_end) in [("tests/single", 0), ("tests/sharded", 0), ("tests/unconverted", 0)] {
        page.faults.take_sent();
        let first = library(page, id, load).with_context(|| id.to_owned())?;
        let sent = page.faults.take_sent();
        let (offered, bytes) = (&first["offer"], weights(&sent));
        same(&format!("{id}: licence"), &offered["licence"], &json!("mit"))?;
        same(&format!("{id}: name"), &first["name"], &json!(id))?;
        same(
            &format!("{id}: checked and kept"),
            (&first["verified"], &first["stored"]),
            (&json!(true), &json!(true)),
        )?;
        // The same numbers, in another file.
        for which in ["vector", "text"] {
            holds(&format!("{id}: the {which} is that of the bundle"), first[which] == expected[which])?;
        }
        holds(
            &format!("{id}: all of the weights came ({bytes} bytes; {offered})"),
            bytes > 0 && bytes <= offered["missing"].as_u64().unwrap_or(0),
        )?;
        let second = library(page, id, load)?;
        same(&format!("{id}: the source then"), &second["source"], &json!("storage"))?;
        same(&format!("{id}: weights sent then"), weights(&page.faults.take_sent()), missing_in_the_end)?;
        holds(&format!("{id}: the same vector"), second["vector"] == first["vector"])?;
        library(
            page,
            id,
            "for (const { id } of await Semblance.storedModels()) await Semblance.deleteModel(id); return true;",
        )?;
    }
    let absent = library(
        page,
        "tests/absent",
        "return Semblance.load({ model, hub: '/hub' }).then(() => null, ({ name, message }) => `${name}: ${message}`);",
    )?;
    let absent = absent.as_str().context("an error")?;
    holds(&format!("one that is not there is said so ({absent})"), absent.contains("tests/absent"))
}

/// What the panel of models does, by the library: list, verify, export, delete, import, load.
pub(crate) fn shelf(page: &Page) -> Result<()> {
    let folder = random_model::bundle(&SLIM, Encoding::Q8_0)?;
    let target = manifest(page, &folder)?;
    let manifest: Value = serde_json::from_slice(&std::fs::read(folder.join("manifest.json"))?)?;
    let round = "const hex = (bytes) => Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('');
        const digest = async (file) => hex(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()));
        const embed = async (model) => {
          const clip = await Semblance.load({ model });
          const [vector] = await clip.embedImages([image]);
          const { model: { hash, source, stored }, notes } = clip.info();
          clip.free();
          if (!stored) throw new Error(`It was not kept: ${notes.join(' ')}`);
          return { vector: [...vector], hash, source };
        };
        const ours = async () => (await Semblance.storedModels()).filter(({ bytes }) => bytes > 2e7);
        const loaded = await embed(model);
        const [kept] = await ours();
        const verified = await Semblance.verifyModel(kept.id);
        const file = await Semblance.exportModel(kept.id);
        const exported = { name: file.name, bytes: file.size, sha256: await digest(file) };
        const copy = new File([await file.arrayBuffer()], file.name);
        await Semblance.deleteModel(kept.id);
        const left = await ours();
        const { stored } = await import('/packed/page.js');
        const pieces = (await stored()).length;
        const imported = await Semblance.importModel(copy);
        const again = await embed(`stored:${imported.id}`);
        return { loaded, kept, verified, exported, left, pieces, imported, again };";
    let answer = library(page, &target, round)?;
    let sent = page.faults.take_sent();
    let bytes = manifest["bytes"].as_u64().context("a number")?;
    same("the exported file is the model", &answer["exported"]["sha256"], &manifest["sha256"])?;
    same("verified bytes", &answer["verified"]["bytes"], &manifest["bytes"])?;
    same("models after it was deleted", &answer["left"], &json!([]))?;
    let pocket = 1;
    same("pieces after it was deleted", &answer["pieces"], &json!(pocket))?;
    same("the imported one is complete", &answer["imported"]["complete"], &json!(true))?;
    for what in ["vector", "hash"] {
        holds(
            &format!("the imported model's {what} is the same"),
            answer["again"][what] == answer["loaded"][what],
        )?;
    }
    same("where it came from", &answer["again"]["source"], &json!("storage"))?;
    same("bytes that were sent in all", weights(&sent), bytes)?;

    // A folder of Hugging Face's goes out as a zip and comes in again.
    let repository = random_model::repository(&SLIM, 3)?;
    page.faults.hub.add("tests/sharded", &repository)?;
    let round = "const embed = async (model) => {
          const clip = await Semblance.load({ model, hub: '/hub' });
          const [vector] = await clip.embedImages([image]);
          const { hash } = clip.info().model;
          clip.free();
          return { vector: [...vector], hash };
        };
        const loaded = await embed(model);
        const kept = (await Semblance.storedModels()).find(({ name }) => name === model);
        const file = await Semblance.exportModel(kept.id);
        const copy = new File([await file.arrayBuffer()], file.name);
        await Semblance.deleteModel(kept.id);
        const imported = await Semblance.importModel(copy);
        return { name: file.name, loaded, again: await embed(`stored:${imported.id}`) };";
    let answer = library(page, "tests/sharded", round)?;
    holds(
        &format!("it is a zip ({})", answer["name"]),
        answer["name"].as_str().is_some_and(|name| name.ends_with(".zip")),
    )?;
    holds("the folder's vector is the same", answer["again"]["vector"] == answer["loaded"]["vector"])?;
    same("the folder's hash", &answer["again"]["hash"], &answer["loaded"]["hash"])
}

fn bytes(page: &Page, name: &str) -> Result<u64> {
    Ok(stored(page, name)?.bytes)
}
