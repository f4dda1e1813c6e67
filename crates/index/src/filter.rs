//! Which pictures a search looks at.

use crate::facts::Facts;

/// Which pictures a search looks at: those that meet all that is asked.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter {
    /// In this folder, at any depth; with `/` between folders, none at the end. Empty: anywhere.
    pub folder: String,
    /// [`Facts::day`] not before this, in milliseconds since 1970.
    pub from: Option<i64>,
    /// [`Facts::day`] before this.
    pub until: Option<i64>,
    /// Bytes of the file.
    pub smallest: Option<u64>,
    pub largest: Option<u64>,
    /// Width and height at least so many pixels.
    pub pixels: Option<u32>,
    pub shape: Option<Shape>,
}

/// How width and height of a picture compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Wider than 1.05 times its height.
    Landscape,
    /// Higher than 1.05 times its width.
    Portrait,
    /// Between the two.
    Square,
}

impl Shape {
    /// None of a picture whose size nobody knows.
    pub fn of(width: u32, height: u32) -> Option<Self> {
        let (width, height) = (f64::from(width), f64::from(height));
        if width == 0.0 || height == 0.0 {
            None
        } else if width > 1.05 * height {
            Some(Self::Landscape)
        } else if height > 1.05 * width {
            Some(Self::Portrait)
        } else {
            Some(Self::Square)
        }
    }
}

impl Filter {
    /// Whether a picture is looked at.
    pub fn takes(&self, facts: &Facts) -> bool {
        let inside = |path: &str| {
            self.folder.is_empty()
                || path.strip_prefix(self.folder.as_str()).is_some_and(|rest| rest.starts_with('/'))
        };
        inside(&facts.path)
            && self.from.is_none_or(|from| facts.day() >= from)
            && self.until.is_none_or(|until| facts.day() < until)
            && self.smallest.is_none_or(|smallest| facts.size >= smallest)
            && self.largest.is_none_or(|largest| facts.size <= largest)
            && self.pixels.is_none_or(|pixels| facts.width.min(facts.height) >= pixels)
            && self.shape.is_none_or(|shape| Shape::of(facts.width, facts.height) == Some(shape))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::tests::facts;

    #[test]
    fn each_condition_takes_and_leaves() {
        let any = Filter::default();
        let picture = Facts { taken: Some(1000), ..facts("a/b/c.jpg") };
        let cases = [
            (any.clone(), true),
            (Filter { folder: "a".into(), ..any.clone() }, true),
            (Filter { folder: "a/b".into(), ..any.clone() }, true),
            (Filter { folder: "a/b/c".into(), ..any.clone() }, false),
            (Filter { folder: "a/".into(), ..any.clone() }, false),
            (Filter { folder: "b".into(), ..any.clone() }, false),
            (Filter { from: Some(1000), until: Some(1001), ..any.clone() }, true),
            (Filter { from: Some(1001), ..any.clone() }, false),
            (Filter { until: Some(1000), ..any.clone() }, false),
            (Filter { smallest: Some(123_456), largest: Some(123_456), ..any.clone() }, true),
            (Filter { smallest: Some(123_457), ..any.clone() }, false),
            (Filter { largest: Some(123_455), ..any.clone() }, false),
            (Filter { pixels: Some(480), ..any.clone() }, true),
            (Filter { pixels: Some(481), ..any.clone() }, false),
            (Filter { shape: Some(Shape::Landscape), ..any.clone() }, true),
            (Filter { shape: Some(Shape::Portrait), ..any.clone() }, false),
            (Filter { folder: "a".into(), shape: Some(Shape::Square), ..any }, false),
        ];
        for (filter, expected) in cases {
            assert_eq!(filter.takes(&picture), expected, "{filter:?}");
        }
        // Not known when it was taken: when it was changed counts.
        let plain = Facts { taken: None, modified: 5, ..picture };
        assert!(Filter { from: Some(5), until: Some(6), ..Filter::default() }.takes(&plain));
    }

    #[test]
    fn shapes() {
        use Shape::{Landscape, Portrait, Square};
        let cases = [
            (640, 480, Some(Landscape)),
            (480, 640, Some(Portrait)),
            (100, 100, Some(Square)),
            (105, 100, Some(Square)),
        ];
        for (width, height, shape) in cases {
            assert_eq!(Shape::of(width, height), shape, "{width} × {height}");
        }
        assert_eq!(Shape::of(0, 5), None);
    }
}
