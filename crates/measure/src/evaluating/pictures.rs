//! What is kept of each picture: twelve bytes, and its first classes.

/// What is kept of each picture.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pictures {
    /// Of each picture the class with the greatest logit.
    pub answers: Vec<u32>,
    /// Its probability.
    pub probabilities: Vec<f32>,
    /// How many classes come before the truth; 0 where the answer is right.
    pub ranks: Vec<u32>,
    /// `pictures × `[`top_of`](Self::top_of), the first class first.
    pub top: Vec<u32>,
    /// 5, or the number of classes.
    pub top_of: usize,
}
