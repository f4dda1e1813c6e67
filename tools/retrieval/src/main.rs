mod held_out;
use anyhow::Result;
use std::io::Write;
use std::path::PathBuf;
fn main() -> Result<()> {
    let folder = PathBuf::from(std::env::args().nth(1).unwrap());
    let (table, all) = held_out::read(&folder)?;
    println!("{} held-out pictures, {} sets", all.len(), table.sets.len());
    let mut clip = semblance::Clip::load("models/pocket")?;
    let mut out = std::fs::File::create("/tmp/exp/images.f32")?;
    let mut cid = std::fs::File::create("/tmp/exp/cid.i32")?;
    let t = std::time::Instant::now();
    for some in all.chunks(64) {
        let pics: Vec<_> =
            some.iter().map(|h| semblance::Picture::decode(&h.picture)).collect::<Result<_, _>>()?;
        for v in clip.embed_images(&pics)? {
            out.write_all(&v.iter().flat_map(|x| x.to_le_bytes()).collect::<Vec<_>>())?;
        }
        for h in some {
            cid.write_all(&(h.concept as i32).to_le_bytes())?;
        }
    }
    println!("{:?}", t.elapsed());
    let texts: Vec<String> =
        std::fs::read_to_string("/tmp/exp/texts.txt")?.lines().map(str::to_owned).collect();
    let mut out = std::fs::File::create("/tmp/exp/texts.f32")?;
    for v in clip.embed_texts(&texts)? {
        out.write_all(&v.iter().flat_map(|x| x.to_le_bytes()).collect::<Vec<_>>())?;
    }
    Ok(())
}
