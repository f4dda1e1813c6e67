//! The folder that a static host serves: which files are in it ([`files`]), what is made of the sources ([`scripts`],
//! [`page`], [`words`], [`compressed`]), and the list of files that its service worker goes by ([`version`]);
//! and the package for npm ([`package`]).

pub mod compressed;
pub mod esbuild;
pub mod files;
pub mod package;
pub mod page;
pub mod scripts;
pub mod version;
pub mod words;
