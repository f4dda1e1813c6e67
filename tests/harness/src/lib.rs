//! What the tests in a browser are made with: the browser and its driver, models of random numbers, and what goes wrong
//! on a network.

pub mod chrome;
pub mod faults;
pub mod memory;
pub mod random_model;
pub mod webdriver;
