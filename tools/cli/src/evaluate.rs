//! `semblance evaluate`: how good models are on pictures whose classes are known, in one command that can be stopped at any point
//! and goes on where it was.
//!
//! | module | what it does |
//! |---|---|
//! | [`command`] | the command line's words, and the whole |
//! | [`settings`] | all that a table depends on, in `settings.json` |
//! | [`collection`], [`labels`] | the pictures and their classes, and what the classes are called |
//! | [`store`] | vectors as they come, in a file of checked records |
//! | [`eyes`] | models that look at pictures: CLIPs, and ResNets to compare with |
//! | [`resnet`] | torchvision's ResNets, and how they see pictures |
//! | [`systems`] | each model × template, head or baseline, and its logits |
//! | [`run`] | all pictures through all models, all systems over what came out |
//! | [`table`], [`predictions`] | what is written of it |

pub mod collection;
pub mod command;
pub mod eyes;
pub mod labels;
pub mod predictions;
pub mod resnet;
pub mod run;
pub mod settings;
pub mod store;
pub mod systems;
pub mod table;
