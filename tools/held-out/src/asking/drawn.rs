//! Pictures whose colour, shape and number are known, since they are drawn here.

/// A drawing, `side` × `side` RGBA.
pub struct Drawing {
    pub side: u32,
    pub rgba: Vec<u8>,
    pub colour: &'static str,
    /// Or, of dots, their number.
    pub shape: &'static str,
}

pub const COLOURS: [(&str, [u8; 3]); 10] = [
    ("red", [214, 32, 32]),
    ("orange", [245, 140, 20]),
    ("yellow", [250, 220, 40]),
    ("green", [40, 160, 60]),
    ("blue", [40, 80, 210]),
    ("purple", [130, 50, 170]),
    ("pink", [250, 140, 190]),
    ("brown", [125, 75, 40]),
    ("black", [20, 20, 20]),
    ("white", [245, 245, 245]),
];
const SIDE: u32 = 224;
const GROUNDS: [[u8; 3]; 3] = [[200, 200, 205], [235, 225, 210], [90, 95, 105]];
const NUMBERS: [&str; 5] = ["one", "two", "three", "four", "five"];

/// Every colour as a circle, a square and a triangle, on three grounds.
pub fn shapes() -> Vec<Drawing> {
    let mut all = Vec::new();
    for (colour, rgb) in COLOURS {
        for (at, shape) in ["circle", "square", "triangle"].into_iter().enumerate() {
            for ground in GROUNDS {
                let inside = move |x: f64, y: f64| match at {
                    0 => x.hypot(y) < 0.6,
                    1 => x.abs() < 0.55 && y.abs() < 0.55,
                    _ => y < 0.55 && y > -0.6 + 2.0 * x.abs(),
                };
                all.push(Drawing {
                    side: SIDE,
                    rgba: draw(ground, |x, y| inside(x, y).then_some(rgb)),
                    colour,
                    shape,
                });
            }
        }
    }
    all
}

/// One to five circles of every colour.
pub fn dots() -> Vec<Drawing> {
    const PLACES: [[f64; 2]; 5] = [[0.0, 0.0], [-0.6, -0.6], [0.6, 0.6], [0.6, -0.6], [-0.6, 0.6]];
    let mut all = Vec::new();
    for (colour, rgb) in COLOURS {
        for (number, name) in NUMBERS.into_iter().enumerate() {
            // Without the middle one where they are even.
            let places = if (number + 1) % 2 == 0 { &PLACES[1..number + 2] } else { &PLACES[..=number] };
            let rgba = draw(GROUNDS[0], |x, y| {
                places.iter().any(|[a, b]| (x - a).hypot(y - b) < 0.25).then_some(rgb)
            });
            all.push(Drawing { side: SIDE, rgba, colour, shape: name });
        }
    }
    all
}

/// `paint`: what lies over the ground at a place, both from −1 to 1, from the left and from the top.
fn draw(ground: [u8; 3], paint: impl Fn(f64, f64) -> Option<[u8; 3]>) -> Vec<u8> {
    let at = |i: u32| 2.0 * (f64::from(i) + 0.5) / f64::from(SIDE) - 1.0;
    (0..SIDE * SIDE)
        .flat_map(|i| {
            let [r, g, b] = paint(at(i % SIDE), at(i / SIDE)).unwrap_or(ground);
            [r, g, b, 255]
        })
        .collect()
}
