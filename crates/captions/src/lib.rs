//! Captions that mean nothing in particular. Whatever has to tell whether a picture answers to some words at all, a search or a
//! classifier, compares with what it answers to these.

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
