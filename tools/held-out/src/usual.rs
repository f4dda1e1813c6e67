//! What pocket's cosines look like on pictures that it knows, with labels that fit: the reference of crates/measure.

use std::collections::BTreeMap;

use anyhow::Result;
use repository::paths;
use semblance::index::model_hash;
use semblance_measure::statistic::Cosines;
use semblance_measure::usual::Usual;
use semblance_teach::random::Random;

use crate::collection::Collection;

/// Labels that a picture is shown: its own, and others that it does not show.
const LABELS: usize = 10;

/// JSON: `{ hash of the weights: the reference }`.
pub fn report(collection: &Collection) -> Result<String> {
    let narrow = collection.table.narrow();
    let mut random = Random(1);
    let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f32>();
    let (mut labels, mut neutral) = (Vec::new(), Vec::new());
    for (picture, vector) in collection.vectors.iter().enumerate() {
        let mut asked = vec![collection.concepts[picture][0]];
        while asked.len() < LABELS {
            let other = narrow[random.below(narrow.len())];
            if !asked.contains(&other) && !collection.shows(picture, other) {
                asked.push(other);
            }
        }
        labels.extend(asked.into_iter().map(|concept| dot(vector, &collection.words[concept])));
        neutral.extend(collection.neutral.iter().map(|caption| dot(vector, caption)));
    }
    let cosines = Cosines::new(&labels, LABELS, &neutral, collection.neutral.len(), collection.logit_scale)?;
    let hash = model_hash(paths::root().join("models/pocket/pocket-q8_0.gguf"))?;
    let hash: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(serde_json::to_string(&BTreeMap::from([(hash, Usual::of(&cosines)?)]))? + "\n")
}
