//! The instruction sets that the kernels know outside the browser, and the one that they go by.
//!
//! It is the best one that the machine has. The environment variable [`VARIABLE`] names another, for comparisons.

#[cfg(target_arch = "x86_64")]
mod amx;

#[cfg(not(target_arch = "wasm32"))]
use std::sync::atomic::{AtomicU8, Ordering::Relaxed};

/// What a machine can do, from the least on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Isa {
    /// What every machine of the architecture can do: loops in plain Rust.
    Portable,
    /// x86-64: eight f32 and fused multiply-add; two products of bytes are added in 16 bits.
    Avx2,
    /// and dot products of four bytes.
    AvxVnni,
    /// x86-64: sixteen f32; two products of bytes are added in 16 bits.
    Avx512,
    /// and dot products of four bytes.
    Avx512Vnni,
    /// and tiles of 16 × 16 sums in registers of their own.
    Amx,
    /// aarch64: four f32; products of bytes are added in 16 bits.
    Neon,
    /// and dot products of four bytes.
    NeonDot,
    /// and products of 2 × 8 by 8 × 2 bytes.
    NeonI8mm,
}

impl Isa {
    /// All, from the least on.
    pub const ALL: [Self; 9] = [
        Self::Portable,
        Self::Avx2,
        Self::AvxVnni,
        Self::Avx512,
        Self::Avx512Vnni,
        Self::Amx,
        Self::Neon,
        Self::NeonDot,
        Self::NeonI8mm,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Portable => "portable",
            Self::Avx2 => "avx2",
            Self::AvxVnni => "avx-vnni",
            Self::Avx512 => "avx512",
            Self::Avx512Vnni => "avx512-vnni",
            Self::Amx => "amx",
            Self::Neon => "neon",
            Self::NeonDot => "neon-dot",
            Self::NeonI8mm => "neon-i8mm",
        }
    }

    /// Has this machine got it?
    pub fn is_here(self) -> bool {
        #[cfg(target_arch = "x86_64")]
        {
            let avx2 = is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma");
            let avx512 = avx2
                && is_x86_feature_detected!("avx512f")
                && is_x86_feature_detected!("avx512bw")
                && is_x86_feature_detected!("avx512dq")
                && is_x86_feature_detected!("avx512vl");
            match self {
                Self::Portable => true,
                Self::Avx2 => avx2,
                Self::AvxVnni => avx2 && is_x86_feature_detected!("avxvnni"),
                Self::Avx512 => avx512,
                Self::Avx512Vnni => avx512 && is_x86_feature_detected!("avx512vnni"),
                Self::Amx => Self::Avx512Vnni.is_here() && amx::is_here(),
                Self::Neon | Self::NeonDot | Self::NeonI8mm => false,
            }
        }
        #[cfg(target_arch = "aarch64")]
        {
            use std::arch::is_aarch64_feature_detected;
            match self {
                Self::Portable | Self::Neon => true,
                Self::NeonDot => is_aarch64_feature_detected!("dotprod"),
                Self::NeonI8mm => is_aarch64_feature_detected!("i8mm"),
                Self::Avx2 | Self::AvxVnni | Self::Avx512 | Self::Avx512Vnni | Self::Amx => false,
            }
        }
        #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
        {
            self == Self::Portable
        }
    }
}

/// Names the instruction set to go by, if the machine has it.
#[cfg(not(target_arch = "wasm32"))]
pub const VARIABLE: &str = "SEMBLANCE_KERNEL";

/// The chosen one's place in [`Isa::ALL`]; at first none.
#[cfg(not(target_arch = "wasm32"))]
static CHOSEN: AtomicU8 = AtomicU8::new(u8::MAX);

/// Go by this one from now on. False: this machine has not got it, and nothing changes.
#[cfg(not(target_arch = "wasm32"))]
pub fn choose(isa: Isa) -> bool {
    let here = isa.is_here();
    if here {
        CHOSEN.store(isa as u8, Relaxed);
    }
    here
}

/// What the kernels go by.
#[cfg(not(target_arch = "wasm32"))]
#[inline(always)]
pub fn chosen() -> Isa {
    match Isa::ALL.get(usize::from(CHOSEN.load(Relaxed))) {
        Some(isa) => *isa,
        None => first(),
    }
}

#[cfg(not(target_arch = "wasm32"))]
#[cold]
fn first() -> Isa {
    let wished = std::env::var(VARIABLE).ok();
    let here = || Isa::ALL.into_iter().filter(|isa| isa.is_here());
    let isa = here().find(|isa| wished.as_deref() == Some(isa.name())).or_else(|| here().next_back());
    let isa = isa.unwrap_or(Isa::Portable);
    choose(isa);
    isa
}

/// Run `work`, compiled for the widest vectors of the chosen instruction set. The results are the same to the last bit: the
/// compiler fuses and reorders nothing.
#[inline(always)]
pub fn wide<R>(work: impl FnOnce() -> R) -> R {
    #[cfg(target_arch = "x86_64")]
    match chosen() {
        // SAFETY: only what the machine has is chosen.
        Isa::Avx512 | Isa::Avx512Vnni | Isa::Amx => return unsafe { with_avx512(work) },
        // SAFETY: as above.
        Isa::Avx2 | Isa::AvxVnni => return unsafe { with_avx2(work) },
        _ => {}
    }
    work()
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl")]
fn with_avx512<R>(work: impl FnOnce() -> R) -> R {
    work()
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn with_avx2<R>(work: impl FnOnce() -> R) -> R {
    work()
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn each_has_its_own_place_and_name() {
        for (place, isa) in Isa::ALL.into_iter().enumerate() {
            assert_eq!(isa as usize, place);
            assert_eq!(Isa::ALL.iter().filter(|other| other.name() == isa.name()).count(), 1);
        }
    }

    #[test]
    #[cfg(not(target_arch = "wasm32"))]
    fn only_what_the_machine_has_is_chosen() {
        assert!(chosen().is_here());
        for isa in Isa::ALL.into_iter().filter(|isa| !isa.is_here()) {
            let before = chosen();
            assert!(!choose(isa));
            assert_eq!(chosen(), before);
        }
    }
}
