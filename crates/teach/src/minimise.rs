//! L-BFGS (Liu and Nocedal, “On the limited memory BFGS method for large scale optimization”, 1989) with a line search that
//! keeps Wolfe's conditions (Moré and Thuente 1994), by `argmin`.

use std::cell::RefCell;

use argmin::core::{CostFunction, Error, Executor, Gradient};
use argmin::solver::linesearch::MoreThuenteLineSearch;
use argmin::solver::quasinewton::LBFGS;

/// Steps whose curvature is remembered (SciPy's).
const REMEMBERED: usize = 10;

/// When to stop.
#[derive(Clone, Copy, Debug)]
pub struct Until {
    /// The gradient is shorter than this.
    pub gradient: f64,
    /// A step gains less than this.
    pub gain: f64,
    pub iterations: u64,
}

/// The objective and its gradient.
pub type Function<'a> = &'a dyn Fn(&[f64]) -> (f64, Vec<f64>);

/// The best point that was met on the way from `start`.
pub fn minimise(start: Vec<f64>, until: Until, function: Function<'_>) -> Vec<f64> {
    let problem = Problem { function, last: RefCell::default(), best: RefCell::default() };
    let solver = LBFGS::new(MoreThuenteLineSearch::new(), REMEMBERED)
        .with_tolerance_grad(until.gradient.max(0.0))
        .and_then(|solver| solver.with_tolerance_cost(until.gain.max(0.0)));
    if let Ok(solver) = solver {
        let from = start.clone();
        let run = Executor::new(&problem, solver)
            .configure(|state| state.param(from).max_iters(until.iterations))
            .ctrlc(false)
            .timer(false);
        // It fails where a line search finds nothing better: as far as the numbers know, that is the end.
        let _ = run.run();
    }
    problem.best.into_inner().map_or(start, |best| best.numbers)
}

#[derive(Clone)]
struct Point {
    numbers: Vec<f64>,
    objective: f64,
    gradient: Vec<f64>,
}

struct Problem<'a> {
    function: Function<'a>,
    /// L-BFGS asks for objective and gradient one after the other.
    last: RefCell<Option<Point>>,
    best: RefCell<Option<Point>>,
}

impl Problem<'_> {
    fn at<T>(&self, numbers: &[f64], take: impl Fn(&Point) -> T) -> T {
        let mut last = self.last.borrow_mut();
        if let Some(point) = last.as_ref().filter(|point| point.numbers == numbers) {
            return take(point);
        }
        let (objective, gradient) = (self.function)(numbers);
        let point = Point { numbers: numbers.to_vec(), objective, gradient };
        let taken = take(&point);
        let mut best = self.best.borrow_mut();
        if best.as_ref().is_none_or(|best| point.objective < best.objective) {
            *best = Some(point.clone());
        }
        *last = Some(point);
        taken
    }
}

impl CostFunction for &Problem<'_> {
    type Param = Vec<f64>;
    type Output = f64;

    fn cost(&self, numbers: &Vec<f64>) -> Result<f64, Error> {
        Ok(self.at(numbers, |point| point.objective))
    }
}

impl Gradient for &Problem<'_> {
    type Param = Vec<f64>;
    type Gradient = Vec<f64>;

    fn gradient(&self, numbers: &Vec<f64>) -> Result<Vec<f64>, Error> {
        Ok(self.at(numbers, |point| point.gradient.clone()))
    }
}
