//! What the frozen part of the tower makes of each picture: computed once, since it never changes, and kept in memory.
//!
//! The only augmentation is a horizontal flip, for which both versions are kept. A picture takes
//! `versions · tokens · hidden · 4` bytes: with ViT-B/32 0.3 MB, with ViT-L/14 2 MB; where no block is trained, the class token
//! is all.

use anyhow::{Result, bail};
use candle_core::{Device, Result as CandleResult, Tensor};
use rayon::prelude::*;
use semblance::Picture;
use semblance::bundle::PreprocessConfig;
use semblance::preprocess::preprocess;

use crate::pictures::Labelled;
use crate::tower::Tower;

/// Pictures that go through the tower together.
const BATCH: usize = 32;

/// The frozen part's output for pictures, and their classes.
pub struct Activations {
    /// Of each picture its versions, `[tokens, hidden]` each, not on the device.
    pictures: Vec<Vec<Tensor>>,
    pub classes: Vec<u32>,
}

impl Activations {
    /// Read pictures and send them through the first `frozen` blocks; with `flip` mirrored as well. `progress` hears how many
    /// are done. Those that cannot be read are left out; why, says a sentence for each.
    ///
    /// Errors: none of them can be read, or there is no memory.
    pub fn compute(
        tower: &Tower,
        frozen: usize,
        config: &PreprocessConfig,
        pictures: &[Labelled],
        flip: bool,
        mut progress: impl FnMut(usize),
    ) -> Result<(Self, Vec<String>)> {
        let mut found = Self { pictures: Vec::new(), classes: Vec::new() };
        let mut skipped = Vec::new();
        for (n, some) in pictures.chunks(BATCH).enumerate() {
            let read: Vec<_> = some.par_iter().map(|one| pixels(one, config, tower.side())).collect();
            let mut batch = Vec::new();
            for (one, pixels) in some.iter().zip(read) {
                match pixels {
                    Ok(pixels) => batch.push((one.class as u32, pixels)),
                    Err(error) => skipped.push(error.to_string()),
                }
            }
            if !batch.is_empty() {
                found.add(tower, frozen, batch, flip)?;
            }
            progress((n * BATCH + some.len()).min(pictures.len()));
        }
        if let (true, Some(first)) = (found.classes.is_empty(), skipped.first()) {
            bail!("none of {} pictures can be read; the first: {first}", pictures.len());
        }
        Ok((found, skipped))
    }

    fn add(
        &mut self,
        tower: &Tower,
        frozen: usize,
        batch: Vec<(u32, Vec<f32>)>,
        flip: bool,
    ) -> CandleResult<()> {
        let (side, size) = (tower.side(), batch.len());
        let run = |pixels: Vec<f32>| -> CandleResult<Tensor> {
            let pixels = Tensor::from_vec(pixels, (size, 3, side, side), tower.device())?;
            let pixels = pixels.to_dtype(tower.dtype())?;
            let frozen = tower.freeze(&pixels, frozen)?;
            frozen.to_device(&Device::Cpu)
        };
        let (classes, pixels): (Vec<u32>, Vec<Vec<f32>>) = batch.into_iter().unzip();
        let mut pixels = pixels.concat();
        let mut versions = vec![run(pixels.clone())?];
        if flip {
            pixels.chunks_exact_mut(side).for_each(<[f32]>::reverse);
            versions.push(run(pixels)?);
        }
        for (i, class) in classes.into_iter().enumerate() {
            let picture = versions.iter().map(|version| version.get(i)).collect::<CandleResult<_>>()?;
            self.pictures.push(picture);
            self.classes.push(class);
        }
        Ok(())
    }

    /// Pictures.
    pub fn len(&self) -> usize {
        self.classes.len()
    }

    pub fn is_empty(&self) -> bool {
        self.classes.is_empty()
    }

    /// Bytes of all that is kept.
    pub fn bytes(&self) -> usize {
        self.pictures.iter().flatten().map(|one| 4 * one.elem_count()).sum()
    }

    /// Pictures by their places, each in the version of that number (modulo those that there are):
    /// `[batch, tokens, hidden]`, and their classes, on the device.
    ///
    /// Errors: a place is beyond the last picture.
    pub fn batch(&self, places: &[(usize, usize)], device: &Device) -> CandleResult<(Tensor, Tensor)> {
        let mut chosen = Vec::with_capacity(places.len());
        for &(place, version) in places {
            match self.pictures.get(place) {
                Some(versions) => chosen.push(&versions[version % versions.len()]),
                None => candle_core::bail!("there is no picture {place}"),
            }
        }
        let classes: Vec<u32> = places.iter().map(|&(place, _)| self.classes[place]).collect();
        Ok((Tensor::stack(&chosen, 0)?.to_device(device)?, Tensor::new(classes, device)?))
    }
}

/// The pixels that the tower sees, channel by channel.
fn pixels(one: &Labelled, config: &PreprocessConfig, side: usize) -> semblance::Result<Vec<f32>> {
    Ok(preprocess(&Picture::open(&one.path)?, config, side)?.rows().concat())
}
