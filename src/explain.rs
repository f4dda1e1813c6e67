//! Why did it say that? Where in a picture the evidence for a label lies.
//!
//! **Patches**, quick: what each patch says by itself. In the last block of the image tower attention, residual and MLP serve
//! the class token, and lead patches away from what they show; their values go through the output projection alone, and then
//! where the class token goes (MaskCLIP: Zhou, Loy and Dai 2022, “Extract Free Dense Labels from CLIP”, section 3.2), each
//! mixed with those that are like it, by attention of values to values (CLIP Surgery: Li et al. 2023, section 3.2). From a
//! patch's cosine with the label the mean of those with other texts is taken off, since what answers to everything explains
//! nothing (its feature surgery, of cosines instead of the channels that add up to them):
//!
//! ```text
//! v           = values of the last block
//! patch       = projection(norm(out(softmax(v · vᵀ / √d) · v)))
//! heat(patch) = scale · (cos(patch, label) − mean cos(patch, other))
//! ```
//!
//! **Occlusion**, slow and honest: the model looks at the picture again and again, each time with a square of it covered (Zeiler
//! and Fergus 2014, “Visualizing and Understanding Convolutional Networks”, section 4.2). A square covers 2 × 2 cells of a grid
//! of at most 8 × 8, which is the patches' own where that is as small, and goes on by one cell, also half over the edges, so
//! that each cell is covered four times:
//!
//! ```text
//! evidence    = logit(label) − ln Σ exp logit(other)
//! heat(cell)  = mean over its four squares of  evidence(picture) − evidence(picture without the square)
//! ```
//! Both are in units of logits: 1 makes a label e times as likely, against the others.

use semblance_prompts::NEUTRAL;

use crate::classify::{Encoder, TextEmbedding, dot};
use crate::preprocess::Pixels;
use crate::{Error, Result};

/// Cells along a side of the grid of occlusion, at most.
const CELLS: usize = 8;
/// Covered pictures that go through the image tower in a step.
const STEP: usize = 8;

/// How to find out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    Patches,
    Occlusion,
}

impl Method {
    pub const ALL: [Self; 2] = [Self::Patches, Self::Occlusion];

    pub fn name(self) -> &'static str {
        match self {
            Self::Patches => "patches",
            Self::Occlusion => "occlusion",
        }
    }

    /// Errors: there is no such method.
    pub fn of(name: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|method| method.name() == name);
        found.ok_or_else(|| Error::Text(format!("There is no method “{name}”, only patches and occlusion.")))
    }
}

/// What explaining needs of a model besides its texts.
pub trait Looker: Encoder {
    /// One unit vector for each preprocessed picture.
    fn embed_pixels(&self, pixels: &[Pixels]) -> Result<Vec<Vec<f32>>>;

    /// One unit vector for each patch of a preprocessed picture, row by row, along the last block's value path.
    fn embed_patches(&self, pixels: &Pixels) -> Result<Vec<Vec<f32>>>;

    /// Pixels along a side of what the model sees, and of a patch.
    fn sizes(&self) -> (usize, usize);
}

/// Where the evidence lies, over the square that the model sees ([`crate::preprocess::seen`]).
#[derive(Clone, Debug, PartialEq)]
pub struct Heat {
    /// Of the grid, which is square.
    pub side: usize,
    /// Row by row, in units of logits; above 0 speaks for the label.
    pub cells: Vec<f32>,
}

/// A picture that is being explained, step by step.
#[derive(Debug)]
pub struct Explaining {
    pixels: Pixels,
    label: TextEmbedding,
    others: Vec<TextEmbedding>,
    method: Method,
    scale: f32,
    patches: usize,
    /// Of the picture itself, then of each square that was covered, row by row.
    evidence: Vec<f32>,
    heat: Option<Heat>,
}

impl Explaining {
    /// `texts` are the labels' prompts, `label` the one to explain. A single one stands against captions
    /// that mean nothing in particular.
    ///
    /// Errors: a text cannot be tokenised, or there is no such label.
    pub fn new(
        clip: &mut impl Looker,
        pixels: Pixels,
        texts: &[String],
        label: usize,
        method: Method,
    ) -> Result<Self> {
        let Some(text) = texts.get(label) else {
            return Err(Error::Text(format!("There is no label {label} among {}.", texts.len())));
        };
        let mut others: Vec<String> = texts.iter().filter(|other| *other != text).cloned().collect();
        if others.is_empty() {
            others = NEUTRAL.map(String::from).into();
        }
        let label = clip.encode_texts(std::slice::from_ref(text))?.remove(0);
        let others = clip.encode_texts(&others)?;
        let (side, patch) = clip.sizes();
        let patches = side / patch;
        let scale = clip.logit_scale();
        Ok(Self { pixels, label, others, method, scale, patches, evidence: Vec::new(), heat: None })
    }

    /// Whether there is more to do.
    ///
    /// Errors: the image tower is not loaded, or gives no finite vector.
    pub fn step(&mut self, clip: &impl Looker) -> Result<bool> {
        match self.method {
            Method::Patches => self.heat = Some(self.look_at_patches(clip)?),
            Method::Occlusion => self.cover(clip)?,
        }
        Ok(self.heat.is_none())
    }

    /// From 0 to 1.
    pub fn progress(&self) -> f64 {
        let all = 1 + (self.cells() + 1).pow(2);
        if self.heat.is_some() { 1.0 } else { self.evidence.len() as f64 / all as f64 }
    }

    /// After the last step.
    pub fn heat(&self) -> Option<&Heat> {
        self.heat.as_ref()
    }

    fn look_at_patches(&self, clip: &impl Looker) -> Result<Heat> {
        let heat = |patch: &Vec<f32>| {
            let others: f32 = self.others.iter().map(|other| dot(patch, &other.vector)).sum();
            self.scale * (dot(patch, &self.label.vector) - others / self.others.len() as f32)
        };
        let cells = clip.embed_patches(&self.pixels)?.iter().map(heat).collect();
        Ok(Heat { side: self.patches, cells })
    }

    fn cells(&self) -> usize {
        self.patches.min(CELLS)
    }

    /// The next squares.
    fn cover(&mut self, clip: &impl Looker) -> Result<()> {
        let (cells, squares) = (self.cells(), self.cells() + 1);
        let (side, _) = clip.sizes();
        let edge = |cell: usize| cell * side / cells;
        // Square i covers the cells i − 1 and i, as far as they are there.
        let range = |square: usize| edge(square.saturating_sub(1))..edge((square + 1).min(cells));
        let from = self.evidence.len();
        let pictures = (from..(from + STEP).min(1 + squares * squares)).map(|at| match at.checked_sub(1) {
            None => Ok(self.pixels.clone()),
            Some(square) => self.pixels.without(range(square % squares), range(square / squares)),
        });
        let vectors = clip.embed_pixels(&pictures.collect::<Result<Vec<_>>>()?)?;
        let evidence: Vec<f32> = vectors.iter().map(|vector| self.evidence_in(vector)).collect();
        self.evidence.extend(evidence);
        let Some((whole, covered)) = self.evidence.split_first() else { return Ok(()) };
        if covered.len() == squares * squares {
            let drop = |x: usize, y: usize| whole - covered[y * squares + x];
            let of_cell = |x, y| (drop(x, y) + drop(x + 1, y) + drop(x, y + 1) + drop(x + 1, y + 1)) / 4.0;
            let cells_of = (0..cells * cells).map(|at| of_cell(at % cells, at / cells)).collect();
            self.heat = Some(Heat { side: cells, cells: cells_of });
        }
        Ok(())
    }

    fn evidence_in(&self, picture: &[f32]) -> f32 {
        let logit = |text: &TextEmbedding| self.scale * dot(picture, &text.vector);
        let others: Vec<f32> = self.others.iter().map(logit).collect();
        let most = others.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        logit(&self.label) - most - others.iter().map(|other| (other - most).exp()).sum::<f32>().ln()
    }
}
