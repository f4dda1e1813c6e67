//! The tree of groups, cut where somebody wants it.

use super::ward::Merge;

/// Counts of groups among which the tree's own suggestion is.
const FEWEST: usize = 4;
const MOST: usize = 40;

/// Small clusters and the order in which they become one.
#[derive(Clone, Debug)]
pub struct Tree {
    /// Of each picture its leaf.
    leaf: Vec<u32>,
    leaves: usize,
    /// The lowest first.
    merges: Vec<Merge>,
}

impl Tree {
    /// `leaf` is below `leaves` for each picture, every leaf has a picture, and there are `leaves − 1` merges.
    pub(crate) fn new(leaf: Vec<u32>, leaves: usize, merges: Vec<Merge>) -> Self {
        Self { leaf, leaves, merges }
    }

    /// Pictures.
    pub fn len(&self) -> usize {
        self.leaf.len()
    }

    pub fn is_empty(&self) -> bool {
        self.leaf.is_empty()
    }

    /// The finest that there is: as many groups at most.
    pub fn leaves(&self) -> usize {
        self.leaves
    }

    /// Of each picture the small cluster that it never leaves, 0 … leaves − 1.
    pub fn leaf(&self) -> &[u32] {
        &self.leaf
    }

    /// The heights of the merges, which never fall: `√(2 × what each adds to the sum of squares)`.
    pub fn heights(&self) -> impl Iterator<Item = f32> + '_ {
        self.merges.iter().map(|merge| merge.height)
    }

    /// Of each picture its group when there are `count` (at least 1, at most [`Tree::leaves`]): 0 is the largest one, of equally
    /// large ones the one whose first picture comes first. More groups only divide fewer ones. O(pictures).
    pub fn cut(&self, count: usize) -> Vec<u32> {
        let kept = self.leaves - count.clamp(1, self.leaves.max(1)).min(self.leaves);
        let mut parent: Vec<u32> = (0..self.leaves as u32).collect();
        for merge in &self.merges[..kept] {
            let (one, other) = (root(&mut parent, merge.one), root(&mut parent, merge.other));
            parent[one.max(other) as usize] = one.min(other);
        }
        let roots: Vec<u32> = (0..self.leaves as u32).map(|leaf| root(&mut parent, leaf)).collect();
        let mut sizes = vec![0_u32; self.leaves];
        let mut firsts = vec![u32::MAX; self.leaves];
        for (picture, &leaf) in self.leaf.iter().enumerate() {
            let root = roots[leaf as usize] as usize;
            sizes[root] += 1;
            firsts[root] = firsts[root].min(picture as u32);
        }
        let mut order: Vec<usize> = (0..self.leaves).filter(|&root| sizes[root] > 0).collect();
        order.sort_unstable_by_key(|&root| (std::cmp::Reverse(sizes[root]), firsts[root]));
        let mut group = vec![0_u32; self.leaves];
        order.iter().zip(0..).for_each(|(&root, place)| group[root] = place);
        self.leaf.iter().map(|&leaf| group[roots[leaf as usize] as usize]).collect()
    }

    /// A count of groups to begin with, from 4 to 40: the one where going on costs more than usual. With h_c the height of the
    /// merge that leaves c − 1 groups of c, it is the c with the greatest
    ///
    /// ```text
    /// c ln(h_c / h_{c+1})
    /// ```
    ///
    /// The plain ratio would nearly always say the fewest: heights without any structure fall about as a power of c, so that the
    /// ratio itself shrinks as 1/c. Times c, such spacings are alike for all c (Rényi 1953), and the greatest stands out.
    /// Fewer than four leaves: all of them.
    pub fn suggested(&self) -> usize {
        let height = |count: usize| f64::from(self.merges[self.leaves - count].height);
        let most = MOST.min(self.leaves.saturating_sub(1));
        let mut best = (FEWEST.min(self.leaves), 0.0);
        for count in FEWEST..=most {
            let (now, finer) = (height(count), height(count + 1));
            let gap = if now <= 0.0 { 0.0 } else { count as f64 * (now / finer.max(1e-9)).ln() };
            if gap > best.1 {
                best = (count, gap);
            }
        }
        best.0
    }
}

/// The leaf that stands for a leaf's group; the way there gets shorter.
fn root(parent: &mut [u32], mut leaf: u32) -> u32 {
    while parent[leaf as usize] != leaf {
        parent[leaf as usize] = parent[parent[leaf as usize] as usize];
        leaf = parent[leaf as usize];
    }
    leaf
}
