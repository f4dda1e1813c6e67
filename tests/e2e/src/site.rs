//! The site as a whole: on its hosts, and kept in the browser.

pub(crate) mod accessible;
pub(crate) mod hosting;
pub(crate) mod offline;
pub(crate) mod views;
