//! The library's own interface to indexes, without the page's view.

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::{Page, holds, near, same};

/// What every script here begins with.
const SAMPLES: &str = r#"
    const names = ["bee", "boats", "bridge", "cat", "citrus", "coffee", "dandelion", "moose"];
    const samples = await Promise.all(names.map(async (name) => {
      const blob = await (await fetch(`assets/samples/${name}.jpg`)).blob();
      return { path: `trip/${name}.jpg`, file: new File([blob], `${name}.jpg`, { lastModified: 1e12 }) };
    }));
    const refusal = (promise) => promise.then(() => "nothing", ({ name, message }) => `${name}: ${message}`);
    const counts = ({ added, unchanged, same, renamed, removed, failed }) => ({ added, unchanged, same, renamed, removed, failed });
    const paths = (hits) => hits.map(({ path }) => path);
"#;

/// Run a script that has `Semblance`, the samples as `{ path, file }`, and a loaded model.
fn run(page: &Page, body: &str) -> Result<Value> {
    let script = format!(
        r#"return (async () => {{
          const {{ Semblance }} = await import(new URL("semblance.js", location.href).href);
          {SAMPLES}
          const model = await Semblance.load();
          try {{ {body} }} finally {{ model.free(); }}
        }})();"#
    );
    page.browser.run(&script, json!([]))
}

fn counts(added: u32, unchanged: u32, same: u32, renamed: u32, removed: u32) -> Value {
    json!({ "added": added, "unchanged": unchanged, "same": same, "renamed": renamed, "removed": removed, "failed": [] })
}

/// Words, pictures and both find what comparing one by one finds.
pub(crate) fn searched(page: &Page) -> Result<()> {
    let found = run(
        page,
        r#"
        const index = await Semblance.openIndex("searched", { model });
        const exact = await Semblance.openIndex("exact", { model, exact: true });
        await index.add(samples);
        await exact.add(samples);
        const vectors = await model.embedImages(samples.map(({ file }) => file));
        const [cat, photo] = await model.embedTexts(["a cat", "water"]);
        const dot = (a, b) => a.reduce((sum, number, i) => sum + number * b[i], 0);
        const brute = (query) => samples.map(({ path }, i) => ({ path, cosine: dot(query, vectors[i]) })).sort((a, b) => b.cosine - a.cosine);
        const spread = (part) => {
          const cosines = vectors.map((vector) => dot(part, vector));
          const mean = cosines.reduce((sum, x) => sum + x) / cosines.length;
          return Math.sqrt(cosines.reduce((sum, x) => sum + (x - mean) ** 2, 0) / cosines.length);
        };
        const formula = (parts) => {
          const sum = vectors[0].map((_, i) => parts.reduce((sum, [part, weight]) => sum + weight * part[i] / spread(part), 0));
          const length = Math.hypot(...sum);
          return sum.map((number) => number / length);
        };
        const queries = [
          [{ text: "a cat" }, cat],
          [{ text: "cat", template: "a {}" }, cat],
          [{ image: samples[5].file }, vectors[5]],
          [{ image: vectors[6] }, vectors[6]],
          [{ text: ["a cat", "water"], image: samples[1].file, minus: "water", weights: [1, 0.5, 2, 0.25] }, formula([[cat, 1], [photo, 0.5], [vectors[1], 2], [photo, -0.25]])],
        ];
        const worst = { index: 0, exact: 0, exactSeveral: 0 };
        const orders = [];
        for (const [query, vector] of queries) {
          const truth = brute(vector);
          for (const [name, one] of Object.entries({ index, exact })) {
            const hits = await one.search(query);
            // σ is that of the cosines from 8 bits.
            const row = name === "exact" && query.minus ? "exactSeveral" : name;
            for (const { path, cosine } of hits) worst[row] = Math.max(worst[row], Math.abs(cosine - truth.find((row) => row.path === path).cosine));
            if (name === "exact") orders.push(JSON.stringify(paths(hits)) === JSON.stringify(paths(truth)));
          }
        }
        // In the order of paths, as the samples are; and backwards.
        const furthest = { index: 0, exact: 0 };
        for (const [name, one] of Object.entries({ index, exact })) {
          const ids = await one.ids();
          const width = vectors[0].length;
          const rows = await one.vectors(ids.toReversed());
          if (rows.length !== ids.length * width) throw new Error(`${rows.length} numbers`);
          vectors.toReversed().forEach((vector, i) => vector.forEach((number, j) => { furthest[name] = Math.max(furthest[name], Math.abs(number - rows[i * width + j])); }));
        }
        const vectorless = [(await index.vectors([])).length, await refusal(index.vectors([...await index.ids(), 99]))];
        const [like] = await index.search({ image: samples[3].file, k: 1 });
        const similar = await index.similarTo(like.id, { k: 3 });
        const filtered = await index.search({ text: "a cat", where: { folder: "trip", smallest: samples[3].file.size } });
        const answer = {
          worst, orders, furthest, vectorless,
          similar: [similar.length, similar.some(({ id }) => id === like.id)],
          like: [like.path, like.cosine > 0.99, like.width > 0 && like.height > 0, like.size === samples[3].file.size],
          filtered: JSON.stringify(paths(filtered).sort()) === JSON.stringify(paths(samples).filter((_, i) => samples[i].file.size >= samples[3].file.size)) && filtered.length < samples.length,
          nowhere: await index.search({ text: "a cat", where: { folder: "elsewhere" } }),
          cancelled: await refusal(index.search({ text: "a cat", minus: "a cat" })),
          nothing: await refusal(index.search({})),
          misspelled: await refusal(index.search({ text: "a", where: { colour: "red" } })),
        };
        await Promise.all([index.close(), exact.close()]);
        for (const name of await Semblance.indexes()) await Semblance.deleteIndex(name);
        return { ...answer, left: await Semblance.indexes() };
        "#,
    )?;
    let worst = |name: &str| found["worst"][name].as_f64().with_context(|| format!("{name} has no cosines"));
    near("cosines from 8 bits", worst("index")?, 0.0, 0.01)?;
    near("cosines from f32", worst("exact")?, 0.0, 2e-6)?;
    near("cosines of several parts from f32", worst("exactSeveral")?, 0.0, 1e-3)?;
    let furthest = |name: &str| found["furthest"][name].as_f64().context("a distance");
    // Half a step of the greatest scale, a number of 1 in 127.
    near("numbers of vectors of 8 bits", furthest("index")?, 0.0, 0.5 / 127.0)?;
    holds("they are of 8 bits", furthest("index")? > 1e-6)?;
    near("numbers of vectors as f32", furthest("exact")?, 0.0, 1e-6)?;
    same(
        "vectors of none, and of one that is not there",
        &found["vectorless"],
        &json!([0, "EngineError: There is no picture with the number 99 in this index."]),
    )?;
    same("orders from f32 equal brute force's", &found["orders"], &json!([true, true, true, true, true]))?;
    same("pictures like one", &found["similar"], &json!([3, false]))?;
    same("a picture finds itself", &found["like"], &json!(["trip/cat.jpg", true, true, true]))?;
    same("the filter holds", &found["filtered"], &json!(true))?;
    same("nothing lies elsewhere", &found["nowhere"], &json!([]))?;
    for (what, begins) in [
        ("cancelled", "TextError: What is searched for"),
        ("nothing", "TextError: There is nothing to search"),
        ("misspelled", "TypeError: where has no condition"),
    ] {
        let said = found[what].as_str().unwrap_or_default();
        holds(&format!("{what}: {said}"), said.starts_with(begins))?;
    }
    same("all are deleted", &found["left"], &json!([]))
}

/// A folder is opened again: only what is new is embedded, what has another name keeps its vector, what is gone is gone.
pub(crate) fn kept(page: &Page) -> Result<()> {
    let found = run(
        page,
        r#"
        const open = () => Semblance.openIndex("kept", { model });
        let index = await open();
        const folder = "trip";
        const steps = { first: counts(await index.add(samples, { folder })) };
        steps.again = counts(await index.add(samples, { folder }));
        const before = (await index.list()).find(({ path }) => path === "trip/cat.jpg");
        const moved = samples.map((sample) => sample.path === "trip/cat.jpg" ? { ...sample, path: "trip/pets/tom.jpg" } : sample);
        steps.moved = counts(await index.add(moved, { folder }));
        const after = (await index.list()).find(({ path }) => path === "trip/pets/tom.jpg");
        const copied = [...moved.slice(1), { path: "trip/copy.jpg", file: moved[1].file }];
        steps.copied = counts(await index.add(copied, { folder }));
        const touched = copied.map(({ path, file }) => ({ path, file: new File([file], file.name, { lastModified: 2e12 }) }));
        steps.touched = counts(await index.add(touched, { folder }));
        const bad = new File(["no picture"], "bad.jpg", { lastModified: 1 });
        const other = await index.add([bad]);
        steps.bad = [other.added, other.failed];
        const stats = await index.stats();
        const busy = await refusal(Semblance.deleteIndex("kept"));
        await index.close();
        const closed = await refusal(index.stats());
        const without = await refusal(Semblance.openIndex("never made"));
        index = await Semblance.openIndex("kept");
        const reopened = await index.stats();
        const listed = paths(await index.list());
        const small = await createImageBitmap(await index.thumbnail(after.id));
        const searched = await refusal(index.search({ text: "a cat" }));
        const alike = (await index.search({ image: { id: after.id } }))[0].path;
        await index.remove(after.id);
        const left = (await index.stats()).pictures;
        await index.close();
        await Semblance.deleteIndex("kept");
        return { steps, sameId: before.id === after.id, stats, busy, closed, without, listed, small: [small.width, small.height], searched, alike, left, equal: stats.pictures === reopened.pictures && stats.bytes === reopened.bytes };
        "#,
    )?;
    let steps = &found["steps"];
    same("at first", &steps["first"], &counts(8, 0, 0, 0, 0))?;
    same("once more", &steps["again"], &counts(0, 8, 0, 0, 0))?;
    same("one renamed", &steps["moved"], &counts(0, 7, 0, 1, 0))?;
    same("one gone, one copied", &steps["copied"], &counts(0, 7, 1, 0, 1))?;
    same("all touched", &steps["touched"], &counts(0, 0, 8, 0, 0))?;
    same("its number stays", &found["sameId"], &json!(true))?;
    let failed = &steps["bad"][1][0];
    holds(
        &format!("the bad file is named: {failed}"),
        failed["path"] == "bad.jpg"
            && failed["message"].as_str().is_some_and(|said| said.contains("not a picture")),
    )?;
    same("pictures", &found["stats"]["pictures"], &json!(8))?;
    same("kept", &found["stats"]["kept"], &json!(true))?;
    same("the same after it was closed", &found["equal"], &json!(true))?;
    same(
        "paths in order",
        &found["listed"],
        &json!([
            "trip/boats.jpg",
            "trip/bridge.jpg",
            "trip/citrus.jpg",
            "trip/coffee.jpg",
            "trip/copy.jpg",
            "trip/dandelion.jpg",
            "trip/moose.jpg",
            "trip/pets/tom.jpg"
        ]),
    )?;
    same("it finds itself", &found["alike"], &json!("trip/pets/tom.jpg"))?;
    same("one is removed", &found["left"], &json!(7))?;
    let sides = |at: usize| found["small"][at].as_u64().unwrap_or_default();
    holds("small pictures are small", sides(0).max(sides(1)) == 256)?;
    for (what, begins) in [
        ("busy", "StorageError: The library “kept” is open"),
        ("closed", "EngineError: The library “kept” was closed"),
        ("without", "StorageError: There is no library “never made”"),
        ("searched", "EngineError: This library was opened without a model"),
    ] {
        let said = found[what].as_str().unwrap_or_default();
        holds(&format!("{what}: {said}"), said.starts_with(begins))?;
    }
    Ok(())
}

/// A library is open several times in one tab: what one changes the others see, and it is closed with the last.
pub(crate) fn shared(page: &Page) -> Result<()> {
    let found = run(
        page,
        r#"
        const open = () => Semblance.openIndex("shared", { model });
        // One asks for what isn't there before the other has made it, or for what is there just now.
        const [absent, made] = await Promise.allSettled([Semblance.openIndex("shared"), open()]);
        await absent.value?.close();
        const one = made.value;
        const [two, three] = await Promise.all([open(), Semblance.openIndex("shared")]);
        await Promise.all([one.add(samples.slice(0, 5), { folder: "trip" }), two.add([{ path: "other/moose.jpg", file: samples[7].file }])]);
        const pictures = async () => Promise.all([one, two, three].map(async (index) => (await index.stats()).pictures));
        const steps = [await pictures()];
        const [, first] = await two.list();
        await two.remove(first.id);
        steps.push(await pictures());
        const gone = await refusal(one.facts([first.id]));
        // Whole is what was in that folder: the other's picture stays.
        steps.push((await one.add(samples.slice(0, 2), { folder: "trip" })).removed, paths(await three.list()));
        const stranger = Object.create(model, { info: { value: () => ({ model: { ...model.info().model, hash: "00".repeat(32) } }) } });
        const other = await refusal(Semblance.openIndex("shared", { model: stranger }));
        await one.close();
        await two.close();
        const closed = await refusal(two.stats());
        const busy = await refusal(Semblance.deleteIndex("shared"));
        const last = paths(await three.search({ image: { id: (await three.list())[0].id }, k: 1 }));
        await three.close();
        let release;
        await new Promise((held) => navigator.locks.request("semblance-index:shared", () => new Promise((done) => { release = done; held(); })));
        const taken = await refusal(open());
        release();
        await Semblance.deleteIndex("shared");
        return { absent: absent.value?.name ?? `${absent.reason}`, steps, gone, other, closed, busy, last, taken };
        "#,
    )?;
    let left = ["other/moose.jpg", "trip/bee.jpg", "trip/boats.jpg"];
    same("what all of them see", &found["steps"], &json!([[6, 6, 6], [5, 5, 5], 3, left]))?;
    let absent = found["absent"].as_str().unwrap_or_default();
    holds(absent, absent == "shared" || absent.starts_with("StorageError: There is no library “shared”"))?;
    same("the last one goes on", &found["last"], &json!([left[0]]))?;
    for (what, begins) in [
        ("gone", "EngineError: There is no picture with the number"),
        ("other", "ModelError: The vectors of the library “shared” come from another model"),
        ("closed", "EngineError: The library “shared” was closed"),
        ("busy", "StorageError: The library “shared” is open"),
        ("taken", "StorageError: The library “shared” is open in another tab"),
    ] {
        let said = found[what].as_str().unwrap_or_default();
        holds(&format!("{what}: {said}"), said.starts_with(begins))?;
    }
    Ok(())
}
