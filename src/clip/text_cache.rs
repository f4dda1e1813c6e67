//! Text embeddings that are kept, so that a text costs its work once.

use std::collections::HashMap;

use crate::classify::TextEmbedding;

/// Texts in one generation; two are kept. At 512 numbers a text, 20 MB in all.
const GENERATION: usize = 5_000;

/// Embeddings by text. When a generation is full the one before it is let go, so what was used last stays.
#[derive(Debug, Default)]
pub struct TextCache {
    recent: HashMap<String, TextEmbedding>,
    older: HashMap<String, TextEmbedding>,
}

impl TextCache {
    /// The embedding of a text, which then counts as used last.
    pub fn get(&mut self, text: &str) -> Option<TextEmbedding> {
        if let Some(embedding) = self.recent.get(text) {
            return Some(embedding.clone());
        }
        let (text, embedding) = self.older.remove_entry(text)?;
        self.put(text, embedding.clone());
        Some(embedding)
    }

    pub fn put(&mut self, text: String, embedding: TextEmbedding) {
        if self.recent.len() >= GENERATION {
            self.older = std::mem::take(&mut self.recent);
        }
        self.recent.insert(text, embedding);
    }

    /// Texts that are kept.
    pub fn len(&self) -> usize {
        self.recent.len() + self.older.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_used_last_stays() {
        let embedding = TextEmbedding { vector: [1.0].into(), cut: false };
        let mut cache = TextCache::default();
        cache.put("kept".into(), embedding.clone());
        for i in 0..3 * GENERATION {
            cache.put(i.to_string(), embedding.clone());
            assert!(i % GENERATION > 0 || cache.get("kept").is_some(), "after {i} others");
        }
        assert!(cache.get("0").is_none() && cache.len() <= 2 * GENERATION);
    }
}
