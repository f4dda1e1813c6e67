//! The page is killed while pictures are added: nothing is lost, nothing is there twice.

use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::{Page, holds, same};

/// Pictures, and how often the page is killed.
const SHORT: (u32, u32) = (400, 4);
const LONG: (u32, u32) = (10_000, 20);

/// A record of the header, which stands again after the index was opened anew, and after every 1024 pictures.
const HEADER: u64 = 72;

/// Pictures of noise, made anew in every page and the same in all: BMPs of 32 × 32.
const PICTURES: &str = r#"
    const picture = (number) => {
      const bytes = new Uint8Array(54 + 32 * 32 * 3);
      const view = new DataView(bytes.buffer);
      bytes.set([66, 77]);
      view.setUint32(2, bytes.length, true);
      for (const [at, value] of [[10, 54], [14, 40], [18, 32], [22, 32]]) view.setUint32(at, value, true);
      view.setUint16(26, 1, true);
      view.setUint16(28, 24, true);
      let state = number + 1;
      for (let at = 54; at < bytes.length; at++) {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        bytes[at] = state >>> 24;
      }
      return new File([bytes], `${number}.bmp`, { lastModified: 1e12 });
    };
    const pictures = (count) => Array.from({ length: count }, (_, i) => ({ path: `noise/${Math.floor(i / 100)}/${i}.bmp`, file: picture(i) }));
"#;

fn run(page: &Page, body: &str, count: u32) -> Result<Value> {
    let script = format!(
        r#"return (async (count) => {{
          const {{ Semblance }} = await import(new URL("semblance.js", location.href).href);
          {PICTURES}
          {body}
        }})(arguments[0]);"#
    );
    page.browser.run(&script, json!([count]))
}

pub(crate) fn survived(page: &Page) -> Result<()> {
    let (count, kills) = if page.chance.long { LONG } else { SHORT };
    let mut random = u64::from(page.chance.seed) | 1;
    let start = Instant::now();
    let mut there = 0;
    for kill in 0..=kills {
        let last = kill == kills;
        let begin = "window.adding = (async () => {
              const model = await Semblance.load();
              const index = await Semblance.openIndex('killed', { model });
              window.before = await index.stats();
              const added = await index.add(pictures(count), { folder: 'noise', onProgress: (now) => (window.now = now) });
              const stats = await index.stats();
              await index.close();
              return { added, stats };
            })();
            window.adding.then((done) => (window.done = done), ({ message }) => (window.done = { error: message }));
            return true;";
        run(page, begin, count)?;
        let before = page.browser.wait("window.before")?;
        let found = before["pictures"].as_u64().context("a number of pictures")?;
        holds(&format!("{found} are there after {there}"), found >= there)?;
        same("what there is to say", &before["notes"], &json!([]))?;
        if last {
            break;
        }
        // Somewhere in its share of the work, or in the moment before the first is done.
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let share = u64::from(count / (kills + 1)) * (random >> 33) / (1 << 31);
        page.browser.wait(&format!("(window.now?.added ?? 0) >= {share}"))?;
        thread::sleep(Duration::from_micros(random >> 48));
        there = found + page.browser.value("window.now?.added ?? 0")?.as_u64().unwrap_or_default();
        page.open(&page.url("?killed"))?;
    }
    // Longer than one script may take.
    let done = loop {
        let done = page.browser.value("window.done ?? null")?;
        if !done.is_null() {
            break done;
        }
        thread::sleep(Duration::from_secs(1));
    };
    println!(
        "  {count} pictures, the page killed {kills} times, {:.0} s: {} there at the last start, {} then added, {} bytes, {} of waste",
        start.elapsed().as_secs_f32(),
        done["added"]["unchanged"],
        done["added"]["added"],
        done["stats"]["bytes"],
        done["stats"]["waste"]
    );
    same("pictures in the end", &done["stats"]["pictures"], &json!(count))?;
    same("pictures that failed", &done["added"]["failed"], &json!([]))?;
    same(
        "pictures that were there, or added",
        done["added"]["unchanged"]
            .as_u64()
            .zip(done["added"]["added"].as_u64())
            .map(|(there, added)| there + added),
        Some(count.into()),
    )?;
    // A picture that was written twice would have left its first record as waste.
    let headers = u64::from(kills + 1 + count / 1024 + 1);
    let waste = done["stats"]["waste"].as_u64().context("a number of bytes")?;
    holds(&format!("nothing was written twice: {waste} bytes of waste"), waste <= headers * HEADER)?;
    let checked = run(
        page,
        "const model = await Semblance.load();
        const index = await Semblance.openIndex('killed', { model });
        const listed = await index.list({ count });
        const hex = (bytes) => Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('');
        const expected = new Map(pictures(count).map(({ path, file }) => [path, file]));
        let wrong = 0;
        for (const { path, hash } of listed) wrong += hex(await crypto.subtle.digest('SHA-256', await expected.get(path).arrayBuffer())) === hex(hash) ? 0 : 1;
        let least = 1;
        for (let i = 0; i < 20; i++) {
          const { path, id } = listed[Math.floor((i * count) / 20)];
          const [hit] = await index.search({ image: expected.get(path), k: 1 });
          least = hit.id === id ? Math.min(least, hit.cosine) : 0;
        }
        const small = (await Promise.all(listed.map(({ id }) => index.thumbnail(id)))).filter((blob) => blob === null).length;
        await index.close();
        await Semblance.deleteIndex('killed');
        return { paths: new Set(listed.map(({ path }) => path)).size, wrong, least: least > 0.99, small };",
        count,
    )?;
    same("what is there", &checked, &json!({ "paths": count, "wrong": 0, "least": true, "small": 0 }))
}
