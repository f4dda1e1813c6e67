//! Weights as Hugging Face keeps them: one `model.safetensors`, or several and the index that says what is where.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::{Map, json};

use super::gguf::{Encoding, Tensor};
use super::numbers;

/// Write all numbers in f16 into `folder`, in so many files.
pub fn write(folder: &Path, tensors: &[Tensor], files: usize) -> Result<()> {
    let total: usize = tensors.iter().map(|tensor| tensor.len(Encoding::F16)).sum();
    let name = |i: usize| match files {
        1 => "model.safetensors".to_owned(),
        _ => format!("model-{:05}-of-{files:05}.safetensors", i + 1),
    };
    // A tensor is in the file that its first number falls into.
    let (mut places, mut at) = (Vec::new(), 0);
    for tensor in tensors {
        places.push((at * files / total).min(files - 1));
        at += tensor.len(Encoding::F16);
    }
    for i in 0..files {
        let within = |(place, _): &(usize, &Tensor)| places[*place] == i;
        let tensors: Vec<_> = tensors.iter().enumerate().filter(within).collect();
        let path = folder.join(name(i));
        write_one(&path, &tensors).with_context(|| format!("{} could not be written", path.display()))?;
    }
    if files > 1 {
        let map: Map<_, _> =
            tensors.iter().zip(&places).map(|(tensor, &i)| (tensor.name.clone(), json!(name(i)))).collect();
        let index = json!({ "metadata": { "total_size": total }, "weight_map": map });
        fs::write(folder.join("model.safetensors.index.json"), serde_json::to_string_pretty(&index)?)?;
    }
    Ok(())
}

/// One file, of tensors and their places in the model.
fn write_one(path: &Path, tensors: &[(usize, &Tensor)]) -> Result<()> {
    let mut header = Map::new();
    header.insert("__metadata__".into(), json!({ "format": "pt" }));
    let mut at = 0;
    for (_, tensor) in tensors {
        let end = at + tensor.len(Encoding::F16);
        // The one number that has no shape at all.
        let shape = if tensor.name == "logit_scale" { &[] } else { &tensor.shape[..] };
        let entry = json!({ "dtype": "F16", "shape": shape, "data_offsets": [at, end] });
        header.insert(tensor.name.clone(), entry);
        at = end;
    }
    let mut header = serde_json::to_vec(&header)?;
    header.resize(header.len().next_multiple_of(8), b' ');
    let mut to = BufWriter::new(File::create(path)?);
    to.write_all(&(header.len() as u64).to_le_bytes())?;
    to.write_all(&header)?;
    for (place, tensor) in tensors {
        numbers::write(*place, tensor, Encoding::F16, &mut to)?;
    }
    Ok(to.flush()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn read(file: &Path) -> BTreeMap<String, Vec<u8>> {
        let bytes = fs::read(file).unwrap();
        let length = u64::from_le_bytes(bytes[..8].try_into().unwrap()) as usize;
        let (header, data) = bytes[8..].split_at(length);
        let header: Map<String, serde_json::Value> = serde_json::from_slice(header).unwrap();
        let tensors = header.into_iter().filter(|(name, _)| name != "__metadata__");
        let numbers = |entry: &serde_json::Value| {
            let at = |i: usize| entry["data_offsets"][i].as_u64().unwrap() as usize;
            data[at(0)..at(1)].to_vec()
        };
        tensors.map(|(name, entry)| (name, numbers(&entry))).collect()
    }

    #[test]
    fn shards_hold_the_same_numbers_as_one_file() {
        let tensors: Vec<_> = (1..6).map(|i| Tensor { name: format!("t{i}"), shape: vec![i, 10] }).collect();
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), &tensors, 1).unwrap();
        write(folder.path(), &tensors, 3).unwrap();
        let one = read(&folder.path().join("model.safetensors"));
        assert_eq!(one.len(), 5);
        let index = fs::read(folder.path().join("model.safetensors.index.json")).unwrap();
        let index: serde_json::Value = serde_json::from_slice(&index).unwrap();
        let mut found = BTreeMap::new();
        for (name, file) in index["weight_map"].as_object().unwrap() {
            let shard = read(&folder.path().join(file.as_str().unwrap()));
            assert!(!shard.is_empty() && shard.len() < 5);
            found.insert(name.clone(), shard[name].clone());
        }
        assert!(found == one);
    }
}
