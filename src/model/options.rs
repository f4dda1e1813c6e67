//! What a caller chooses about a model.

/// Which towers to keep.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Towers {
    #[default]
    Both,
    Vision,
    Text,
}

impl Towers {
    /// As JavaScript names them.
    pub fn name(self) -> &'static str {
        match self {
            Self::Both => "both",
            Self::Vision => "image",
            Self::Text => "text",
        }
    }

    /// How the names of the tensors begin that these towers are made of.
    pub fn prefixes(self) -> &'static [&'static str] {
        match self {
            Self::Both => {
                &["logit_scale", "vision_model.", "visual_projection.", "text_model.", "text_projection."]
            }
            Self::Vision => &["logit_scale", "vision_model.", "visual_projection."],
            Self::Text => &["logit_scale", "text_model.", "text_projection."],
        }
    }
}

/// What the blocks' products are computed in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Compute {
    /// The exact mode: within 1e-4 of Hugging Face.
    #[default]
    F32,
    /// Weights of 8 bits per output channel, activations of 7 bits per token: a quarter of the memory and several
    /// times as fast in the browser; cosines to the exact embeddings are 0.999 and more (`docs/fidelity.md`).
    Int8,
}

impl Compute {
    /// As JavaScript names it.
    pub fn name(self) -> &'static str {
        match self {
            Self::F32 => "f32",
            Self::Int8 => "int8",
        }
    }
}
