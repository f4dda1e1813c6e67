//! Where the time goes: each op's milliseconds, calls and arithmetic operations, counted where there is a clock.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

/// One op's total.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Total {
    pub milliseconds: f64,
    pub calls: u32,
    /// Multiplications and additions, each counted as one.
    pub operations: f64,
}

/// Milliseconds since some moment.
pub type Clock = fn() -> f64;

thread_local! {
    static CLOCK: Cell<Option<Clock>> = const { Cell::new(None) };
    static TOTALS: RefCell<BTreeMap<&'static str, Total>> = const { RefCell::new(BTreeMap::new()) };
}

/// Begin to count on this thread.
pub fn set_clock(clock: Clock) {
    CLOCK.set(Some(clock));
}

/// What one op was counted since then.
pub fn of(name: &str) -> Total {
    TOTALS.with_borrow(|totals| totals.get(name).copied().unwrap_or_default())
}

/// What was counted since the last call.
pub fn take() -> BTreeMap<&'static str, Total> {
    TOTALS.take()
}

/// Run an op that does `operations` multiplications and additions.
#[inline]
pub fn time<R>(name: &'static str, operations: usize, op: impl FnOnce() -> R) -> R {
    let Some(clock) = CLOCK.get() else { return op() };
    let start = clock();
    let result = op();
    let milliseconds = clock() - start;
    TOTALS.with_borrow_mut(|totals| {
        let total = totals.entry(name).or_default();
        total.milliseconds += milliseconds;
        total.calls += 1;
        total.operations += operations as f64;
    });
    result
}
