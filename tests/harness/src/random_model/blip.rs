//! A BLIP of base size (Salesforce/blip-image-captioning-base) and random numbers, as `tools/pack` would write it.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::gguf::Tensor;

const LAYERS: usize = 12;
const WIDTH: usize = 768;
const INNER: usize = 3072;
const SIDE: usize = 384;
const PATCH: usize = 16;
const VOCABULARY: usize = 30_524;
const POSITIONS: usize = 512;
/// As BERT's tokenizer numbers them.
const CLS: usize = 101;
const SEP: usize = 102;
/// The token that a caption begins with.
const DEC: usize = VOCABULARY - 2;

/// Its tensors, in Hugging Face's names, with the image tower's queries, keys and values apart.
pub(super) fn tensors() -> Vec<Tensor> {
    let mut all = Vec::new();
    let mut add = |name: String, shape: &[usize]| all.push(Tensor { name, shape: shape.to_vec() });
    let dense = |name: &str, out: usize, input: usize| {
        [(format!("{name}.weight"), vec![out, input]), (format!("{name}.bias"), vec![out])]
    };
    let norm = |name: &str| [(format!("{name}.weight"), vec![WIDTH]), (format!("{name}.bias"), vec![WIDTH])];
    let patches = (SIDE / PATCH).pow(2);
    add("vision_model.embeddings.class_embedding".into(), &[1, 1, WIDTH]);
    add("vision_model.embeddings.position_embedding".into(), &[1, patches + 1, WIDTH]);
    add("vision_model.embeddings.patch_embedding.weight".into(), &[WIDTH, 3, PATCH, PATCH]);
    add("vision_model.embeddings.patch_embedding.bias".into(), &[WIDTH]);
    let mut parts = Vec::new();
    for layer in 0..LAYERS {
        let name = |part: &str| format!("vision_model.encoder.layers.{layer}.{part}");
        parts.extend(norm(&name("layer_norm1")));
        for part in ["q_proj", "k_proj", "v_proj", "out_proj"] {
            parts.extend(dense(&name(&format!("self_attn.{part}")), WIDTH, WIDTH));
        }
        parts.extend(norm(&name("layer_norm2")));
        parts.extend(dense(&name("mlp.fc1"), INNER, WIDTH));
        parts.extend(dense(&name("mlp.fc2"), WIDTH, INNER));
    }
    parts.extend(norm("vision_model.post_layernorm"));
    let bert = "text_decoder.bert";
    parts.push((format!("{bert}.embeddings.word_embeddings.weight"), vec![VOCABULARY, WIDTH]));
    parts.push((format!("{bert}.embeddings.position_embeddings.weight"), vec![POSITIONS, WIDTH]));
    parts.extend(norm(&format!("{bert}.embeddings.LayerNorm")));
    for layer in 0..LAYERS {
        let name = |part: &str| format!("{bert}.encoder.layer.{layer}.{part}");
        for attention in ["attention", "crossattention"] {
            for part in ["query", "key", "value"] {
                parts.extend(dense(&name(&format!("{attention}.self.{part}")), WIDTH, WIDTH));
            }
            parts.extend(dense(&name(&format!("{attention}.output.dense")), WIDTH, WIDTH));
            parts.extend(norm(&name(&format!("{attention}.output.LayerNorm"))));
        }
        parts.extend(dense(&name("intermediate.dense"), INNER, WIDTH));
        parts.extend(dense(&name("output.dense"), WIDTH, INNER));
        parts.extend(norm(&name("output.LayerNorm")));
    }
    let head = "text_decoder.cls.predictions";
    parts.push((format!("{head}.bias"), vec![VOCABULARY]));
    parts.extend(dense(&format!("{head}.transform.dense"), WIDTH, WIDTH));
    parts.extend(norm(&format!("{head}.transform.LayerNorm")));
    for (name, shape) in parts {
        add(name, &shape);
    }
    all
}

pub(super) fn config() -> Value {
    json!({
        "architectures": ["BlipForConditionalGeneration"],
        "model_type": "blip",
        "text_config": {
            "model_type": "blip_text_model", "bos_token_id": DEC, "eos_token_id": 2, "pad_token_id": 0, "sep_token_id": SEP,
            "encoder_hidden_size": WIDTH, "hidden_act": "gelu", "hidden_size": WIDTH, "intermediate_size": INNER,
            "is_decoder": true, "layer_norm_eps": 1e-12, "max_position_embeddings": POSITIONS, "num_attention_heads": 12,
            "num_hidden_layers": LAYERS, "vocab_size": VOCABULARY,
        },
        "vision_config": {
            "model_type": "blip_vision_model", "hidden_act": "gelu", "hidden_size": WIDTH, "image_size": SIDE,
            "intermediate_size": INNER, "layer_norm_eps": 1e-5, "num_attention_heads": 12, "num_hidden_layers": LAYERS,
            "patch_size": PATCH,
        },
    })
}

pub(super) fn preprocessor() -> Value {
    json!({
        "image_processor_type": "BlipImageProcessor", "do_convert_rgb": true, "do_normalize": true, "do_rescale": true,
        "do_resize": true, "image_mean": [0.481_454_66, 0.457_827_5, 0.408_210_73],
        "image_std": [0.268_629_54, 0.261_302_58, 0.275_777_11], "resample": 3, "rescale_factor": 0.003_921_568_627_450_98,
        "size": { "height": SIDE, "width": SIDE },
    })
}

/// BERT's tokenizer with made-up words.
pub(super) fn tokenizer() -> Value {
    let named = [
        (0, "[PAD]"),
        (100, "[UNK]"),
        (CLS, "[CLS]"),
        (SEP, "[SEP]"),
        (103, "[MASK]"),
        (DEC, "[DEC]"),
        (DEC + 1, "[ENC]"),
    ];
    let special: BTreeMap<usize, &str> = named.into_iter().collect();
    let word = |id: usize| special.get(&id).map_or_else(|| format!("w{id}"), |name| (*name).to_owned());
    let vocab: serde_json::Map<String, Value> = (0..VOCABULARY).map(|id| (word(id), id.into())).collect();
    let added: Vec<Value> = special
        .iter()
        .map(|(id, name)| json!({ "id": id, "content": name, "single_word": false, "lstrip": false, "rstrip": false, "normalized": false, "special": true }))
        .collect();
    json!({
        "version": "1.0", "truncation": null, "padding": null, "added_tokens": added,
        "normalizer": { "type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true, "strip_accents": null, "lowercase": true },
        "pre_tokenizer": { "type": "BertPreTokenizer" },
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [{ "SpecialToken": { "id": "[CLS]", "type_id": 0 } }, { "Sequence": { "id": "A", "type_id": 0 } }, { "SpecialToken": { "id": "[SEP]", "type_id": 0 } }],
            "pair": [{ "Sequence": { "id": "A", "type_id": 0 } }, { "Sequence": { "id": "B", "type_id": 1 } }],
            "special_tokens": {
                "[CLS]": { "id": "[CLS]", "ids": [CLS], "tokens": ["[CLS]"] },
                "[SEP]": { "id": "[SEP]", "ids": [SEP], "tokens": ["[SEP]"] },
            },
        },
        "decoder": { "type": "WordPiece", "prefix": "##", "cleanup": true },
        "model": { "type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##", "max_input_chars_per_word": 100, "vocab": vocab },
    })
}
