//! The same picture, a burst, or merely alike: against other programs (`tests/tools/make_organise_duplicates.py`), and over made
//! pictures that were changed in many ways; natively and in the browser. docs/duplicates.md measures it on photographs.

#![allow(clippy::unwrap_used)]

mod candidates;
mod changes;
mod golden;
mod kinds;
mod looks;
mod made;
mod registration;
mod sets;
mod whole;
