//! How far a long computation is, so that a page can show it and may stop.

/// `done` of `total` units of work, of about equal time; `done == total` at the end and only there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    pub done: u64,
    pub total: u64,
}

impl Progress {
    /// Whether nothing is left to do.
    pub fn is_over(self) -> bool {
        self.done >= self.total
    }

    /// From 0 to 1.
    pub fn share(self) -> f64 {
        if self.total == 0 { 1.0 } else { self.done.min(self.total) as f64 / self.total as f64 }
    }
}
