//! Times the exact search, for the comparison in `docs/scale/search.md`.
//!
//! ```text
//! cargo run --release -p semblance-index --example search -- VECTORS QUERIES DIM TOP
//! ```
//!
//! Both files are f32 in little-endian, row after row. It prints JSON: seconds to build, the median of a query in milliseconds, bytes
//! of the index's file, and the rows that each query found, best first.

#[cfg(not(target_arch = "wasm32"))]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    use std::time::Instant;

    use semblance_index::{Facts, Filter, Header, Index};

    let words: Vec<String> = std::env::args().skip(1).collect();
    let [vectors, queries, dim, top] = words.as_slice() else { return Err("VECTORS QUERIES DIM TOP".into()) };
    let (dim, top): (u32, usize) = (dim.parse()?, top.parse()?);
    let read = |path: &str| -> std::io::Result<Vec<f32>> {
        let bytes = std::fs::read(path)?;
        Ok(bytes.as_chunks().0.iter().map(|&four| f32::from_le_bytes(four)).collect())
    };
    let (vectors, queries) = (read(vectors)?, read(queries)?);

    let start = Instant::now();
    let mut index = Index::new(Header { model: [0; 32], dim, exact: false });
    let mut bytes = 0_u64;
    for (row, vector) in vectors.chunks_exact(dim as usize).enumerate() {
        let record = index.picture(&Facts { path: row.to_string().into(), ..Facts::default() }, vector)?;
        index.apply(&record, bytes);
        bytes += record.len() as u64;
    }
    let built = start.elapsed().as_secs_f64();

    let (mut times, mut found) = (Vec::new(), Vec::new());
    for query in queries.chunks_exact(dim as usize) {
        let start = Instant::now();
        let hits = index.search(query, top, &Filter::default());
        times.push(start.elapsed().as_secs_f64() * 1000.0);
        // Pictures are numbered from 1.
        found.push(hits.iter().map(|hit| (hit.id - 1).to_string()).collect::<Vec<_>>().join(","));
    }
    times.sort_by(f64::total_cmp);
    let median = times.get(times.len() / 2).ok_or("there are no queries")?;
    println!(
        "{{\"build_s\": {built}, \"query_ms\": {median}, \"bytes\": {bytes}, \"found\": [[{}]]}}",
        found.join("],[")
    );
    Ok(())
}

// `cargo test` builds examples for every target, and in a browser there is no command line.
#[cfg(target_arch = "wasm32")]
fn main() {}
