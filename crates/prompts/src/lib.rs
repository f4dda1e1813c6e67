//! What several parts say to a CLIP: captions that mean nothing in particular, and the templates and class names of the paper.

// Whoever has one of these in a struct of their own can derive `Debug` for that.
#![cfg_attr(not(target_arch = "wasm32"), warn(missing_debug_implementations))]

/// Captions that say nothing of what a picture shows. Kinds of things (“an animal”) are none of them: they describe a picture
/// of a dog about as well as “a dog” does.
pub const NEUTRAL: [&str; 17] = [
    "a photo",
    "a picture",
    "an image",
    "a photo of something",
    "a photograph",
    "a photo of an object",
    "a photo of a thing",
    "a scene",
    "a photo of a place",
    "a photo taken outdoors",
    "a photo taken indoors",
    "a close-up photo",
    "a blurry photo",
    "a dark photo",
    "a bright photo",
    "a black and white photo",
    "a colourful photo",
];

/// The 80 templates by which CLIP's authors tell ImageNet's classes apart (Radford et al. 2021, section 3.1.4; their repository,
/// `notebooks/Prompt_Engineering_for_ImageNet.ipynb`; MIT licence), `{}` where the class goes.
pub fn imagenet_templates() -> Vec<&'static str> {
    include_str!("../data/imagenet-templates.txt").lines().collect()
}

/// What they call ImageNet's 1,000 classes, in the order of their numbers, which is that of their folders' names (`n01440764`,
/// `n01443537` …); as open_clip has them, which tells apart four that were called the same.
pub fn imagenet_classes() -> Vec<&'static str> {
    include_str!("../data/imagenet-classes.txt").lines().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_as_many_as_the_paper_says() {
        let templates = imagenet_templates();
        assert_eq!((templates.len(), imagenet_classes().len()), (80, 1000));
        assert!(templates.iter().all(|template| template.matches("{}").count() == 1));
    }
}
