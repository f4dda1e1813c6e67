//! What a shell sees: a sentence on stderr, and 1.

// A test that cannot run the program has failed.
#![allow(clippy::unwrap_used)]

use std::process::Command;

#[test]
fn what_cannot_be_used_is_a_sentence_and_one() {
    let program = env!("CARGO_BIN_EXE_semblance");
    let output = Command::new(program).args(["finetune", "/no/such", "--model", "any"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "there is no folder /no/such\n");
}
