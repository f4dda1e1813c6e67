//! Whether there is AMX, and whether this process may use it: Linux wants to be asked first.

use std::arch::asm;
use std::arch::x86_64::__cpuid_count;
use std::sync::OnceLock;

/// Has this machine got it, and may this process use it? Linux must be asked; other systems are not.
pub fn is_here() -> bool {
    static HERE: OnceLock<bool> = OnceLock::new();
    *HERE.get_or_init(|| {
        // `amx-tile` and `amx-int8`: Intel's manual, volume 2A, CPUID, leaf 7.
        #[allow(unused_unsafe, reason = "safe in newer compilers")]
        // SAFETY: leaf 0 says whether there is a leaf 7, and it is there with AVX-512.
        let features = unsafe { __cpuid_count(7, 0) }.edx;
        let both = 1 << 24 | 1 << 25;
        features & both == both && permitted()
    })
}

#[cfg(target_os = "linux")]
fn permitted() -> bool {
    /// `arch_prctl`, and its `ARCH_REQ_XCOMP_PERM` of the state number 18, the tiles' (Linux, Documentation/arch/x86/xstate.rst).
    const ARCH_PRCTL: i64 = 158;
    const ARCH_REQ_XCOMP_PERM: i64 = 0x1023;
    const TILE_DATA: i64 = 18;
    let mut result = ARCH_PRCTL;
    // SAFETY: a system call that reads and writes no memory of this process; the two registers are what it overwrites.
    unsafe {
        asm!("syscall", inlateout("rax") result, in("rdi") ARCH_REQ_XCOMP_PERM, in("rsi") TILE_DATA,
            lateout("rcx") _, lateout("r11") _, options(nostack));
    }
    result == 0
}

#[cfg(not(target_os = "linux"))]
fn permitted() -> bool {
    false
}
