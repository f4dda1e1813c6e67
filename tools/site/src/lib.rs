//! The folder that a static host serves: which files are in it ([`files`]), and the list of them that its service worker
//! goes by ([`version`]).

pub mod files;
pub mod version;
