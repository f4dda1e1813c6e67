//! A classifier as a file: safetensors with its numbers, and what else is known of it as JSON in the metadata. Pictures are not in
//! it.
//!
//! | tensor | shape | |
//! |---|---|---|
//! | `weights` | classes × dim | f32 |
//! | `bias` | classes | f32 |
//! | `keys`, `labels` | m × dim, m | f32 and u32, of a Tip-Adapter |
//! | `captions` | n × dim | f32, where there are any |

use std::collections::HashMap;

use ndarray::Array2;
use safetensors::tensor::{Dtype, SafeTensors, TensorView, serialize};
use serde::{Deserialize, Serialize};

use crate::classifier::{About, Captions, Classifier};
use crate::error::{Error, Result};
use crate::head::{Cache, Head};
use crate::method::Setting;

/// Of the file.
const LAYOUT: u32 = 1;
/// Under which the metadata has the JSON.
const KEY: &str = "semblance.classifier";

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Written {
    layout: u32,
    #[serde(flatten)]
    about: About,
    caption_scale: Option<f32>,
}

impl Classifier {
    /// The bytes of a file.
    ///
    /// Errors: none that finite numbers bring about.
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        let failed = |error: String| Error::Argument(format!("a classifier could not be written: {error}"));
        let Head { weights, bias, cache } = &self.head;
        let floats = |numbers: &mut dyn Iterator<Item = &f32>| -> Vec<u8> {
            numbers.flat_map(|number| number.to_le_bytes()).collect()
        };
        let mut tensors: Vec<(&str, Dtype, Vec<usize>, Vec<u8>)> = vec![
            ("weights", Dtype::F32, weights.shape().to_vec(), floats(&mut weights.iter())),
            ("bias", Dtype::F32, vec![bias.len()], floats(&mut bias.iter())),
        ];
        if let Some(Cache { keys, labels, .. }) = cache {
            tensors.push(("keys", Dtype::F32, keys.shape().to_vec(), floats(&mut keys.iter())));
            let bytes = labels.iter().flat_map(|label| label.to_le_bytes()).collect();
            tensors.push(("labels", Dtype::U32, vec![labels.len()], bytes));
        }
        if let Some(Captions { vectors, .. }) = &self.captions {
            tensors.push(("captions", Dtype::F32, vectors.shape().to_vec(), floats(&mut vectors.iter())));
        }
        let views = tensors.iter().map(|(name, dtype, shape, bytes)| {
            TensorView::new(*dtype, shape.clone(), bytes).map(|view| (*name, view))
        });
        let views =
            views.collect::<std::result::Result<Vec<_>, _>>().map_err(|error| failed(error.to_string()))?;
        let written = Written {
            layout: LAYOUT,
            about: self.about.clone(),
            caption_scale: self.captions.as_ref().map(|captions| captions.scale),
        };
        let json = serde_json::to_string(&written).map_err(|error| failed(error.to_string()))?;
        let metadata = HashMap::from([(KEY.to_owned(), json)]);
        serialize(views, Some(metadata)).map_err(|error| failed(error.to_string()))
    }

    /// A classifier from the bytes of its file, which may come from anywhere: what is handed on fits together.
    ///
    /// Errors: the file is no classifier, a part is missing or does not fit, or a newer version wrote it.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        let wrong = |what: &str| Error::NoClassifier(what.to_owned());
        let (_, header) =
            SafeTensors::read_metadata(bytes).map_err(|_| wrong("it is not of the format safetensors"))?;
        let json = header.metadata().as_ref().and_then(|all| all.get(KEY));
        let json = json.ok_or_else(|| wrong("it does not say what its numbers mean"))?;
        #[derive(Deserialize)]
        struct Layout {
            layout: u32,
        }
        let Layout { layout } =
            serde_json::from_str(json).map_err(|_| wrong("it does not say what its numbers mean"))?;
        if layout > LAYOUT {
            return Err(Error::Newer(layout));
        }
        let Written { about, caption_scale, .. } = serde_json::from_str(json).map_err(|error| {
            Error::NoClassifier(format!("what it says of itself can't be read ({error})"))
        })?;
        let tensors = SafeTensors::deserialize(bytes).map_err(|_| wrong("it is cut off or damaged"))?;

        let weights = matrix(&tensors, "weights")?.ok_or_else(|| wrong("its weights are missing"))?;
        let (classes, dim) = weights.dim();
        if classes < 2 || classes != about.classes.len() || dim == 0 {
            return Err(wrong("its weights are not those of its classes"));
        }
        let bias = numbers(&tensors, "bias")?.filter(|bias| bias.len() == classes);
        let bias = bias.ok_or_else(|| wrong("its biases are not those of its classes"))?;
        about.calibration.check(classes).map_err(|_| wrong("its calibration is not that of its classes"))?;
        if ![0, classes].contains(&about.prompts.len()) {
            return Err(wrong("its words are not those of its classes"));
        }
        let cache = match about.setting {
            Setting::TipAdapter { alpha, beta } | Setting::TipAdapterF { alpha, beta } => {
                Some(cache(&tensors, classes, dim, alpha, beta)?)
            }
            _ => None,
        };
        let captions = match (matrix(&tensors, "captions")?, caption_scale) {
            (Some(vectors), Some(scale)) if vectors.ncols() == dim && scale.is_finite() => {
                Some(Captions { vectors, scale })
            }
            (None, None) => None,
            _ => return Err(wrong("its captions do not fit")),
        };
        Ok(Self { about, head: Head { weights, bias, cache }, captions })
    }
}

fn cache(tensors: &SafeTensors<'_>, classes: usize, dim: usize, alpha: f32, beta: f32) -> Result<Cache> {
    let wrong = || Error::NoClassifier("its examples do not fit".into());
    let keys = matrix(tensors, "keys")?.filter(|keys| keys.ncols() == dim).ok_or_else(wrong)?;
    let labels = tensors.tensor("labels").map_err(|_| wrong())?;
    if labels.dtype() != Dtype::U32 || !alpha.is_finite() || !beta.is_finite() {
        return Err(wrong());
    }
    let labels: Vec<u32> =
        labels.data().as_chunks().0.iter().map(|bytes| u32::from_le_bytes(*bytes)).collect();
    if labels.len() != keys.nrows() || labels.iter().any(|&label| label as usize >= classes) {
        return Err(wrong());
    }
    Ok(Cache { keys, labels, alpha, beta })
}

/// Finite f32s; none where there is no such tensor.
fn numbers(tensors: &SafeTensors<'_>, name: &str) -> Result<Option<Vec<f32>>> {
    let Ok(view) = tensors.tensor(name) else { return Ok(None) };
    let numbers: Vec<f32> =
        view.data().as_chunks().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
    if view.dtype() != Dtype::F32 || numbers.iter().any(|number| !number.is_finite()) {
        return Err(Error::NoClassifier(format!("its {name} are no numbers")));
    }
    Ok(Some(numbers))
}

fn matrix(tensors: &SafeTensors<'_>, name: &str) -> Result<Option<Array2<f32>>> {
    let Some(numbers) = numbers(tensors, name)? else { return Ok(None) };
    let shape = tensors.tensor(name).map(|view| view.shape().to_vec()).unwrap_or_default();
    let wrong = || Error::NoClassifier(format!("its {name} have the wrong shape"));
    let [rows, columns] = shape[..] else { return Err(wrong()) };
    Array2::from_shape_vec((rows, columns), numbers).map(Some).map_err(|_| wrong())
}
