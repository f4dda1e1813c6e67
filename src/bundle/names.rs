//! Other projects' names for CLIP's tensors, OpenCLIP's and clip.cpp's, become Hugging Face's while a file is read;
//! and those of BLIP's image tower, whose layers are CLIP's, become CLIP's.
//!
//! Sources: OpenCLIP's `transformer.py` and `model.py`, clip.cpp's `convert_hf_to_gguf.py`; Hugging Face's own
//! conversion of OpenAI's checkpoints has the same pairs.

use super::tensor::{Change, FUSED, TensorInfo};

/// Give all tensors Hugging Face's names; those of no known naming keep theirs.
pub fn resolve(tensors: &mut [TensorInfo]) {
    let swapped = ["v", "t"].map(|tower| up_is_first(tensors, tower));
    for info in tensors {
        if let Some((name, change)) = open_clip(&info.name) {
            (info.name, info.change) = (name, change);
        } else if let Some(name) = clip_cpp(&info.name, swapped) {
            info.name = name;
        } else if let Some((name, change)) = blip(&info.name) {
            (info.name, info.change) = (name, change);
        }
    }
}

/// `visual.transformer.resblocks.0.attn.in_proj_weight` → `vision_model.encoder.layers.0.self_attn.in_proj.weight`. What a
/// tower of CLIP doesn't have keeps its name below that of the tower, where it is found to be too much.
fn open_clip(name: &str) -> Option<(String, Change)> {
    let (tower, rest) = match name.strip_prefix("visual.") {
        Some(rest) => ("vision_model", rest),
        // Models with a text tower of their own class have it one level down.
        None => ("text_model", name.strip_prefix("text.").unwrap_or(name)),
    };
    let vision = tower == "vision_model";
    let plain = |name: String| Some((name, Change::None));
    match (vision, rest) {
        (true, "class_embedding") => return plain(format!("{tower}.embeddings.class_embedding")),
        (true, "conv1.weight") => return plain(format!("{tower}.embeddings.patch_embedding.weight")),
        (true, "proj") => return Some(("visual_projection.weight".into(), Change::Transpose)),
        (false, "token_embedding.weight") => {
            return plain(format!("{tower}.embeddings.token_embedding.weight"));
        }
        (false, "text_projection") => return Some(("text_projection.weight".into(), Change::Transpose)),
        (_, "positional_embedding") => return plain(format!("{tower}.embeddings.position_embedding.weight")),
        _ => {}
    }
    if let Some((norm, which)) = rest.rsplit_once('.') {
        let norm = match (vision, norm) {
            (true, "ln_pre") => Some("pre_layrnorm"),
            (true, "ln_post") => Some("post_layernorm"),
            (false, "ln_final") => Some("final_layer_norm"),
            _ => None,
        };
        if let Some(norm) = norm {
            return plain(format!("{tower}.{norm}.{which}"));
        }
    }
    let Some((layer, part)) =
        rest.strip_prefix("transformer.resblocks.").and_then(|rest| rest.split_once('.'))
    else {
        return if vision { plain(format!("{tower}.{rest}")) } else { None };
    };
    let (part, change) = match part {
        "attn.in_proj_weight" => (format!("self_attn.{FUSED}.weight"), Change::Thirds),
        "attn.in_proj_bias" => (format!("self_attn.{FUSED}.bias"), Change::Thirds),
        _ => {
            let (part, which) = part.rsplit_once('.')?;
            let part = match part {
                "attn.out_proj" => "self_attn.out_proj",
                "ln_1" => "layer_norm1",
                "ln_2" => "layer_norm2",
                "mlp.c_fc" => "mlp.fc1",
                "mlp.c_proj" => "mlp.fc2",
                other => other,
            };
            (format!("{part}.{which}"), Change::None)
        }
    };
    Some((format!("{tower}.encoder.layers.{layer}.{part}"), change))
}

/// clip.cpp calls a block's first product `ffn_down` and its second `ffn_up`; programs after it have that the other way
/// round. The first is the one that widens.
fn up_is_first(tensors: &[TensorInfo], tower: &str) -> bool {
    let up = format!("{tower}.blk.0.ffn_up.weight");
    tensors.iter().any(|info| info.name == up && matches!(info.shape[..], [out, r#in] if out > r#in))
}

/// `v.blk.0.attn_q.weight` → `vision_model.encoder.layers.0.self_attn.q_proj.weight`. `swapped`: the names of the image
/// and the text tower's products are those of [`up_is_first`].
fn clip_cpp(name: &str, swapped: [bool; 2]) -> Option<String> {
    let (tower, rest) = name.split_once('.')?;
    let (tower, swapped) = match tower {
        "v" => ("vision_model", swapped[0]),
        "t" => ("text_model", swapped[1]),
        _ => return None,
    };
    if let Some(part) = rest.strip_prefix("blk.") {
        let (layer, part) = part.split_once('.')?;
        let (part, which) = part.rsplit_once('.')?;
        let part = match (part, swapped) {
            ("attn_q", _) => "self_attn.q_proj",
            ("attn_k", _) => "self_attn.k_proj",
            ("attn_v", _) => "self_attn.v_proj",
            ("attn_out", _) => "self_attn.out_proj",
            ("ln1", _) => "layer_norm1",
            ("ln2", _) => "layer_norm2",
            ("ffn_down", false) | ("ffn_up", true) => "mlp.fc1",
            ("ffn_up", false) | ("ffn_down", true) => "mlp.fc2",
            _ => return None,
        };
        return Some(format!("{tower}.encoder.layers.{layer}.{part}.{which}"));
    }
    let rest = match rest {
        "class_embd" => "embeddings.class_embedding",
        "patch_embd.weight" => "embeddings.patch_embedding.weight",
        "position_embd.weight" => "embeddings.position_embedding.weight",
        "token_embd.weight" => "embeddings.token_embedding.weight",
        "pre_ln.weight" => "pre_layrnorm.weight",
        "pre_ln.bias" => "pre_layrnorm.bias",
        "post_ln.weight" if tower == "text_model" => "final_layer_norm.weight",
        "post_ln.bias" if tower == "text_model" => "final_layer_norm.bias",
        "post_ln.weight" => "post_layernorm.weight",
        "post_ln.bias" => "post_layernorm.bias",
        _ => return None,
    };
    Some(format!("{tower}.{rest}"))
}

/// `vision_model.encoder.layers.0.self_attn.qkv.weight` → `vision_model.encoder.layers.0.self_attn.in_proj.weight`.
fn blip(name: &str) -> Option<(String, Change)> {
    let (layer, part) = name.strip_prefix("vision_model.encoder.layers.")?.split_once('.')?;
    let renamed = |part: &str, which: &str| format!("vision_model.encoder.layers.{layer}.{part}.{which}");
    if let Some(which) = part.strip_prefix("self_attn.qkv.") {
        return Some((renamed(&format!("self_attn.{FUSED}"), which), Change::Thirds));
    }
    let which = part.strip_prefix("self_attn.projection.")?;
    Some((renamed("self_attn.out_proj", which), Change::None))
}
