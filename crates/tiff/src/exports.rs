//! What JavaScript calls, one file an instance: room for the file, decode, then where the pixels or the sentence are.
//! The memory is read and written from outside, so that nothing here is unsafe but that the names are global.
#![allow(unsafe_code, reason = "exported names")]

use std::cell::RefCell;

use crate::Rgba;

thread_local! {
    static FILE: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
    static ANSWER: RefCell<Rgba> = const { RefCell::new(Rgba { width: 0, height: 0, data: Vec::new() }) };
}

/// Room for a file of so many bytes; its address.
#[unsafe(no_mangle)]
pub extern "C" fn file(length: usize) -> *const u8 {
    FILE.with_borrow_mut(|file| {
        *file = vec![0; length];
        file.as_ptr()
    })
}

/// Decode the file. 1: the answer is pixels; 0: it is a sentence in UTF-8 on what is wrong.
#[unsafe(no_mangle)]
pub extern "C" fn decode() -> u32 {
    let decoded = crate::decode(FILE.take());
    let good = decoded.is_ok();
    ANSWER.set(decoded.unwrap_or_else(|sentence| Rgba { width: 0, height: 0, data: sentence.into_bytes() }));
    good.into()
}

#[unsafe(no_mangle)]
pub extern "C" fn answer() -> *const u8 {
    ANSWER.with_borrow(|answer| answer.data.as_ptr())
}

#[unsafe(no_mangle)]
pub extern "C" fn answer_length() -> usize {
    ANSWER.with_borrow(|answer| answer.data.len())
}

#[unsafe(no_mangle)]
pub extern "C" fn width() -> u32 {
    ANSWER.with_borrow(|answer| answer.width)
}

#[unsafe(no_mangle)]
pub extern "C" fn height() -> u32 {
    ANSWER.with_borrow(|answer| answer.height)
}
