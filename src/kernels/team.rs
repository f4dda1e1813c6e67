//! Several threads on one piece of work, for as long as a forward pass lasts.
//!
//! ```text
//! with_team(|| …)              helpers join for as long as the closure runs
//!   for_each(n, |i| …)         the caller publishes a loop; everybody claims the next i until none is left
//! ```
//! A forward pass has about a hundred loops of a fraction of a millisecond; to wake a sleeping thread for each would
//! cost a tenth of it, so who waits first looks again and again, and sleeps only after a while. Where other programs are
//! busy, that while is what counts: a leader that went on looking would have the core that its helper was taken from.
//! Without threads both functions just run what they are given.
//!
//! Where there is enough that does not depend on each other, each thread has better its own share ([`shares`]): nobody waits at
//! the end of each loop, and what a thread made it finds in its own cache.

#[cfg(not(target_arch = "wasm32"))]
use std::cell::Cell;
use std::cell::RefCell;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, OnceLock};
use std::thread::{self, Thread};
use std::time::Duration;

/// Are there threads at all? In WebAssembly only in the build for shared memory.
const THREADS: bool = cfg!(any(not(target_arch = "wasm32"), target_feature = "atomics"));

type Body = *const (dyn Fn(usize) + Sync);

struct Team {
    /// The loop's body and length; written only while the loop is closed and nobody is inside.
    body: std::cell::UnsafeCell<Option<Body>>,
    length: AtomicUsize,
    next: AtomicUsize,
    open: AtomicBool,
    /// How many loops there were; a helper looks at each once.
    round: AtomicUsize,
    /// Helpers that are looking at the loop.
    inside: AtomicUsize,
    over: AtomicBool,
    /// Whom to wake.
    leader: Thread,
    helpers: Vec<OnceLock<Thread>>,
}

// SAFETY: `body` is the only field that is not `Sync`. It is written by the thread that owns the team while `open` is
// false and `inside` is 0, and read by helpers that raised `inside` before they saw `open`; all four accesses are
// sequentially consistent, so a helper either sees the loop closed or keeps the owner from writing.
unsafe impl Sync for Team {}
// SAFETY: as above; the pointer in `body` is only followed while the closure it points to is borrowed by `for_each`.
unsafe impl Send for Team {}

/// A helper will never come back from the loop that it is in.
static HELPER_FAILED: AtomicBool = AtomicBool::new(false);

/// In WebAssembly a thread that traps takes nobody along: whoever hears of it says so here, and the leader, which would
/// wait for ever, stops as well.
pub fn helper_failed() {
    HELPER_FAILED.store(true, SeqCst);
}

thread_local! {
    /// The team that this thread leads.
    static TEAM: RefCell<Option<Arc<Team>>> = const { RefCell::new(None) };
    /// This thread works on its share, and nobody helps it.
    #[cfg(not(target_arch = "wasm32"))]
    static ALONE: Cell<bool> = const { Cell::new(false) };
}

/// Looks at what it waits for, after which a thread sleeps: some 0.2 ms, a few times as long as it takes to be woken where
/// nothing else runs.
const SPINS: u32 = 100_000;
/// So often a leader that sleeps looks whether a helper has failed, which can't wake it any more.
const DOZE: Duration = Duration::from_millis(20);

impl Team {
    fn new(helpers: usize) -> Self {
        Self {
            body: std::cell::UnsafeCell::new(None),
            length: AtomicUsize::new(0),
            next: AtomicUsize::new(0),
            open: AtomicBool::new(false),
            round: AtomicUsize::new(0),
            inside: AtomicUsize::new(0),
            over: AtomicBool::new(false),
            leader: thread::current(),
            helpers: (0..helpers).map(|_| OnceLock::new()).collect(),
        }
    }

    fn help(&self, number: usize) {
        self.helpers[number].get_or_init(thread::current);
        let (mut seen, mut looks) = (0, 0);
        while !self.over.load(SeqCst) {
            if self.open.load(SeqCst) && self.round.load(SeqCst) != seen {
                seen = self.visit();
                looks = 0;
            } else if looks < SPINS {
                looks += 1;
                std::hint::spin_loop();
            } else {
                thread::park();
                looks = 0;
            }
        }
    }

    /// Take part in the loop, if it is open; which one it was.
    fn visit(&self) -> usize {
        self.inside.fetch_add(1, SeqCst);
        let round = self.round.load(SeqCst);
        if self.open.load(SeqCst) {
            // SAFETY: the loop was open after `inside` was raised, so the owner waits for `inside` to fall before the
            // closure's borrow ends or `body` is written again.
            let body = unsafe { (*self.body.get()).map(|body| &*body) };
            if let Some(body) = body {
                self.claim(body);
            }
        }
        self.inside.fetch_sub(1, SeqCst);
        self.leader.unpark();
        round
    }

    fn claim(&self, body: &(dyn Fn(usize) + Sync)) {
        let length = self.length.load(SeqCst);
        loop {
            let i = self.next.fetch_add(1, SeqCst);
            if i >= length {
                return;
            }
            body(i);
        }
    }

    fn wake(&self) {
        self.helpers.iter().filter_map(OnceLock::get).for_each(Thread::unpark);
    }

    fn lead(&self, length: usize, body: &(dyn Fn(usize) + Sync)) {
        /// Closes the loop and waits for the helpers, also when the body panics.
        struct Close<'a>(&'a Team);
        impl Drop for Close<'_> {
            fn drop(&mut self) {
                self.0.next.store(usize::MAX / 2, SeqCst);
                self.0.open.store(false, SeqCst);
                let mut looks = 0;
                while self.0.inside.load(SeqCst) > 0 {
                    assert!(!HELPER_FAILED.load(SeqCst), "a helper thread stopped in the middle of its work");
                    if looks < SPINS {
                        looks += 1;
                        std::hint::spin_loop();
                    } else {
                        thread::park_timeout(DOZE);
                    }
                }
            }
        }
        // SAFETY: only the lifetime changes. `Close` keeps this function from returning while a helper is inside.
        let body_pointer: Body = unsafe { std::mem::transmute::<&(dyn Fn(usize) + Sync), Body>(body) };
        // SAFETY: the loop is closed and nobody is inside: the last `Close` saw to it.
        unsafe {
            *self.body.get() = Some(body_pointer);
        }
        self.length.store(length, SeqCst);
        self.next.store(0, SeqCst);
        self.round.fetch_add(1, SeqCst);
        self.open.store(true, SeqCst);
        self.wake();
        let _close = Close(self);
        self.claim(body);
    }
}

/// Threads besides the one that calls.
fn helpers() -> usize {
    if !THREADS {
        return 0;
    }
    // In the browser the pool holds the helpers only; elsewhere it has as many threads as the machine.
    if cfg!(target_arch = "wasm32") { rayon::current_num_threads() } else { rayon::current_num_threads() - 1 }
}

/// Run `work`, whose loops ([`for_each`]) the helpers share.
pub fn with_team<R>(work: impl FnOnce() -> R) -> R {
    #[cfg(not(target_arch = "wasm32"))]
    if ALONE.get() {
        return work();
    }
    let helpers = helpers();
    if helpers == 0 || TEAM.with_borrow(Option::is_some) {
        return work();
    }
    /// Lets the helpers go, also when the work panics.
    struct End(Arc<Team>);
    impl Drop for End {
        fn drop(&mut self) {
            self.0.over.store(true, SeqCst);
            self.0.wake();
            TEAM.take();
        }
    }
    let team = Arc::new(Team::new(helpers));
    for number in 0..helpers {
        let team = team.clone();
        rayon::spawn(move || team.help(number));
    }
    TEAM.set(Some(team.clone()));
    let _end = End(team);
    work()
}

/// `work` of all parts of `all`, in their order, each of `most` or fewer. Where every thread gets one it has it alone, and the next
/// when it is through; else they come one after the other, with everybody's help where `work` asks for it. In WebAssembly always
/// the latter: the page's own thread must not wait for others.
pub fn shares<T: Sync, R: Send>(all: &[T], most: usize, work: impl Fn(&[T]) -> R + Sync) -> Vec<R> {
    #[cfg(not(target_arch = "wasm32"))]
    {
        use rayon::prelude::*;
        let threads = rayon::current_num_threads();
        if threads > 1 && all.len() >= most * threads && !ALONE.get() {
            // As many for each thread, and about as large.
            let parts = threads * all.len().div_ceil(most * threads);
            let alone = |part: usize| {
                let before = ALONE.replace(true);
                let result = work(&all[part * all.len() / parts..(part + 1) * all.len() / parts]);
                ALONE.set(before);
                result
            };
            return (0..parts).into_par_iter().with_max_len(1).map(alone).collect();
        }
    }
    all.chunks(most).map(work).collect()
}

/// Do this beside whatever comes next, where there is a helper thread for it, and else now.
pub fn beside(work: impl FnOnce() + Send + 'static) {
    match helpers() {
        0 => work(),
        _ => rayon::spawn(work),
    }
}

/// Call `body` with every number below `length`, in any order and on any thread of the team. A loop inside a loop runs on
/// its own thread alone. A panic in a body on a helper ends the process; nothing in a body or in what runs between loops
/// may wait for rayon, whose threads are all here.
pub fn for_each(length: usize, body: impl Fn(usize) + Sync) {
    let team = if THREADS && length > 1 { TEAM.take() } else { None };
    match team {
        Some(team) => {
            team.lead(length, &body);
            TEAM.set(Some(team));
        }
        None => (0..length).for_each(body),
    }
}

/// A slice of which every thread writes its own part.
pub struct Shared<'a, T>(*mut T, usize, std::marker::PhantomData<&'a mut [T]>);

// SAFETY: the parts are handed out by `part`, whose caller promises that they don't overlap.
unsafe impl<T: Send> Sync for Shared<'_, T> {}

impl<'a, T> Shared<'a, T> {
    pub fn new(slice: &'a mut [T]) -> Self {
        Self(slice.as_mut_ptr(), slice.len(), std::marker::PhantomData)
    }

    /// The `len` elements from `start`.
    ///
    /// # Safety
    /// No two parts that are alive at a time may overlap.
    #[allow(clippy::mut_from_ref)]
    pub unsafe fn part(&self, start: usize, len: usize) -> &mut [T] {
        assert!(start <= self.1 && len <= self.1 - start);
        // SAFETY: within the slice, by the assertion; not aliased, by this function's contract.
        unsafe { std::slice::from_raw_parts_mut(self.0.add(start), len) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn helpers_that_sleep_are_woken() {
        if helpers() == 0 {
            return; // There is nobody to wake.
        }
        let leader = thread::current().id();
        let helped = AtomicUsize::new(0);
        with_team(|| {
            for _ in 0..5 {
                // Long enough to fall asleep, and then loops that one alone would take half a second for.
                thread::sleep(Duration::from_millis(20));
                for_each(50, |_| {
                    thread::sleep(Duration::from_millis(2));
                    helped.fetch_add(usize::from(thread::current().id() != leader), SeqCst);
                });
            }
        });
        assert!(helped.load(SeqCst) > 0);
    }

    #[test]
    fn parts_come_in_their_order() {
        let all: Vec<usize> = (0..103).collect();
        for most in [1, 20, 103, 1000] {
            let parts = shares(&all, most, |part| {
                let sum = AtomicUsize::new(0);
                // With helpers or alone.
                with_team(|| for_each(part.len(), |i| _ = sum.fetch_add(part[i], SeqCst)));
                assert_eq!(sum.load(SeqCst), part.iter().sum::<usize>());
                part.to_vec()
            });
            assert_eq!(parts.concat(), all, "{most}");
            assert!(parts.iter().all(|part| part.len() <= most), "{most}");
        }
        assert!(shares(&[0u8; 0], 1, <[u8]>::len).is_empty());
    }

    #[test]
    fn every_number_comes_once_in_each_of_many_loops() {
        with_team(|| {
            for length in (0..300).chain([1, 2, 1000]) {
                let counts: Vec<AtomicUsize> = (0..length).map(|_| AtomicUsize::new(0)).collect();
                for_each(length, |i| {
                    counts[i].fetch_add(1, SeqCst);
                });
                assert!(counts.iter().all(|count| count.load(SeqCst) == 1), "{length}");
            }
            let sum = AtomicUsize::new(0);
            for_each(20, |i| {
                for_each(i, |j| {
                    sum.fetch_add(j, SeqCst);
                });
            });
            assert_eq!(
                sum.load(SeqCst),
                (0..20).map(|i: usize| i * (i.max(1) - 1) / 2).sum::<usize>(),
                "loops in a loop"
            );
        });
    }
}
