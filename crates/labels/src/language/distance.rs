//! How many slips lie between two words.
//!
//! ```text
//! d(i, j)   the fewest insertions, deletions, replacements and swaps of neighbours from the first i letters to the first j:
//!           Damerau, “A Technique for Computer Detection and Correction of Spelling Errors”, 1964; optimal string alignment
//! ```

/// The slips that a word may have and still be recognised: none in short ones, which are names and abbreviations as a rule, one
/// from 5 letters on, two from 7 on: these where the last letter is right, too. Ours.
pub fn edits(letters: usize) -> usize {
    match letters {
        0..5 => 0,
        5..7 => 1,
        _ => 2,
    }
}

/// `None` above `most`.
pub fn distance(one: &[char], other: &str, most: usize) -> Option<usize> {
    let other: Vec<char> = other.chars().collect();
    let width = other.len() + 1;
    let mut before: Vec<usize> = vec![0; width];
    let mut above: Vec<usize> = (0..width).collect();
    for i in 1..=one.len() {
        let mut row = vec![i; width];
        for j in 1..width {
            let replaced = above[j - 1] + usize::from(one[i - 1] != other[j - 1]);
            row[j] = replaced.min(above[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1] {
                row[j] = row[j].min(before[j - 2] + 1);
            }
        }
        if row.iter().all(|&slips| slips > most) {
            return None;
        }
        before = std::mem::replace(&mut above, row);
    }
    above.last().copied().filter(|&slips| slips <= most)
}
