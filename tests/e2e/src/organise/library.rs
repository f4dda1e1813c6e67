//! The library's own interface, without the page's view.

use anyhow::Result;
use serde_json::{Value, json};

use crate::{Page, holds, same};

/// What every script here begins with: the samples, and one of them saved anew, smaller.
const SAMPLES: &str = r#"
    const names = ["bee", "boats", "bridge", "cat", "citrus", "coffee", "dandelion", "moose"];
    const blobs = await Promise.all(names.map(async (name) => (await fetch(`assets/samples/${name}.jpg`)).blob()));
    const samples = names.map((name, i) => ({ path: `trip/${name}.jpg`, file: new File([blobs[i]], `${name}.jpg`, { lastModified: 1e12 }) }));
    const bitmap = await createImageBitmap(blobs[3]);
    const canvas = new OffscreenCanvas(Math.round(bitmap.width * 0.6), Math.round(bitmap.height * 0.6));
    canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    const again = await canvas.convertToBlob({ type: "image/jpeg", quality: 0.6 });
    samples.push({ path: "trip/cat again.jpg", file: new File([again], "cat again.jpg", { lastModified: 1e12 }) });
    const refusal = (promise) => promise.then(() => "nothing", ({ name, message }) => `${name}: ${message}`);
"#;

/// Run a script that has `Semblance`, a library of the samples, and a loaded model.
fn run(page: &Page, name: &str, body: &str) -> Result<Value> {
    let script = format!(
        r#"return (async () => {{
          const {{ Semblance }} = await import(new URL("semblance.js", location.href).href);
          {SAMPLES}
          const model = await Semblance.load();
          const index = await Semblance.openIndex("{name}", {{ model }});
          await index.add(samples);
          const pathOf = new Map((await index.list()).map(({{ id, path }}) => [id, path]));
          try {{ {body} }} finally {{ await index.close(); model.free(); }}
        }})();"#
    );
    page.browser.run(&script, json!([]))
}

/// Tags: found, taken by the aim, corrected, and written for others.
pub(crate) fn tagged(page: &Page) -> Result<()> {
    let found = run(
        page,
        "tagged",
        r#"
        const [all, known] = [await Semblance.vocabulary(), await Semblance.vocabulary(model)];
        const progress = [];
        const tagging = await index.tag({ onProgress: (done, total) => progress.push([done, total]) });
        const counts = [];
        for (const precision of [0.95, 0.8, 0.5, 0]) counts.push((await tagging.select({ precision })).pictures.reduce((sum, { tags }) => sum + tags.length, 0));
        const before = await tagging.select({ precision: 0.3, most: 5 });
        const one = before.pictures.find(({ tags }) => tags.length > 0);
        const word = one.tags[0].word;
        const rejected = await tagging.select({ precision: 0.3, most: 5, corrections: [{ id: one.id, word, right: false }] });
        const other = known.find(({ word }) => !one.tags.some((tag) => tag.word === word)).word;
        const accepted = await tagging.select({ precision: 1, most: 5, corrections: [{ id: one.id, word: other, right: true }] });
        const own = await index.tag({ words: ["cat", "bee", "boat", "coffee"], template: "a photo of a {}" });
        const best = await own.select({ precision: 0, most: 1 });
        const stop = new AbortController();
        const cancelled = await refusal(index.tag({ signal: stop.signal, onProgress: () => stop.abort() }));
        tagging.free();
        own.free();
        const has = ({ pictures }, id, word) => pictures.find((one) => one.id === id).tags.some((tag) => tag.word === word);
        return {
          all: all.length, known: known.length, counts, expected: before.expected, pictures: before.pictures.length,
          progress: [progress[0], progress.at(-1)],
          rejected: has(rejected, one.id, word), accepted: has(accepted, one.id, other),
          best: Object.fromEntries(best.pictures.map(({ id, tags }) => [pathOf.get(id), tags[0].word])),
          cancelled, freed: await refusal(tagging.select()),
          wrong: [await refusal(index.tag({ words: [] })), await refusal(index.tag({ words: [" "] })), await refusal(index.tag({ template: "no place", words: ["a"] }))],
          sidecar: (await Semblance.sidecars([["a < b", word]]))[0],
        };
        "#,
    )?;
    let number = |name: &str| found[name].as_f64().unwrap_or_default();
    holds("the vocabulary has thousands of words", number("all") > 3000.0)?;
    holds("pocket knows some of them", number("known") > 300.0 && number("known") < number("all"))?;
    let counts: Vec<f64> = serde_json::from_value(found["counts"].clone())?;
    holds(
        &format!("less aimed at is more taken ({counts:?})"),
        counts.is_sorted() && counts[3] == 9.0 * 24.0,
    )?;
    holds("what is expected is said", found["expected"].as_f64() >= Some(0.3))?;
    same("all pictures", &found["pictures"], &json!(9))?;
    let total = &found["progress"][1][1];
    holds(
        &format!("progress ends with all of it ({})", found["progress"]),
        found["progress"][1][0] == *total,
    )?;
    same("a rejected tag is gone", &found["rejected"], &json!(false))?;
    same("an accepted one is there", &found["accepted"], &json!(true))?;
    for (path, word) in [("trip/cat.jpg", "cat"), ("trip/bee.jpg", "bee"), ("trip/coffee.jpg", "coffee")] {
        same(path, &found["best"][path], &json!(word))?;
    }
    holds("it is given up", found["cancelled"].as_str().is_some_and(|said| said.starts_with("AbortError")))?;
    same("freed", &found["freed"], &json!("EngineError: These tags were freed. Tag the library again."))?;
    let wrong: Vec<String> = serde_json::from_value(found["wrong"].clone())?;
    holds(
        &format!("{wrong:?}"),
        wrong[0].starts_with("TypeError")
            && wrong[1].starts_with("TextError")
            && wrong[2].starts_with("TextError"),
    )?;
    holds(
        "tags are escaped",
        found["sidecar"].as_str().is_some_and(|text| text.contains("<rdf:li>a &lt; b</rdf:li>")),
    )
}

/// Duplicates, groups, a map.
pub(crate) fn sorted(page: &Page) -> Result<()> {
    let found = run(
        page,
        "sorted",
        r#"
        const sets = await index.duplicates();
        const same = sets.filter(({ kind }) => kind === "same");
        const grouping = await index.groups();
        const cuts = [];
        for (const count of [1, 3, grouping.most]) {
          const groups = await grouping.cut(count);
          cuts.push({ count: groups.length, pictures: groups.reduce((sum, { ids }) => sum + ids.length, 0), distinct: new Set(groups.flatMap(({ ids }) => [...ids])).size, named: groups.filter(({ names }) => names.length > 0).length, central: groups.every(({ ids, central }) => central.length > 0 && central.every((id) => ids.includes(id))) });
        }
        const unnamed = await index.groups({ words: [] });
        const [bare] = await unnamed.cut(1);
        const seen = [];
        const map = await index.map({ onPlaces: ({ method }) => seen.push(method) });
        const second = await index.map();
        const place = (id) => { const at = [...map.ids].indexOf(id); return [map.x[at], map.y[at]]; };
        const idOf = new Map([...pathOf].map(([id, path]) => [path, id]));
        const distance = (a, b) => { const [p, q] = [place(idOf.get(a)), place(idOf.get(b))]; return Math.hypot(p[0] - q[0], p[1] - q[1]); };
        grouping.free();
        unnamed.free();
        return {
          same: same.map(({ ids, keep, reason }) => ({ paths: [...ids].map((id) => pathOf.get(id)).sort(), keep: pathOf.get(keep), reason })),
          cuts, bare: bare.names, within: [...map.x, ...map.y].every((number) => number >= -1.0001 && number <= 1.0001), pictures: map.ids.length,
          again: [...map.x].every((x, i) => x === second.x[i]), method: map.method,
          nearest: ["trip/bee.jpg", "trip/boats.jpg", "trip/bridge.jpg", "trip/citrus.jpg", "trip/coffee.jpg", "trip/dandelion.jpg", "trip/moose.jpg"].every((path) => distance("trip/cat.jpg", path) > distance("trip/cat.jpg", "trip/cat again.jpg")),
          wrong: [await refusal(grouping.cut(1)), await refusal(index.map({ seed: -1 }))],
        };
        "#,
    )?;
    same(
        "one picture is there twice, and the larger one is kept",
        &found["same"],
        &json!([{ "paths": ["trip/cat again.jpg", "trip/cat.jpg"], "keep": "trip/cat.jpg", "reason": "pixels" }]),
    )?;
    for cut in found["cuts"].as_array().into_iter().flatten() {
        same("every picture is in one group", (&cut["pictures"], &cut["distinct"]), (&json!(9), &json!(9)))?;
        holds("middle pictures are the group's", cut["central"] == json!(true))?;
    }
    same("as many groups as were asked for", &found["cuts"][1]["count"], &json!(3))?;
    same("three groups have names", &found["cuts"][1]["named"], &json!(3))?;
    same("no words, no names", &found["bare"], &json!([]))?;
    same("all are on the map", (&found["pictures"], &found["within"]), (&json!(9), &json!(true)))?;
    same(
        "the map is the same again",
        (&found["again"], &found["method"]),
        (&json!(true), &json!("neighbours")),
    )?;
    same("the copy is the cat's nearest", &found["nearest"], &json!(true))?;
    holds("freed", found["wrong"][0].as_str().is_some_and(|said| said.contains("freed")))?;
    holds("a seed", found["wrong"][1].as_str().is_some_and(|said| said.starts_with("TypeError")))
}

/// Rules on one picture and on a library, marks, advice; a shop's questions.
pub(crate) fn ruled(page: &Page) -> Result<()> {
    let found = run(
        page,
        "ruled",
        r#"
        const rule = { name: "cats", labels: ["a photo of a cat"], against: ["a photo of a dog", "a photo of food", "a photo of a boat", "a photo of an insect", "a photo of a flower"], threshold: 0.5, action: "hide" };
        const [cat] = await model.moderate(blobs[3], [rule]);
        const several = await model.moderate([blobs[3], blobs[4]], [rule, { name: "any", labels: ["fruit"] }]);
        const [whole] = await index.moderate([rule]);
        const hit = whole.hits[0];
        const marks = { cats: [{ score: hit.score, right: false }, { score: hit.score, right: false }] };
        const [marked] = await index.moderate([rule], { marks });
        const scoreOf = ({ ids, scores }, id) => scores[[...ids].indexOf(id)];
        const [aimed] = await index.moderate([{ ...rule, threshold: undefined, precision: 0.9 }]);
        const report = await Semblance.ruleReport([{ score: 4, right: true }, { score: 5, right: true }, { score: 6, right: false }, { score: -5, right: false }], 0.5);
        const advice = await Semblance.ruleAdvice();
        const advised = await model.moderate(blobs[3], advice.rules.map(({ rule }) => rule));
        const facets = await index.facets([{ name: "kind", labels: ["animal", "fruit", "boat"], template: "a photo of a {}" }], { least: 0 });
        const fits = await index.gaps(["a cat", "a steam locomotive"], { template: "a photo of {}" });
        const like = await index.search({ image: [...pathOf].filter(([, path]) => path.includes("cat")).map(([id]) => ({ id })), k: 2 });
        return {
          cat, several: several.map((some) => some.map(({ rule, found }) => [rule, found])),
          hits: whole.hits.map(({ id }) => pathOf.get(id)).sort(), why: [hit.label, hit.against],
          lower: marked.hits.find(({ id }) => id === hit.id)?.probability ?? 0, before: hit.probability, sameScore: scoreOf(marked, hit.id) === scoreOf(whole, hit.id),
          aimed: aimed.least === null || aimed.hits.reduce((sum, { probability }) => sum + probability, 0) / aimed.hits.length >= 0.9 - 1e-6,
          report, general: advice.general.length, advised: advised.map(({ rule, found }) => [rule, found]), evidence: advice.rules.every(({ evidence }) => evidence.length > 50),
          facets: facets.facets[0].values.map(({ label, ids }) => [label, [...ids].map((id) => pathOf.get(id)).sort()]), unsure: facets.facets[0].unsure.length,
          fits: fits.map(({ product, nearest }) => [product, pathOf.get(nearest)]), like: like.map(({ path }) => path).sort(),
          wrong: [
            await refusal(model.moderate(blobs[3], [])), await refusal(model.moderate(blobs[3], [{ name: "x", labels: [] }])), await refusal(model.moderate(blobs[3], [rule, rule])),
            await refusal(model.moderate(blobs[3], [{ ...rule, threshold: 2 }])), await refusal(index.facets([{ name: "one", labels: ["a"] }])),
          ],
        };
        "#,
    )?;
    same("a cat is one", (&found["cat"]["found"], &found["cat"]["action"]), (&json!(true), &json!("hide")))?;
    same("fruit is none", &found["several"][1][0], &json!(["cats", false]))?;
    same("both cats of the library", &found["hits"], &json!(["trip/cat again.jpg", "trip/cat.jpg"]))?;
    same("why", &found["why"][0], &json!("a photo of a cat"))?;
    holds("marked wrong it is less probable", found["lower"].as_f64() < found["before"].as_f64())?;
    same("and its score stays", &found["sameScore"], &json!(true))?;
    same("by the precision that is aimed at", &found["aimed"], &json!(true))?;
    let report = &found["report"];
    same(
        "marked",
        (&report["marked"], &report["found"], &report["right"]),
        (&json!(4), &json!(3), &json!(2)),
    )?;
    holds("with an interval", report["interval"]["low"].as_f64() > Some(0.0))?;
    holds(
        "the advisory rules explain themselves",
        found["evidence"] == json!(true) && found["general"].as_u64() > Some(50),
    )?;
    same(
        "there are six, of which a cat is none",
        found["advised"].as_array().map(|all| all.iter().filter(|one| one[1] == json!(true)).count()),
        Some(0),
    )?;
    holds(
        "the cat is an animal",
        found["facets"][0][1].as_array().is_some_and(|all| all.contains(&json!("trip/cat.jpg"))),
    )?;
    holds(
        "citrus is fruit",
        found["facets"][1][1].as_array().is_some_and(|all| all.contains(&json!("trip/citrus.jpg"))),
    )?;
    same("all have one", &found["unsure"], &json!(0))?;
    holds(
        "the nearest to a cat is one",
        found["fits"][0][1].as_str().is_some_and(|path| path.contains("cat")),
    )?;
    same("more like two examples", &found["like"], &json!(["trip/cat again.jpg", "trip/cat.jpg"]))?;
    let wrong: Vec<String> = serde_json::from_value(found["wrong"].clone())?;
    let kinds = ["TypeError", "TextError", "TextError", "TypeError", "TextError"];
    holds(&format!("{wrong:?}"), wrong.iter().zip(kinds).all(|(said, kind)| said.starts_with(kind)))
}

/// A film of two scenes, made by the browser itself.
pub(crate) const FILM: &str = r##"
    const film = async (seconds) => {
      const canvas = Object.assign(document.createElement("canvas"), { width: 320, height: 240 });
      const context = canvas.getContext("2d");
      const [cat, boats] = await Promise.all(["cat", "boats"].map(async (name) => createImageBitmap(await (await fetch(`assets/samples/${name}.jpg`)).blob())));
      const draw = (image) => context.drawImage(image, 0, 0, 320, 240);
      draw(cat);
      const recorder = new MediaRecorder(canvas.captureStream(10), { mimeType: "video/webm;codecs=vp8" });
      const parts = [];
      recorder.ondataavailable = ({ data }) => parts.push(data);
      const over = new Promise((done) => (recorder.onstop = done));
      recorder.start();
      const begun = performance.now();
      while (performance.now() - begun < seconds * 1000) {
        draw(performance.now() - begun < seconds * 500 ? cat : boats);
        await new Promise((done) => setTimeout(done, 50));
      }
      recorder.stop();
      await over;
      return new File(parts, "film.webm", { type: "video/webm" });
    };
"##;

/// Frames of a film where something new begins, and what is no film.
pub(crate) fn frames(page: &Page) -> Result<()> {
    let script = format!(
        r#"return (async () => {{
          const {{ Semblance }} = await import(new URL("semblance.js", location.href).href);
          {FILM}
          const file = await film(4);
          const refusal = (promise) => promise.then(() => "nothing", ({{ name, message }}) => `${{name}}: ${{message}}`);
          const scenes = await Semblance.frames(file, {{ every: 0.5 }});
          const all = await Semblance.frames(file, {{ every: 0.5, scenes: false }});
          const few = await Semblance.frames(file, {{ every: 0.5, scenes: false, most: 3 }});
          const stop = new AbortController();
          const cancelled = await refusal(Semblance.frames(file, {{ every: 0.1, signal: stop.signal, onFrame: () => stop.abort() }}));
          const model = await Semblance.load();
          const {{ cosine }} = await model.similarity(scenes.map(({{ image }}) => image).slice(0, 0).concat(await model.embedImages(scenes.map(({{ image }}) => image))), ["a photo of a cat", "a photo of a boat"]);
          model.free();
          return {{
            times: scenes.map(({{ time }}) => time), all: all.length, few: few.length, cancelled, kind: scenes[0].image.type,
            cosine: [...cosine], none: await refusal(Semblance.frames(new File(["no film"], "a.mp4", {{ type: "video/mp4" }}))),
          }};
        }})();"#
    );
    let found = page.browser.run(&script, json!([]))?;
    let times: Vec<f64> = serde_json::from_value(found["times"].clone())?;
    holds(
        &format!("two scenes are two frames: {times:?}"),
        times.len() == 2 && times[0] == 0.0 && (1.0..=3.5).contains(&times[1]),
    )?;
    holds(&format!("a look every half second: {}", found["all"]), found["all"].as_u64() >= Some(6))?;
    same("no more than asked for", &found["few"], &json!(3))?;
    same("pictures", &found["kind"], &json!("image/jpeg"))?;
    holds("it is given up", found["cancelled"].as_str().is_some_and(|said| said.starts_with("AbortError")))?;
    let cosine: Vec<f64> = serde_json::from_value(found["cosine"].clone())?;
    holds(
        &format!("the cat comes first, then the boats: {cosine:?}"),
        cosine[0] > cosine[2] && cosine[3] > cosine[1],
    )?;
    holds(
        &format!("what can't be decoded is said: {}", found["none"]),
        found["none"].as_str().is_some_and(|said| {
            said.starts_with("PictureError: This browser can't decode the video (video/mp4)")
        }),
    )
}
