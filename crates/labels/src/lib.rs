//! What is wrong with a set of labels for a CLIP.
