//! Preloaded into any program (`LD_PRELOAD`), it answers the instruction `cpuid` as a lesser machine would, so that libraries
//! which choose their code by it choose as they would there. `SEMBLANCE_LIKE` names the machine:
//!
//! ```text
//! avx2        neither AVX-512 nor AVX-VNNI nor AMX
//! vnni        no AMX
//! ```
//!
//! Linux makes the instruction fail where it is asked to (`arch_prctl`, `ARCH_CPUID`; processors with `cpuid_fault` in
//! /proc/cpuinfo), and the failure's handler answers. A process it cannot be done in ends with 9.

#![cfg(all(target_os = "linux", target_arch = "x86_64"))]
#![allow(unsafe_code, reason = "a signal handler, and what runs before `main`")]

use std::arch::x86_64::__cpuid_count;
use std::ffi::{c_int, c_void};
use std::sync::atomic::{AtomicBool, Ordering};

/// Of `arch_prctl` (Linux, arch/x86/include/uapi/asm/prctl.h).
const ARCH_CPUID: c_int = 0x1012;
/// The instruction's two bytes.
const CPUID: [u8; 2] = [0x0f, 0xa2];

/// Bits of leaf 7 (Intel's manual, volume 2A, CPUID): its sub-leaf 0 in `ebx`, `ecx` and `edx`, and sub-leaf 1 in `eax` and `edx`.
struct Leaf7 {
    ebx: u32,
    ecx: u32,
    edx: u32,
    eax_1: u32,
    edx_1: u32,
}

/// `amx-bf16`, `amx-tile`, `amx-int8`; `amx-fp16`; `amx-complex`.
const AMX: Leaf7 = Leaf7 { ebx: 0, ecx: 0, edx: 1 << 22 | 1 << 24 | 1 << 25, eax_1: 1 << 21, edx_1: 1 << 8 };

/// AVX-512 in all its parts; `avx-vnni`, `avx512-bf16`, `avx-ifma`; `avx-vnni-int8`, `avx-ne-convert`, `avx-vnni-int16`, AVX10.
const AVX_512_AND_VNNI: Leaf7 = Leaf7 {
    ebx: 1 << 16 | 1 << 17 | 1 << 21 | 1 << 26 | 1 << 27 | 1 << 28 | 1 << 30 | 1 << 31,
    ecx: 1 << 1 | 1 << 6 | 1 << 11 | 1 << 12 | 1 << 14,
    edx: 1 << 2 | 1 << 3 | 1 << 8 | 1 << 23,
    eax_1: 1 << 4 | 1 << 5 | 1 << 23,
    edx_1: 1 << 4 | 1 << 5 | 1 << 10 | 1 << 19,
};

static WITHOUT_AVX_512: AtomicBool = AtomicBool::new(false);

#[used]
#[unsafe(link_section = ".init_array")]
static START: extern "C" fn() = start;

extern "C" fn start() {
    // Without the name it does nothing.
    match std::env::var("SEMBLANCE_LIKE").as_deref() {
        Ok("avx2") => WITHOUT_AVX_512.store(true, Ordering::Relaxed),
        Ok("vnni") => {}
        Ok(other) => end(&format!("SEMBLANCE_LIKE={other} is neither avx2 nor vnni")),
        Err(_) => return,
    }
    // SAFETY: zeros are a sigaction without flags and without blocked signals.
    let mut action: libc::sigaction = unsafe { std::mem::zeroed() };
    action.sa_sigaction = answer as *const () as usize;
    action.sa_flags = libc::SA_SIGINFO | libc::SA_NODEFER;
    // SAFETY: the action is whole, and its handler takes what SA_SIGINFO hands over.
    let set = unsafe { libc::sigaction(libc::SIGSEGV, &action, std::ptr::null_mut()) };
    if set != 0 || !works(false) {
        end("this machine's cpuid cannot be answered for it (no cpuid_fault in /proc/cpuinfo)");
    }
}

fn end(why: &str) -> ! {
    eprintln!("{why}");
    std::process::exit(9);
}

/// Whether the instruction works in this thread, and in those that it starts.
fn works(it_does: bool) -> bool {
    // SAFETY: it changes no memory.
    unsafe { libc::syscall(libc::SYS_arch_prctl, ARCH_CPUID, u64::from(it_does)) == 0 }
}

/// It touches nothing but registers, and calls only the system.
extern "C" fn answer(_: c_int, _: *mut libc::siginfo_t, context: *mut c_void) {
    // SAFETY: with SA_SIGINFO the third argument is a ucontext_t that nobody else has.
    let registers = unsafe { &mut (*context.cast::<libc::ucontext_t>()).uc_mcontext.gregs };
    let mut register = |name: c_int| &raw mut registers[name as usize];
    let [rax, rbx, rcx, rdx, rip] =
        [libc::REG_RAX, libc::REG_RBX, libc::REG_RCX, libc::REG_RDX, libc::REG_RIP].map(&mut register);
    // SAFETY: the five are different places of the array; the bytes at rip are those of the instruction that failed.
    unsafe {
        if *(*rip as *const [u8; 2]) != CPUID {
            // A fault of the program's own: it fails again, and ends.
            libc::signal(libc::SIGSEGV, libc::SIG_DFL);
            return;
        }
        let (leaf, sub) = (*rax as u32, *rcx as u32);
        works(true);
        let mut found = __cpuid_count(leaf, sub);
        works(false);
        for (without, it_is) in [(AMX, true), (AVX_512_AND_VNNI, WITHOUT_AVX_512.load(Ordering::Relaxed))] {
            match (it_is, leaf, sub) {
                (true, 7, 0) => {
                    found.ebx &= !without.ebx;
                    found.ecx &= !without.ecx;
                    found.edx &= !without.edx;
                }
                (true, 7, 1) => {
                    found.eax &= !without.eax_1;
                    found.edx &= !without.edx_1;
                }
                _ => {}
            }
        }
        (*rax, *rbx, *rcx, *rdx) = (found.eax.into(), found.ebx.into(), found.ecx.into(), found.edx.into());
        *rip += CPUID.len() as i64;
    }
}
