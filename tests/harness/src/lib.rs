//! What the tests in a browser are made with: the browser and its driver, what went wrong in it, axe-core, models of random numbers,
//! and what goes wrong on a network.

pub mod axe;
pub mod chrome;
pub mod faults;
pub mod memory;
pub mod random_model;
pub mod troubles;
pub mod webdriver;
